#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""ecn.py KEY: RFC 6040 in tunnel mode, both ways, each family in each. In: b
forges ESP for a with all sixteen pairs of marks outside and inside, for an
inbound SA of a's on each device that outside.sh has made, keyed by the file
KEY. Out: a sends each mark with two DSCPs, and it is seen on b's link."""
import os
import select
import socket
import struct
import sys

from forge import ipv4, ipv6, seal, tail
from netlink import enter

NOT, ECT1, ECT0, CE = range(4)
LOST = None
# section 4.2, figure 4: inside by the row, outside by the column
DECAP = {NOT: {NOT: NOT, ECT0: NOT, ECT1: NOT, CE: LOST},
         ECT0: {NOT: ECT0, ECT0: ECT0, ECT1: ECT1, CE: CE},
         ECT1: {NOT: ECT1, ECT0: ECT1, ECT1: ECT1, CE: CE},
         CE: {NOT: CE, ECT0: CE, ECT1: CE, CE: CE}}
DSCP = 0xB8
OUTER = {4: ("192.0.2.1", 0x3011), 6: ("2001:db8::1", 0x3013)}
FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}
TOS = {4: (socket.IPPROTO_IP, socket.IP_TOS),
       6: (socket.IPPROTO_IPV6, socket.IPV6_TCLASS)}
RECVTOS = {4: (socket.IPPROTO_IP, 13),
           6: (socket.IPPROTO_IPV6, socket.IPV6_RECVTCLASS)}
PORT, ESP = 7000, 50


def inside(host, outer, family):
    """An inner address; each outer family has a device of its own."""
    return f"10.0.{outer}.{host}" if family == 4 else f"fd00:{outer}::{host}"


def namespace(name):
    return os.open(f"/run/netns/{name}", os.O_RDONLY)


def opened(fd, *kind):
    enter(fd)
    return socket.socket(*kind)


def datagram(family, source, dest, tos, payload):
    """With a sum over it in IPv6, which has to have one."""
    header = struct.pack("!HHHH", PORT, PORT, 8 + len(payload), 0)
    if family == 4:
        return ipv4(header + payload, source, dest, tos=tos)
    pseudo = (socket.inet_pton(socket.AF_INET6, source) +
              socket.inet_pton(socket.AF_INET6, dest) +
              struct.pack("!II", 8 + len(payload), 17))
    data = pseudo + header + payload
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    header = header[:6] + struct.pack("!H", ~total & 0xFFFF or 0xFFFF)
    return ipv6(header + payload, source, dest,
                first=0x60000000 | tos << 20)


def received(sock, payload):
    """The mark of this one, LOST if the one that tells of the end comes
    first."""
    while select.select([sock], [], [], 10)[0]:
        data, notes, _, _ = sock.recvmsg(100, 100)
        if data == b"next":
            return LOST
        if data == payload:
            return notes[0][2][0]
    raise TimeoutError("not even what should come came")


def into(a, b, key, outer, family):
    """The sixteen pairs."""
    dest, spi = OUTER[outer]
    esp = opened(b, FAMILY[outer], socket.SOCK_RAW, ESP)
    inbox = opened(a, FAMILY[family], socket.SOCK_DGRAM)
    inbox.setsockopt(*RECVTOS[family], 1)
    inbox.bind((inside(1, outer, family), PORT))
    number = 1000 * family

    def send(mark, tos, payload):
        nonlocal number
        number += 1
        packet = datagram(family, inside(2, outer, family),
                          inside(1, outer, family), tos, payload)
        esp.setsockopt(*TOS[outer], mark)
        esp.sendto(seal(key, spi, number,
                        tail(packet, 4 if family == 4 else 41)), (dest, 0))

    for inner, row in DECAP.items():
        for mark, want in row.items():
            payload = struct.pack("=HBB", number, inner, mark)
            send(0x50 | mark, DSCP | inner, payload)
            send(NOT, NOT, b"next")
            got = received(inbox, payload)
            if want is not LOST:
                want |= DSCP
            if got != want:
                yield (f"in, {family} over {outer}: {inner} marked {mark} "
                       f"is {got}, not {want}")
            elif got is not LOST:
                received(inbox, b"")


def outer_tos(wire, outer):
    while select.select([wire], [], [], 10)[0]:
        frame, source = wire.recvfrom(2048)
        frame = frame[14:]
        if source[2] == socket.PACKET_OUTGOING:
            continue
        if outer == 4 and frame[0] == 0x45 and frame[9] == ESP:
            return frame[1]
        if outer == 6 and frame[0] >> 4 == 6 and frame[6] == ESP:
            return struct.unpack_from("!H", frame)[0] >> 4 & 255
    raise TimeoutError("nothing came out")


def out(a, b, outer, family):
    wire = opened(b, socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    wire.bind(("wan", 0))
    sender = opened(a, FAMILY[family], socket.SOCK_DGRAM)
    for mark in (NOT, ECT1, ECT0, CE):
        for dscp in (0, DSCP):
            sender.setsockopt(*TOS[family], dscp | mark)
            # b's socket takes none, and says so: the way there alone counts
            sender.sendto(b"x", (inside(2, outer, family), PORT))
            tos = outer_tos(wire, outer)
            if tos != dscp | mark:
                yield f"out, {family} over {outer}: {dscp | mark} is {tos}"
            while select.select([wire], [], [], 0.1)[0]:
                wire.recv(2048)


def main():
    with open(sys.argv[1], encoding="ascii") as f:
        key = bytes.fromhex(f.read().strip()[2:])
    a, b = namespace("a"), namespace("b")
    wrong = []
    for outer in (4, 6):
        for family in (4, 6):
            wrong += into(a, b, key, outer, family)
            wrong += out(a, b, outer, family)
    print(*wrong, sep="\n")
    print(4 * (16 + 8), "cases,", len(wrong), "failed")
    sys.exit(len(wrong) > 0)


main()
