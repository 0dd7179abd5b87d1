#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""packets.py SPEC SECONDS SEED [BATCH]: ESP packets for SAs of many kinds, which
a peer who has the keys, or anybody else, might send: mutated inside before they
are sealed, and outside. They come in by a TUN device, so that a packet is
through when write() returns. A model of RFC 4303 section 3.4 says what becomes
of each one; after each BATCH of them the counters have to agree, reason by
reason and SA by SA, so that nothing is lost untold. Packets of which other
layers may make anything are sent alone, and either never reach the module, then
somebody else has counted them, or die or live as the model says."""
import array
import collections
import ctypes
import ctypes.util
import fcntl
import hashlib
import hmac
import mmap
import os
import random
import socket
import struct
import sys
import time

from netlink import (Family, Links, address, attr, attrs, load_spec, system)

TUNSETIFF, IFF_TUN, IFF_NO_PI, IFF_VNET_HDR = 0x400454CA, 1, 0x1000, 0x4000
ROUND = 4000
GCM, CBC, NULL, SHA1, SHA256 = 20, 12, 11, 2, 12
US, PEER = {4: address("192.0.2.1"), 6: address("2001:db8::1")}, \
    {4: address("192.0.2.2"), 6: address("2001:db8::2")}
INNER = {4: address("10.0.0.1"), 6: address("fd00::1")}
OUTER = {4: address("10.0.0.2"), 6: address("fd00::2")}


class Broken(Exception):
    """Something that has to hold does not."""


class Coverage:
    """What of the module ran in this thread, where the kernel tells that; the
    receive path does, since it runs in write()."""

    INIT, ENABLE, WORDS = 0x80086301, 0x6364, 1 << 14

    def __init__(self):
        self.words, self.seen = None, set()
        try:
            fd = os.open("/sys/kernel/debug/kcov", os.O_RDWR)
        except OSError:
            return
        fcntl.ioctl(fd, self.INIT, self.WORDS)
        area = mmap.mmap(fd, 8 * self.WORDS)
        fcntl.ioctl(fd, self.ENABLE, 0)
        self.words = memoryview(area).cast("Q")

    def begin(self):
        if self.words:
            self.words[0] = 0

    def found(self):
        """Did one piece of code follow another for the first time?"""
        if not self.words:
            return False
        trace = self.words[1:self.words[0] + 1].tolist()
        new = set(zip(trace, trace[1:])) - self.seen
        self.seen |= new
        return bool(new)


class Crypto:
    """OpenSSL, as far as it is needed."""

    def __init__(self):
        name = ctypes.util.find_library("crypto")
        self.lib = lib = ctypes.CDLL(name)
        for function in ("EVP_CIPHER_CTX_new", "EVP_aes_128_gcm",
                         "EVP_aes_128_cbc"):
            getattr(lib, function).restype = ctypes.c_void_p
        self.ctx = ctypes.c_void_p(lib.EVP_CIPHER_CTX_new())
        self.gcm = ctypes.c_void_p(lib.EVP_aes_128_gcm())
        self.cbc = ctypes.c_void_p(lib.EVP_aes_128_cbc())
        self.n = ctypes.c_int()
        self.out = ctypes.create_string_buffer(1 << 17)

    def start(self, cipher, key, iv):
        if self.lib.EVP_EncryptInit_ex(self.ctx, cipher, None, key, iv) != 1:
            raise Broken("EVP_EncryptInit_ex")
        self.lib.EVP_CIPHER_CTX_set_padding(self.ctx, 0)

    def update(self, data, out):
        if self.lib.EVP_EncryptUpdate(self.ctx, out, ctypes.byref(self.n),
                                      data, len(data)) != 1:
            raise Broken("EVP_EncryptUpdate")
        return self.out.raw[:self.n.value] if out else b""

    def seal_gcm(self, key, nonce, aad, plain):
        self.start(self.gcm, key, nonce)
        self.update(aad, None)
        text = self.update(plain, self.out)
        self.lib.EVP_EncryptFinal_ex(self.ctx, self.out, ctypes.byref(self.n))
        tag = ctypes.create_string_buffer(16)
        self.lib.EVP_CIPHER_CTX_ctrl(self.ctx, 0x10, 16, tag)
        return text + tag.raw

    def seal_cbc(self, key, iv, plain):
        self.start(self.cbc, key, iv)
        return self.update(plain, self.out)


def with_ports(protocol):
    return protocol in (6, 17, 33, 132, 136)


def be16(data, at):
    return struct.unpack_from("!H", data, at)[0]


class Flow(collections.namedtuple("Flow", "length protocol remote local "
                                  "rport lport")):
    """What selectors look at; ports None where there are none."""


def ports(data, at, length, protocol):
    if not with_ports(protocol) or at + 4 > length:
        return None, None
    return struct.unpack_from("!HH", data, at)


def parse4(data):
    hlen = (data[0] & 15) * 4
    length = be16(data, 2)
    if hlen < 20 or not hlen <= length <= len(data):
        return None
    protocol = data[9]
    found = (None, None) if be16(data, 6) & 0x1FFF else \
        ports(data, hlen, length, protocol)
    return Flow(length, protocol, data[12:16], data[16:20], *found)


def parse6(data):
    mapped = bytes(10) + b"\xff\xff"
    if len(data) < 40 or not be16(data, 4):
        return None
    length = be16(data, 4) + 40
    if length > len(data) or mapped in (data[8:20], data[24:36]):
        return None
    protocol, at = data[6], 40
    for _ in range(13):
        if protocol not in (0, 43, 44, 51, 59, 60):
            break
        if protocol == 59 or _ == 12 or at + 2 > len(data):
            return None
        kind, protocol = protocol, data[at]
        if kind == 44:
            if at + 4 > len(data):
                return None
            if be16(data, at + 2) & 0xFFF8:
                if at + 8 > len(data) or at > length:
                    return None
                return Flow(length, protocol, data[8:24], data[24:40], None,
                            None)
            at += 8
        else:
            at += (data[at + 1] + 2) * 4 if kind == 51 else \
                (data[at + 1] + 1) * 8
    if at > length:
        return None
    return Flow(length, protocol, data[8:24], data[24:40],
                *ports(data, at, length, protocol))


def parse(data):
    if len(data) < 20:
        return None
    return {4: parse4, 6: parse6}.get(data[0] >> 4, lambda d: None)(data)


class SA:
    """An inbound SA, and a model of what it does."""

    def __init__(self, spi, **kind):
        self.spi = spi
        self.encr = self.integ = self.window = 0
        self.esn = self.udp = self.ports = self.narrow = False
        self.mode, self.version = 1, 4
        self.__dict__.update(kind)
        self.iv_len, self.block = {GCM: (8, 4), CBC: (16, 16),
                                   NULL: (0, 4)}[self.encr]
        self.top, self.seen = 0, set()
        self.count = collections.Counter()
        self.next = 1

    def keys(self, rnd):
        self.key = rnd.randbytes({GCM: 20, CBC: 16, NULL: 0}[self.encr])
        key_len, self.icv_len = {SHA1: (20, 12), SHA256: (32, 16),
                                 0: (0, 16)}[self.integ]
        self.auth = rnd.randbytes(key_len)

    def seal(self, crypto, seq, plain):
        """RFC 4303 section 2, of any plain text that is whole blocks."""
        head = struct.pack("!II", self.spi, seq & 0xFFFFFFFF)
        iv = hashlib.sha256(struct.pack("!Q", seq)).digest()[:self.iv_len]
        if self.encr == GCM:
            aad = struct.pack("!IQ", self.spi, seq) if self.esn else head
            return head + iv + crypto.seal_gcm(self.key[:16], self.key[16:] +
                                               iv, aad, plain)
        if self.encr == CBC:
            plain = crypto.seal_cbc(self.key, iv, plain)
        signed = head + iv + plain
        if self.esn:
            signed += struct.pack("!I", seq >> 32)
        digest = "sha1" if self.integ == SHA1 else "sha256"
        return head + iv + plain + hmac.digest(self.auth, signed,
                                               digest)[:self.icv_len]

    def infer(self, low):
        """RFC 4303 appendix A2.2."""
        if not self.esn:
            return low
        left = self.top - (self.window or 1024) + 1
        seq = left + (low - left) % (1 << 32)
        return max(seq, 0)

    def replay(self, seq):
        if not self.window:
            return None
        if not seq or seq <= self.top - self.window:
            return "replay-old"
        return "replay" if seq in self.seen else None

    def accept(self, seq):
        self.seen.add(seq)
        self.top = max(self.top, seq)

    def selected(self, flow):
        if not self.narrow:
            return True
        if len(flow.local) != 4 or flow.local[:3] != INNER[4][:3] or \
                flow.remote[:3] != INNER[4][:3]:
            return False
        if not self.ports:
            return True
        return flow.protocol == 17 and flow.lport == 9

    def unwrap(self, plain, packet):
        """From authentic plain text to a reason, or None and a length."""
        pad, following = plain[-2], plain[-1]
        end = len(plain) - 2 - pad
        if end < 0 or plain[end:-2] != bytes(range(1, 256))[:pad]:
            return "padding", 0
        if following == 59:
            return "dummy", 0
        data = plain[:end]
        if self.mode:
            if not data or (following, data[0] >> 4) not in ((4, 4), (41, 6)):
                return "next-header", 0
        else:
            data = packet.joined(following, data)
        flow = parse(data)
        if not flow:
            return "decap-malformed", 0
        if not self.selected(flow):
            return "selector-mismatch", 0
        tos = data[1] if data[0] >> 4 == 4 else data[1] >> 4
        if self.mode and packet.tos & 3 == 3 and not tos & 3:
            return "ecn", 0
        return None, flow.length

    def receive(self, packet, sealed):
        """What becomes of packet: None and a length, or a reason. sealed are
        the packet as it was sealed, its number and its plain text."""
        esp, fixed = packet.esp, 8 + self.iv_len + self.icv_len
        if packet.udp != self.udp:
            return "encap-mismatch", 0
        if not self.mode and (packet.source, packet.dest) != \
                (PEER[self.version], US[self.version]):
            return "selector-mismatch", 0
        if len(esp) < fixed + self.block or (len(esp) - fixed) % self.block \
                or packet.gso:
            return "esp-malformed", 0
        seq = self.infer(struct.unpack_from("!I", esp, 4)[0])
        reason = self.replay(seq)
        if reason:
            return reason, 0
        if not sealed or (esp, seq) != sealed[:2]:
            return "integrity", 0
        self.accept(seq)
        return self.unwrap(sealed[2], packet)


def kinds():
    spi = 0x1001
    for kind in (
            {"encr": GCM, "window": 64},
            {"encr": GCM, "window": 1024, "esn": True, "narrow": True},
            {"encr": CBC, "integ": SHA256, "window": 64, "udp": True,
             "narrow": True, "ports": True},
            {"encr": NULL, "integ": SHA1, "window": 128, "esn": True},
            {"encr": GCM, "window": 64, "mode": 0},
            {"encr": CBC, "integ": SHA1, "window": 0, "mode": 0, "udp": True},
            {"encr": GCM, "window": 8192, "version": 6, "esn": True},
            {"encr": CBC, "integ": SHA256, "window": 64, "version": 6,
             "esn": True, "mode": 0},
            {"encr": GCM, "window": 64, "version": 6, "udp": True}):
        yield SA(spi, **kind)
        spi += 1


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(array.array("H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return struct.pack("=H", ~total & 0xFFFF)


def ipv4(source, dest, protocol, payload, tos=0, frag=0, options=b"", ident=0,
         ttl=64):
    hlen = 20 + len(options)
    head = struct.pack("!BBHHHBBH4s4s", 0x40 | hlen // 4, tos,
                       hlen + len(payload), ident, frag, ttl, protocol, 0,
                       source, dest) + options
    return head[:10] + checksum(head) + head[12:] + payload


def ipv6(source, dest, following, payload, tos=0):
    return struct.pack("!IHBB16s16s", 0x60000000 | tos << 20, len(payload),
                       following, 64, source, dest) + payload


class Packet:
    """Outside: the ESP part, and what is around it."""

    def __init__(self, sa, esp):
        self.esp, self.sa = esp, sa
        self.version = sa.version
        self.udp, self.tos = sa.udp, 0
        self.source, self.dest = PEER[sa.version], US[sa.version]
        self.options = b""
        self.sport, self.dport = 4500, 4500
        self.gso = False
        self.vnet = bytes(10)

    def inner_udp(self):
        if not self.udp:
            return 50, self.esp
        body = struct.pack("!HHHH", self.sport, self.dport,
                           8 + len(self.esp), 0) + self.esp
        if self.version == 6:
            pseudo = self.source + self.dest + struct.pack("!II", len(body),
                                                           17)
            total = checksum(pseudo + body)
            if total == b"\0\0":
                total = b"\xff\xff"
            body = body[:6] + total + body[8:]
        return 17, body

    def data(self):
        protocol, body = self.inner_udp()
        if self.version == 4:
            return ipv4(self.source, self.dest, protocol, body, self.tos,
                        options=self.options)
        if self.options:
            protocol, body = 60, bytes([protocol]) + self.options[1:] + body
        return ipv6(self.source, self.dest, protocol, body, self.tos)

    def joined(self, following, payload):
        """Transport mode: the outer header in front of what was inside."""
        if self.version == 4:
            return ipv4(self.source, self.dest, following, payload, self.tos,
                        options=self.options)
        if self.options:
            return ipv6(self.source, self.dest, 60,
                        bytes([following]) + self.options[1:] + payload,
                        self.tos)
        return ipv6(self.source, self.dest, following, payload, self.tos)


class Maker:
    """Packets at random."""

    def __init__(self, rnd, crypto, sas):
        self.rnd, self.crypto, self.sas = rnd, crypto, sas
        self.old = collections.deque(maxlen=200)
        self.last, self.corpus = None, collections.defaultdict(list)

    def keep(self):
        """The last clear packet led somewhere new."""
        self.corpus[self.last[0]].append(self.last[1:])

    def upper(self):
        """An upper layer's packet, and its protocol."""
        rnd = self.rnd
        body = rnd.randbytes(rnd.choice((0, 1, 8, 20, 60, 600, 1300)))
        kind = rnd.randrange(5)
        if kind == 0:
            return 17, struct.pack("!HHHH", 7, rnd.choice((9, 9, 9, 10)),
                                   8 + len(body), 0) + body
        if kind == 1:
            return 6, struct.pack("!HHIIHHHH", 7, 9, 1, 1, 0x5010, 99, 0,
                                  0) + body
        if kind == 2:
            return 1, b"\x08\0\0\0" + body
        if kind == 3:
            return rnd.randrange(256), body
        return 17, struct.pack("!HHHH", 7, 9, 8 + len(body), 0) + body

    def clear(self, sa):
        rnd = self.rnd
        protocol, body = self.upper()
        if not sa.mode:
            return protocol, body
        tos = rnd.choice((0, 0, 1, 2, 3, 0xB8, 0xBA))
        if rnd.random() < (0.3 if not sa.narrow else 0.1):
            while rnd.random() < 0.3:
                following = rnd.choice((0, 43, 44, 51, 60))
                body = bytes([protocol, rnd.choice((0, 0, 0, 1, 4))]) + \
                    rnd.choice((bytes(6), rnd.randbytes(6))) + body
                protocol = following
            return 41, ipv6(OUTER[6], INNER[6], protocol, body, tos)
        frag = rnd.choice((0, 0, 0, 0, 0x2000, 1, 0x4000))
        options = bytes(4 * rnd.randrange(1, 11)) if rnd.random() < 0.1 else \
            b""
        return 4, ipv4(OUTER[4], INNER[4], protocol, body, tos, frag, options)

    def mutate(self, data):
        rnd = self.rnd
        data = bytearray(data)
        for _ in range(rnd.choice((1, 1, 2, 5))):
            choice = rnd.randrange(5)
            spot = rnd.randrange(len(data)) if data else 0
            if choice == 0:
                del data[spot:]
            elif choice == 1:
                data += rnd.randbytes(rnd.randrange(1, 30))
            elif data and choice == 2:
                data[spot] ^= 1 << rnd.randrange(8)
            elif data and choice == 3:
                data[min(spot, rnd.randrange(48)) % len(data)] = \
                    rnd.choice((0, 1, 4, 6, 17, 41, 43, 44, 50, 51, 59, 60,
                                127, 128, 255))
            else:
                data[spot:spot] = rnd.randbytes(rnd.randrange(1, 9))
        return bytes(data)

    def plain(self, sa):
        """Padded, in whole blocks; often not as it should be."""
        rnd = self.rnd
        kept = self.corpus[sa.spi]
        following, data = rnd.choice(kept) if kept and rnd.random() < 0.3 \
            else self.clear(sa)
        if rnd.random() < 0.4:
            data = self.mutate(data)
        self.last = sa.spi, following, data
        if rnd.random() < 0.1:
            data += bytes(rnd.randrange(100))
        if rnd.random() < 0.1:
            following = rnd.choice((59, 4, 41, 50, rnd.randrange(256)))
        pad = -(len(data) + 2) % sa.block
        if rnd.random() < 0.1:
            pad += sa.block * rnd.randrange((254 - pad) // sa.block)
        end = data + bytes(range(1, 256))[:pad] + bytes([pad, following])
        if rnd.random() < 0.1:
            end = bytearray(end)
            end[rnd.randrange(max(0, len(end) - 2 - pad),
                              len(end))] ^= 1 << rnd.randrange(8)
            end = bytes(end)
        return end

    def sequence(self, sa):
        """The next number, or an old one, or one far ahead."""
        choice = self.rnd.random()
        if choice < 0.75:
            seq = sa.top + 1
        elif choice < 0.85:
            seq = sa.top + self.rnd.randrange(1, 200)
        elif choice < 0.97 or not sa.window:
            seq = sa.top - self.rnd.randrange(sa.window + 66)
        elif sa.esn:
            seq = sa.top + self.rnd.choice((1 << 30, (1 << 32) - 1, 1 << 32))
        else:
            seq = sa.top + self.rnd.randrange(10000)
        return min(max(seq, 0), (1 << 64) - 1 if sa.esn else (1 << 32) - 1)

    def packet(self):
        """A packet, and what was sealed."""
        rnd = self.rnd
        if self.old and rnd.random() < 0.05:
            return rnd.choice(self.old)
        sa = rnd.choice(self.sas)
        seq, plain = self.sequence(sa), self.plain(sa)
        esp = sa.seal(self.crypto, seq, plain)
        packet, sealed = Packet(sa, esp), (esp, seq, plain)
        packet.tos = rnd.choice((0, 0, 0, 1, 2, 3, 0xFF))
        if rnd.random() < 0.15:
            self.outside(packet)
        self.old.append((packet, sealed))
        return packet, sealed

    def outside(self, packet):
        """What other layers leave alone, so that the module has to cope."""
        rnd = self.rnd
        choice = rnd.randrange(9)
        esp = bytearray(packet.esp)
        if choice == 0:
            esp[rnd.randrange(4, len(esp))] ^= 1 << rnd.randrange(8)
        elif choice == 1:
            del esp[rnd.randrange(8, len(esp)):]
        elif choice == 2:
            esp += rnd.randbytes(rnd.randrange(1, 64))
        elif choice == 3:
            esp[3] = rnd.randrange(256)
        elif choice == 4:
            packet.options = bytes([0, 0, 1, 4, 0, 0, 0, 0])
        elif choice == 5 and packet.version == 4:
            packet.source = address("192.0.2.77")
        elif choice == 6:
            packet.sport = rnd.choice((500, 4501))
        elif choice == 7:
            packet.udp = not packet.udp
        else:
            # how much is linear, and whether it says to be more than one
            packet.vnet = struct.pack("=BBHHHH", 0, 0, rnd.randrange(
                20, 200), 0, 0, 0)
        packet.esp = bytes(esp)

    def strange(self):
        """Bytes that other layers may make anything of, and the packet that
        they may make of it."""
        rnd = self.rnd
        packet, sealed = self.packet()
        data = bytearray(packet.data())
        choice = rnd.randrange(8)
        if choice == 0:
            data[rnd.randrange(min(len(data), 48))] ^= 1 << rnd.randrange(8)
        elif choice == 1:
            data[0] = data[0] & 0xF0 | rnd.randrange(16)
            if packet.version == 4:
                data[10:12] = bytes(2)
                data[10:12] = checksum(bytes(data[:(data[0] & 15) * 4]))
        elif choice == 2:
            del data[rnd.randrange(1, len(data)):]
        elif choice == 3:
            return self.icmp(packet)
        elif choice == 4:
            return self.fragments(packet)
        elif choice == 5:
            return self.small_udp()
        elif choice == 6:
            data = bytearray(self.mutate(data))
        else:
            vnet = struct.pack("=BBHHHH", rnd.choice((0, 1, 2)), rnd.choice(
                (0, 1, 3, 4, 5, 0x80, 0x81)), rnd.randrange(300),
                               rnd.randrange(300), rnd.randrange(60),
                               rnd.randrange(40))
            return [vnet + bytes(data)]
        return [bytes(10) + bytes(data)]

    def icmp(self, packet):
        """An error that quotes a packet that went the other way."""
        rnd = self.rnd
        packet.source, packet.dest = packet.dest, packet.source
        quote = packet.data()[:rnd.choice((20, 28, 48, 64, 500))]
        packet.source, packet.dest = packet.dest, packet.source
        if rnd.random() < 0.2:
            quote = self.mutate(quote)
        rest = struct.pack("!I", rnd.choice((0, 68, 576, 1280, 1400,
                                             65535, 0xFFFFFFFF)))
        if packet.version == 4:
            body = bytes([rnd.choice((3, 3, 3, 5, 11, 12)),
                          rnd.choice((4, 4, 0, 1, 3))])
            body += checksum(body + b"\0\0" + rest + quote) + rest + quote
            return [bytes(10) + ipv4(PEER[4], US[4], 1, body)]
        body = bytes([rnd.choice((2, 2, 1, 3, 4)), rnd.randrange(4)])
        pseudo = PEER[6] + US[6] + struct.pack("!II", 8 + len(quote), 58)
        body += checksum(pseudo + body + b"\0\0" + rest + quote) + rest + quote
        return [bytes(10) + ipv6(PEER[6], US[6], 58, body)]

    def fragments(self, packet):
        """Two or three, in any order, perhaps not all, perhaps too many."""
        rnd = self.rnd
        whole = packet.data()
        hlen = (whole[0] & 15) * 4 if packet.version == 4 else 40
        body, out, ident = whole[hlen:], [], rnd.randrange(1, 65536)
        cuts = sorted({0, len(body)} | {
            8 * rnd.randrange(len(body) // 8 + 1) for _ in range(2)})
        for start, end in zip(cuts, cuts[1:]):
            more = end != len(body)
            if packet.version == 4:
                out.append(ipv4(packet.source, packet.dest, whole[9],
                                body[start:end], packet.tos,
                                start // 8 | (0x2000 if more else 0),
                                whole[20:hlen], ident))
            else:
                out.append(ipv6(packet.source, packet.dest, 44, struct.pack(
                    "!BBHI", whole[6], 0, start | more, ident) +
                                body[start:end], packet.tos))
        if rnd.random() < 0.3:
            rnd.shuffle(out)
        if rnd.random() < 0.1:
            out.append(rnd.choice(out))
        if rnd.random() < 0.1:
            out.pop()
        return [bytes(10) + fragment for fragment in out]

    def small_udp(self):
        """IKE, keepalives, and what is too short for either."""
        rnd = self.rnd
        body = rnd.choice((b"\xff", b"", bytes(4), bytes(8) + b"x" * 20,
                           rnd.randbytes(rnd.randrange(16))))
        head = struct.pack("!HHHH", 4500, 4500, 8 + len(body), 0)
        return [bytes(10) + ipv4(PEER[4], US[4], 17, head + body)]


class World:
    """The namespace, the device and its SAs, and what the kernel counts."""

    def __init__(self, spec, rnd):
        system("unshare", 0x40000000)
        with open("/proc/sys/net/ipv6/conf/default/accept_dad", "w") as f:
            f.write("0")
        self.links = Links()
        self.links.up(1, True)
        self.tun = self.open_tun()
        self.wan = socket.if_nametoindex("wan")
        self.links.up(self.wan, True)
        self.add(self.wan, US[4], 24)
        self.add(self.wan, US[6], 64)
        self.links.add("ipsec0", "ipsecx")
        self.dev = socket.if_nametoindex("ipsec0")
        self.add(self.dev, INNER[4], 24)
        self.add(self.dev, INNER[6], 64)
        self.family = Family(spec)
        reasons = next(d for d in spec["definitions"]
                       if d["name"] == "drop-reason")["entries"]
        self.reasons = [r["name"] for r in reasons]
        self.attach()
        self.sas = list(kinds())
        integs = self.integs()
        for sa in self.sas:
            if sa.integ and sa.integ not in integs:
                sa.integ = SHA256
            self.install(sa, rnd)
        self.known = {struct.pack("!I", sa.spi): sa for sa in self.sas}
        self.unknown = 0

    def integs(self):
        """Those that this kernel has."""
        nest = self.family.kind("cap", "integ-cap")
        return {struct.unpack("=H", dict(attrs(v))[1])[0]
                for message in self.family.do("cap-get", {})
                for k, v in attrs(message) if k == nest}

    def add(self, dev, packed, bits):
        family = socket.AF_INET if len(packed) == 4 else socket.AF_INET6
        self.links.talk(20, struct.pack("=BBBBI", family, bits, 2, 0, dev) +
                        attr(1, packed) + attr(2, packed), 4 | 0x400)

    @staticmethod
    def open_tun():
        node = "/dev/net/tun"
        if not os.path.exists(node) or os.path.exists("/run/tun"):
            node = "/run/tun"
        if not os.path.exists(node):
            os.mknod(node, 0o20600, os.makedev(10, 200))
        tun = os.open(node, os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(tun, TUNSETIFF, struct.pack(
            "16sH22x", b"wan", IFF_TUN | IFF_NO_PI | IFF_VNET_HDR))
        return tun

    def attach(self):
        self.socks = []
        for family, name in ((socket.AF_INET, "0.0.0.0"),
                             (socket.AF_INET6, "::")):
            sock = socket.socket(family, socket.SOCK_DGRAM)
            if family == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            sock.bind((name, 4500))
            sock.setblocking(False)
            self.family.do("socket-attach", {"fd": sock.fileno()})
            self.socks.append(sock)

    def install(self, sa, rnd):
        selector = {}
        if sa.narrow:
            selector = {f"{side}-{end}": address(f"10.0.0.{n}")
                        for side in ("local", "remote")
                        for end, n in (("start", 0), ("end", 255))}
        if sa.ports:
            selector.update({"protocol": 17, "local-port-start": 9,
                             "local-port-end": 9})
        policy = {"ifindex": self.dev, "mode": sa.mode,
                  "local": US[sa.version], "remote": PEER[sa.version],
                  "selector": selector, "priority": sa.spi}
        if sa.udp:
            policy.update({"encap": 1, "local-port": 4500,
                           "remote-port": 4500})
        reply = dict(attrs(self.family.do("policy-new", policy)[0]))
        number = struct.unpack("=I", reply[2])[0]
        sa.keys(rnd)
        values = {"ifindex": self.dev, "policy": number, "spi": sa.spi,
                  "encr": sa.encr, "encr-key": sa.key}
        if sa.integ:
            values.update({"integ": sa.integ, "integ-key": sa.auth})
        if sa.esn:
            values["esn"] = True
        self.family.do("sa-new", {**values, "direction": 0,
                                  "replay-window": sa.window})
        # so that answers to what was delivered can leave, too
        self.family.do("sa-new", {**values, "direction": 1,
                                  "spi": sa.spi + 0x1000, "activate": True})

    def drops(self, data):
        values = dict(attrs(data))
        return (self.reasons[struct.unpack("=I", values[1])[0]],
                int.from_bytes(values[2], sys.byteorder))

    def counted(self):
        """What the kernel has counted: for each inbound SA, and unknown."""
        kind = {n: self.family.kind("sa", n) for n in
                ("spi", "direction", "packets", "bytes", "drop", "sequence")}
        out = {}
        for message in self.family.dump("sa-get"):
            found = list(attrs(message))
            values = dict(found)
            if struct.unpack("=I", values[kind["direction"]])[0]:
                continue
            count = collections.Counter(dict(
                self.drops(v) for k, v in found if k == kind["drop"]))
            for name in ("packets", "bytes"):
                count[name] = int.from_bytes(values[kind[name]],
                                             sys.byteorder)
            out[values[kind["spi"]]] = count
        count = collections.Counter()
        netns = self.family.kind("device", "netns-drop")
        for message in self.family.dump("device-get"):
            count.update(dict(self.drops(v) for k, v in attrs(message)
                              if k == netns))
        out[None] = count
        return out

    def write(self, data):
        try:
            os.write(self.tun, data)
            return True
        except OSError:
            return False

    def drain(self):
        for read in (lambda: os.read(self.tun, 1 << 17),
                     lambda: self.socks[0].recv(1 << 16),
                     lambda: self.socks[1].recv(1 << 16)):
            try:
                for _ in range(2000):
                    read()
            except BlockingIOError:
                pass

    @staticmethod
    def elsewhere():
        """Every other counter that a packet from outside may end in. Those
        that count it as it comes in, or before its protocol has it, say
        nothing."""
        out = {}
        for name in ("snmp", "netstat"):
            with open(f"/proc/net/{name}", encoding="ascii") as f:
                lines = f.read().splitlines()
            for names, values in zip(lines[::2], lines[1::2]):
                kind, *names = names.split()
                out.update(zip((kind + n for n in names),
                               values.split()[1:]))
        for name in ("snmp6", "xfrm_stat"):
            with open(f"/proc/net/{name}", encoding="ascii") as f:
                out.update(line.split() for line in f)
        return {name: value for name, value in out.items()
                if not any(common in name for common in (
                    "InReceives", "InDelivers", "Octets", "ECTPkts",
                    "CEPkts", "Out"))}


class Run:
    """One round: a fresh world, from a seed."""

    def __init__(self, spec, seed, batch, total, coverage):
        self.coverage = coverage
        self.rnd = random.Random(seed)
        self.world = World(spec, self.rnd)
        self.maker = Maker(self.rnd, Crypto(), self.world.sas)
        self.batch, self.total = batch, total
        self.expected = self.world.counted()

    def predict(self, packet, sealed):
        sa = self.world.known.get(packet.esp[:4])
        if len(packet.esp) < 8 or not sa:
            if packet.udp and packet.dport == 4500:
                self.expected[None]["unknown-spi"] += 1
            self.total["unknown"] += 1
            return
        reason, length = sa.receive(packet, sealed)
        count = self.expected[packet.esp[:4]]
        if reason:
            count[reason] += 1
        else:
            count["packets"] += 1
            count["bytes"] += length
        self.total[reason or "delivered"] += 1

    def compare(self, sent):
        counted = self.world.counted()
        for spi, count in self.expected.items():
            if +counted[spi] != +count:
                for known, vnet, data in sent:
                    print(known, vnet.hex(), data.hex())
                raise Broken(f"SPI {spi and spi.hex()}: counted "
                             f"{dict(counted[spi] - count)} more, "
                             f"{dict(count - counted[spi])} less than is true "
                             "of these packets")

    def known(self):
        """A batch of packets that reach the module for certain."""
        sent = []
        for _ in range(self.batch):
            packet, sealed = self.maker.packet()
            data = packet.data()
            sent.append((packet.esp[:4].hex(), packet.vnet, data))
            self.coverage.begin()
            if not self.world.write(packet.vnet + data):
                self.total["not taken"] += 1
                continue
            if self.coverage.found():
                self.maker.keep()
            self.predict(packet, sealed)
        self.compare(sent)

    def strange(self):
        """One packet, perhaps in pieces, alone: the kernel says what became of
        it, which is at most one thing and is told by somebody."""
        other, before = self.world.elsewhere(), self.world.counted()
        pieces = self.maker.strange()
        sent = sum(self.world.write(piece) for piece in pieces)
        # A datagram counts when its owner has it.
        self.world.drain()
        after = self.world.counted()
        moved = [(spi, reason) for spi in after
                 for reason in (after[spi] - before[spi])
                 if reason != "bytes"]
        times = sum((after[spi] - before[spi])[reason]
                    for spi, reason in moved)
        if times > len(pieces):
            raise Broken(f"{moved}: {[p.hex() for p in pieces]}")
        if sent and not moved and self.world.elsewhere() == other:
            raise Broken(f"lost untold: {[p.hex() for p in pieces]}")
        self.total["strange"] += 1
        for spi, reason in moved:
            self.total[f"strange {reason}"] += 1
        # What it did to the windows is not known: start afresh.
        self.expected = after
        return bool(moved)

    def run(self):
        for _ in range(ROUND // self.batch):
            self.known()
            self.world.drain()
        for _ in range(ROUND // 20):
            self.strange()
        self.world.drain()

    def close(self):
        os.close(self.world.tun)
        for sock in (*self.world.socks, self.world.links.sock,
                     self.world.family.sock):
            sock.close()


def main():
    spec, seconds, seed = load_spec(sys.argv[1]), *map(int, sys.argv[2:4])
    batch = int(sys.argv[4]) if len(sys.argv) > 4 else 50
    total, number = collections.Counter(), 0
    coverage = Coverage()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            run = Run(spec, seed + number, batch, total, coverage)
            run.run()
            run.close()
        except BaseException:
            print(f"in the round of seed {seed + number}", flush=True)
            raise
        number += 1
    print(number, "rounds,", dict(total.most_common()))
    if coverage.words:
        print(len(coverage.seen), "edges")
    missed = {"delivered", "integrity", "replay", "replay-old", "padding",
              "next-header", "decap-malformed", "selector-mismatch", "ecn",
              "dummy", "esp-malformed", "encap-mismatch", "unknown"} - set(total)
    if missed:
        raise Broken(f"never seen: {missed}")


main()
