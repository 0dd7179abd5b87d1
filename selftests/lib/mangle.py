#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mangle.py catch DEVICE FILE | send DEVICE FILE HOW: one ESP packet over
IPv4, caught on the wire, is sent again, whole or spoilt in every way of a
kind. Prints how many packets were sent."""
import socket
import struct
import sys

ETH, IP = 14, 20
ESP_MIN = 8 + 8 + 4 + 16  # header, IV, a block, ICV


def checksum(header):
    total = sum(struct.unpack("!10H", header))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def frame_of(frame, esp):
    """The frame's headers around another ESP packet."""
    ip = bytearray(frame[ETH:ETH + IP])
    struct.pack_into("!H", ip, 2, IP + len(esp))
    struct.pack_into("!H", ip, 10, 0)
    struct.pack_into("!H", ip, 10, checksum(bytes(ip)))
    return frame[:ETH] + bytes(ip) + esp


def number(esp, seq):
    return esp[:4] + struct.pack("!I", seq) + esp[8:]


def flips(esp):
    """Each bit behind the SPI, under a number not seen before."""
    fresh = number(esp, 1 << 20)
    for bit in range(8 * 8, 8 * len(fresh)):
        out = bytearray(fresh)
        out[bit // 8] ^= 1 << bit % 8
        yield bytes(out)


def truncated(esp):
    fresh = number(esp, 1 << 20)
    for length in range(8, len(fresh)):
        yield fresh[:length]


HOW = {
    "replay": lambda esp: [esp] * 10,
    "old": lambda esp: [number(esp, 0)] * 3,
    "flips": flips,
    "short": lambda esp: (e for e in truncated(esp)
                          if len(e) < ESP_MIN or len(e) % 4),
    "cut": lambda esp: (e for e in truncated(esp)
                        if len(e) >= ESP_MIN and len(e) % 4 == 0),
}

sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
sock.bind((sys.argv[2], 0))
if sys.argv[1] == "catch":
    sock.settimeout(20)
    while True:
        caught = sock.recv(4096)
        if caught[12:14] == b"\x08\x00" and caught[ETH + 9] == 50:
            break
    with open(sys.argv[3], "wb") as f:
        f.write(caught)
else:
    with open(sys.argv[3], "rb") as f:
        whole = f.read()
    sent = 0
    for spoilt in HOW[sys.argv[4]](whole[ETH + IP:]):
        sock.send(frame_of(whole, spoilt))
        sent += 1
    print(sent)
