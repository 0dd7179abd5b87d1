#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""flood.py PREFIX NETS PACKETS SIZE: so many datagrams of that size to each of
PREFIX.1.1, PREFIX.2.1, ..."""
import socket
import sys

prefix, nets, packets, size = sys.argv[1], *map(int, sys.argv[2:])
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
# Held packets count as being sent.
SO_SNDBUFFORCE = 32
sock.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, 1 << 28)
for net in range(1, nets + 1):
    for _ in range(packets):
        sock.sendto(bytes(size), (f"{prefix}.{net}.1", 9))
