#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""socket_ends.py SPEC: attach a socket, take UDP_ENCAP away from it, close it;
another one is attached twice, which is refused."""
import socket
import sys

from netlink import Family, Refused, load_spec

UDP_ENCAP = 100


def bound():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("0.0.0.0", 0))
    return sock


family = Family(load_spec(sys.argv[1]))
with bound() as first, bound() as second:
    for sock in (first, second):
        family.do("socket-attach", {"fd": sock.fileno()})
        sock.setsockopt(socket.IPPROTO_UDP, UDP_ENCAP, 0)
    try:
        family.do("socket-attach", {"fd": second.fileno()})
        sys.exit("a socket was attached twice")
    except Refused as error:
        print(error)
