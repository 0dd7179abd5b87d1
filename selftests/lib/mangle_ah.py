#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mangle_ah.py clear SOURCE DEST HOW N: UDP datagrams to port 7000 with IPv4
options or IPv6 extension headers, HOW being plain, options, extensions or
route. hear ADDRESS N: print how many such datagrams have come, N at most.
catch DEVICE FILE: one AH packet as it is on the wire. send DEVICE FILE HOW: send
it again, whole or spoilt in every way of a kind; prints how many were sent."""
import socket
import struct
import sys

ETH = 14
# router alert, no operation, record route; its third byte says where to write
OPTIONS = bytes.fromhex("94040000" "01" "070b04" + "00" * 8)
# a loose route that goes on from where the packet is sent
ROUTE = bytes.fromhex("01" "830704")
# one option that does not change on the way and one that may; PadN before
HOP = bytes.fromhex("0001" "0102" "0000" "1e02" "aabb" "3e04" "ccddeeff")
DEST = bytes.fromhex("0000" "1e01" "aa" "3e01" "cc")


def checksum(header):
    total = sum(struct.unpack("!%dH" % (len(header) // 2), header))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Packet:
    """What is known of a caught frame: where is what."""

    def __init__(self, frame):
        self.frame = frame
        self.v4 = frame[12:14] == b"\x08\x00"
        if self.v4:
            self.ah = ETH + (frame[ETH] & 15) * 4
            return
        following, self.ah = frame[ETH + 6], ETH + 40
        while following in (0, 43, 60):
            following = frame[self.ah]
            self.ah += 8 + frame[self.ah + 1] * 8
        if following != 51:
            self.ah = None

    def whole(self, frame):
        """Its lengths and checksum set right."""
        out = bytearray(frame)
        if self.v4:
            struct.pack_into("!H", out, ETH + 2, len(out) - ETH)
            struct.pack_into("!H", out, ETH + 10, 0)
            struct.pack_into("!H", out, ETH + 10,
                             checksum(bytes(out[ETH:self.ah])))
        else:
            struct.pack_into("!H", out, ETH + 4, len(out) - ETH - 40)
        return bytes(out)

    def flip(self, bits):
        for bit in bits:
            out = bytearray(self.frame)
            out[bit // 8] ^= 1 << bit % 8
            yield self.whole(out)

    def find(self, what):
        """All bits of a run of bytes in the outer headers, if it is there."""
        at = self.frame.find(what, ETH, self.ah)
        return [] if at < 0 else bits(at, at + len(what))

    def fixed(self):
        """What no router may change, and IP does not look at first."""
        if self.v4:
            yield from bits(ETH + 4, ETH + 6)
            if self.ah - ETH > 20:
                yield from bits(ETH + 22, ETH + 24)
        else:
            yield from self.find(bytes.fromhex("aabb"))
        ah, length = self.ah, (self.frame[self.ah + 1] + 2) * 4
        yield from bits(ah, ah + 1)
        yield from bits(ah + 2, ah + 4)
        yield from bits(ah + 8, ah + length)
        yield from bits(ah + length, len(self.frame))

    def source(self):
        """Some of the address, so that it is still one of a neighbour's."""
        return bits(ETH + 14, ETH + 15) if self.v4 else bits(ETH + 20, ETH + 22)

    def mutable(self):
        """What routers may change; congestion is not for all there is."""
        if self.v4:
            yield from [(ETH + 1) * 8 + bit for bit in range(2, 8)]
            yield (ETH + 6) * 8 + 6
            yield from bits(ETH + 8, ETH + 9)
            if self.ah - ETH > 20:
                yield from bits(self.ah - 8, self.ah - 4)
        else:
            yield from [ETH * 8 + bit for bit in range(4)]
            yield from [(ETH + 1) * 8 + bit for bit in (0, 1, 2, 3, 6, 7)]
            yield from bits(ETH + 2, ETH + 4)
            yield from bits(ETH + 7, ETH + 8)
            yield from self.find(bytes.fromhex("ccddeeff"))

    def cut(self, least, most):
        for length in range(max(least, 0), most):
            yield self.whole(self.frame[:self.ah + length])

    def ah_length(self):
        return (self.frame[self.ah + 1] + 2) * 4

    def how(self, name):
        full = len(self.frame) - self.ah
        if name == "same":
            return [self.whole(self.frame)] * 10
        if name == "fixed":
            return self.flip(self.fixed())
        if name == "source":
            return self.flip(self.source())
        if name == "mutable":
            return self.flip(self.mutable())
        if name == "length":
            return self.flip(bits(self.ah + 1, self.ah + 2))
        if name == "short":
            return self.cut(12, self.ah_length())
        if name == "cut":
            return self.cut(self.ah_length(), full)
        raise ValueError(name)


def bits(start, end):
    return list(range(start * 8, end * 8))


def clear(source, dest, how, count):
    v6 = ":" in dest
    with socket.socket(socket.AF_INET6 if v6 else socket.AF_INET,
                       socket.SOCK_DGRAM) as sock:
        sock.bind((source, 0))
        if how == "options":
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_OPTIONS, OPTIONS)
        elif how == "route":
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_OPTIONS,
                            ROUTE + socket.inet_aton(dest))
            dest = "198.51.100.9"
        elif how == "extensions":
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_HOPOPTS, HOP)
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_DSTOPTS, DEST)
        for _ in range(int(count)):
            sock.sendto(b"A datagram.", (dest, 7000))


def hear(address, most):
    count = 0
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET,
                       socket.SOCK_DGRAM) as sock:
        sock.bind((address, 7000))
        sock.settimeout(20)
        print("ready", flush=True)
        try:
            while count < most:
                count += sock.recv(100) == b"A datagram."
        except socket.timeout:
            pass
    print(count, flush=True)
    return count < most


def packet_socket(device):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    sock.bind((device, 0))
    return sock


def catch(device, name):
    sock = packet_socket(device)
    sock.settimeout(20)
    print("ready", flush=True)
    while True:
        frame, whence = sock.recvfrom(4096)
        if whence[2] != socket.PACKET_OUTGOING:
            continue
        if frame[12:14] == b"\x08\x00" and frame[ETH + 9] != 51:
            continue
        if frame[12:14] in (b"\x08\x00", b"\x86\xdd") and Packet(frame).ah:
            break
    with open(name, "wb") as f:
        f.write(frame)


def send(device, name, how):
    with open(name, "rb") as f:
        packet = Packet(f.read())
    sock = packet_socket(device)
    sent = 0
    for frame in packet.how(how):
        sock.send(frame)
        sent += 1
    print(sent)


def main():
    words = sys.argv[2:]
    if sys.argv[1] == "clear":
        clear(*words)
    elif sys.argv[1] == "hear":
        return hear(words[0], int(words[1]))
    elif sys.argv[1] == "catch":
        catch(*words)
    else:
        send(*words)
    return 0


sys.exit(main())
