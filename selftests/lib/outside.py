#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""outside.py DEVICE: what the command would not ask for is refused by the
kernel, too, and what comes with it is not done either."""
import socket
import sys

from netlink import Links, Refused

FWMARK, TTL, DSCP, DF = 1, 2, 3, 4
WRONG = ([(DSCP, bytes([n])) for n in range(64, 255)] +
         [(DF, bytes([n])) for n in range(3, 256)] +
         [(kind, b"") for kind in (FWMARK, TTL, DSCP, DF)] +
         [(FWMARK, bytes(3)), (FWMARK, bytes(2))])


def main():
    index = socket.if_nametoindex(sys.argv[1])
    links = Links()
    failed = 0
    for wrong in WRONG:
        right = (TTL, b"\xfe") if wrong[0] != TTL else (FWMARK, b"gone")
        try:
            links.set_data(index, [right, wrong])
        except Refused as refused:
            if str(refused):
                continue
        print("not refused, or without a word:", wrong)
        failed += 1
    print(len(WRONG), "values,", failed, "failed")
    sys.exit(failed != 0)


main()
