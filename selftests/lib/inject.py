#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""inject.py DEVICE CASE: packets of a kind straight into a device, as a packet
socket sends them. Prints how many."""
import socket
import struct
import sys


def ipv4(payload=bytes(8), **change):
    field = {"first": 0x45, "length": 20 + len(payload), "frag": 0}
    field.update(change)
    return struct.pack("!BBHHHBBH4s4s", field["first"], 0, field["length"], 0,
                       field["frag"], 64, 17, 0,
                       socket.inet_aton("10.0.0.1"),
                       socket.inet_aton("10.0.0.2")) + payload


def ipv6(payload=bytes(8), source="fd00::1", dest="fd00::2", **change):
    field = {"length": len(payload), "following": 17}
    field.update(change)
    return struct.pack("!IHBB16s16s", 0x60000000, field["length"],
                       field["following"], 64,
                       socket.inet_pton(socket.AF_INET6, source),
                       socket.inet_pton(socket.AF_INET6, dest)) + payload


CASES = {
    "good": [ipv4(), ipv4(bytes(100)), ipv6(), ipv6(bytes(100))],
    "inner-malformed": [
        *(ipv4()[:n] for n in (1, 4, 19)), *(ipv6()[:n] for n in (1, 20, 39)),
        *(ipv4(first=n << 4 | 5) for n in range(16) if n not in (4, 6)),
        *(ipv4(first=0x40 | n) for n in range(5)), ipv4(first=0x4F),
        *(ipv4(length=n) for n in (0, 19, 29, 65535)),
        *(ipv6(length=n) for n in (0, 9, 65535)),
        ipv6(bytes([17, 255]) + bytes(6), following=60),
        ipv6(source="::ffff:10.0.0.1", dest="::ffff:10.0.0.2")],
    # a kilobyte and a half that nobody may fragment
    "too-big": [ipv4(bytes(1470), frag=0x4000), ipv6(bytes(1450))],
}

sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM)
for packet in CASES[sys.argv[2]]:
    sock.sendto(packet, (sys.argv[1],
                         0x86DD if packet[0] >> 4 == 6 else 0x0800))
print(len(CASES[sys.argv[2]]))
