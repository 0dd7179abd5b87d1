#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""elsewhere.py DEVICE ADDRESS PORT: catch a datagram of ESP that leaves by
DEVICE, and send it again to ADDRESS from another PORT."""
import socket
import struct
import sys

ETH_P_IP, IP, UDP = 0x0800, 14, 34

device, address, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
with socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                   socket.htons(3)) as wire:
    wire.bind((device, 0))
    print("listening", flush=True)
    while True:
        frame = wire.recv(65536)
        if struct.unpack_from("!H", frame, 12)[0] != ETH_P_IP or \
                frame[IP + 9] != socket.IPPROTO_UDP or \
                frame[IP + 16:IP + 20] != socket.inet_aton(address) or \
                frame[UDP + 8:UDP + 12] == bytes(4):
            continue
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.bind(("0.0.0.0", port))
            udp.sendto(frame[UDP + 8:], (address, 4500))
        break
