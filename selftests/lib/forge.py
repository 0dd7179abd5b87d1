#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""forge.py SRC DST SPI KEY SEQ CASE: ESP packets whose ICV is right and whose
content is wrong in every way of a kind, numbered from SEQ on. KEY is a file
with 0x and the digits of an AES-GCM key with its salt. Prints how many packets
were sent. The outer addresses are IPv4, the protected ones 10.0.0.2 and .1, or
fd00::2 and ::1. Needs nothing but the kernel's crypto."""
import os
import socket
import struct
import sys

ICV = 16


def seal(key, spi, seq, plain):
    """RFC 4106, by the kernel's own hand (AF_ALG)."""
    with socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET) as alg:
        alg.bind(("aead", "rfc4106(gcm(aes))"))
        alg.setsockopt(socket.SOL_ALG, socket.ALG_SET_KEY, key)
        alg.setsockopt(socket.SOL_ALG, socket.ALG_SET_AEAD_AUTHSIZE, None,
                       ICV)
        iv = struct.pack("!Q", seq)
        header = struct.pack("!II", spi, seq & 0xFFFFFFFF) + iv
        op, _ = alg.accept()
        with op:
            op.sendmsg_afalg([header + plain], op=socket.ALG_OP_ENCRYPT,
                             iv=iv, assoclen=len(header))
            return op.recv(len(header) + len(plain) + ICV)


def tail(payload, following, pad=None, length=None):
    """RFC 4303 section 2.4: padding, pad length, next header."""
    if pad is None:
        pad = bytes(range(1, 1 + -(len(payload) + 2) % 4))
    if length is None:
        length = len(pad)
    return payload + pad + bytes([length, following])


def checksum(header):
    total = sum(struct.unpack("!%dH" % (len(header) // 2), header))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ipv4(payload=b"x" * 24, source="10.0.0.2", dest="10.0.0.1", **change):
    field = {"first": 0x45, "tos": 0, "length": 20 + len(payload),
             "frag": 0, "protocol": 17}
    field.update(change)
    header = struct.pack("!BBHHHBBH4s4s", field["first"], field["tos"],
                         field["length"], 0, field["frag"], 64,
                         field["protocol"], 0, socket.inet_aton(source),
                         socket.inet_aton(dest))
    return (header[:10] + struct.pack("!H", checksum(header)) + header[12:] +
            payload)


def ipv6(payload=b"x" * 24, source="fd00::2", dest="fd00::1", **change):
    field = {"first": 0x60000000, "length": len(payload), "following": 17}
    field.update(change)
    return struct.pack("!IHBB16s16s", field["first"], field["length"],
                       field["following"], 64,
                       socket.inet_pton(socket.AF_INET6, source),
                       socket.inet_pton(socket.AF_INET6, dest)) + payload


def udp(sport=7, dport=9):
    return struct.pack("!HHHH", sport, dport, 24, 0) + b"x" * 16


def good():
    for length in range(8, 40):
        yield tail(ipv4(b"x" * length), 4)
        yield tail(ipv6(b"x" * length), 41)
    # nearly as much padding as a pad length can tell of
    yield tail(ipv4(), 4, bytes(i & 255 for i in range(1, 255)))
    # behind the packet, before the padding (RFC 4303 section 2.7)
    yield tail(ipv4() + bytes(100), 4)


def padding():
    packet = ipv4(b"x" * 20)
    for length in (2, 6, 10, 254):
        for wrong in range(min(length, 12)):
            pad = bytearray(range(1, length + 1))
            pad[wrong] ^= 0x80
            yield tail(packet, 4, bytes(pad))
    for length in range(len(packet) + 2 + 1, 256):
        yield tail(packet, 4, b"\1\2", length)
    yield b"\1\2" + bytes([255, 4])


def following():
    for number in set(range(256)) - {4, 41, 59}:
        yield tail(ipv4(), number)
    yield tail(ipv6(), 4)
    yield tail(ipv4(), 41)
    yield tail(b"", 4)
    yield tail(b"", 41)
    for version in set(range(16)) - {4, 6}:
        yield tail(ipv4(first=version << 4 | 5), 4)
        yield tail(ipv4(first=version << 4 | 5), 41)


def malformed():
    for hlen in range(5):
        yield tail(ipv4(first=0x40 | hlen), 4)
    yield tail(ipv4(first=0x4F), 4)
    for length in (0, 19, 20 + 25, 1000, 65535):
        yield tail(ipv4(length=length), 4)
    for short in range(1, 20):
        yield tail(ipv4()[:short], 4)
    for short in range(1, 40):
        yield tail(ipv6()[:short], 41)
    for length in (0, 25, 1000, 65535):
        yield tail(ipv6(length=length), 41)
    # extension headers that lead out of the packet
    for number in (0, 43, 60, 51):
        yield tail(ipv6(bytes([17, 255]) + bytes(22), following=number), 41)
    # IPv4 in the disguise of IPv6 could fit a selector of IPv4
    yield tail(ipv6(source="::ffff:10.0.0.2", dest="::ffff:10.0.0.1"), 41)


def selectors():
    for source, dest in (("10.0.1.2", "10.0.0.1"), ("10.0.0.2", "10.0.1.1"),
                         ("9.255.255.255", "10.0.0.1"),
                         ("0.0.0.0", "10.0.0.1"),
                         ("10.0.0.2", "255.255.255.255"),
                         ("10.0.0.2", "127.0.0.1")):
        yield tail(ipv4(source=source, dest=dest), 4)
    for source, dest in (("fd00::1:2", "fd00::1"), ("fd00::2", "fd00::1:1"),
                         ("fe80::2", "ff02::1"), ("::", "fd00::1"),
                         ("::1", "::1")):
        yield tail(ipv6(source=source, dest=dest), 41)


def ports():
    """For an SA of UDP from port 7 to port 9 alone."""
    yield tail(ipv4(udp(dport=10)), 4)
    yield tail(ipv4(udp(sport=8)), 4)
    yield tail(ipv4(udp(), protocol=6), 4)
    yield tail(ipv4(udp(), protocol=1), 4)
    yield tail(ipv4(udp()[:3], length=23), 4)
    # a fragment that is not the first one has no ports
    yield tail(ipv4(udp(), frag=1), 4)
    yield tail(ipv6(udp(dport=10)), 41)
    yield tail(ipv6(bytes([17, 0]) + bytes(6) + udp(dport=10), following=60),
               41)


def right_ports():
    yield tail(ipv4(udp()), 4)
    yield tail(ipv6(udp()), 41)
    yield tail(ipv6(bytes([17, 0]) + bytes(6) + udp(), following=60), 41)


def dummy():
    yield tail(b"", 59)
    yield tail(os.urandom(100), 59)


def congestion():
    """Inside not capable of ECN; send() marks the outside."""
    yield tail(ipv4(tos=0), 4)
    yield tail(ipv6(), 41)


def send(sock, source, dest, esp, tos):
    packet = ipv4(esp, source, dest, protocol=50, tos=tos)
    sock.sendto(packet, (dest, 0))


CASES = {"good": good, "padding": padding, "next-header": following,
         "decap-malformed": malformed, "selector-mismatch": selectors,
         "ports": ports, "right-ports": right_ports, "dummy": dummy,
         "ecn": congestion}


def main():
    source, dest, spi, keyfile, seq, case = sys.argv[1:]
    with open(keyfile, encoding="ascii") as f:
        key = bytes.fromhex(f.read().strip()[2:])
    sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    sent = 0
    for plain in CASES[case]():
        esp = seal(key, int(spi, 0), int(seq, 0) + sent, plain)
        send(sock, source, dest, esp, 3 if case == "ecn" else 0)
        sent += 1
    print(sent)


if __name__ == "__main__":
    main()
