#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""reorder.py FROM TO HOW: a capture's packets in another order: near (each
moved by less than 32 places), turned (the last first)."""
import random
import struct
import sys


def records(data):
    at = 24
    while at < len(data):
        size = struct.unpack_from("=I", data, at + 8)[0]
        yield data[at:at + 16 + size]
        at += 16 + size


ORDER = {
    "near": lambda r: [p for _, p in sorted(
        (i + random.Random(i).uniform(0, 31), p) for i, p in enumerate(r))],
    "turned": lambda r: r[::-1],
}

with open(sys.argv[1], "rb") as f:
    whole = f.read()
with open(sys.argv[2], "wb") as f:
    f.write(whole[:24] + b"".join(ORDER[sys.argv[3]](list(records(whole)))))
