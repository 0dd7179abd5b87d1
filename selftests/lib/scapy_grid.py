#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""scapy_grid.py: in namespace a ipsecx, at the other end of its wire scapy.
Packets that scapy sealed come out of ipsec0 byte for byte, the last number of
32 bits and the first beyond it included; those that ipsecx sealed are what
scapy makes of the same IV and number, byte for byte, and open. Then tshark, if
it is there, reads those of ipsecx: it decrypts and checks the ICVs of what it
knows. Prints TAP. GRID, an expression, picks cells by their names; else
IPSECX_DEEP asks for all of them, and some are enough."""
import json
import os
import shutil
import socket
import struct
import subprocess
import tempfile

import cells
from cells import ENCR, INNER, OUTER, Namespace, Ours, Skip
from scapy.layers import ipsec
from scapy.layers.inet import ICMP, IP, UDP
from scapy.layers.inet6 import ICMPv6EchoReply, IPv6

ETH_IP, ETH_IP6, ETH_ALL = 0x0800, 0x86DD, 3
OUTGOING = 4
PATIENCE = 10
TOP = 0xFFFFFFFF

SCAPY_ENCR = {"aes-gcm-16": "AES-GCM", "aes-ccm-16": "AES-CCM",
              "aes-ccm-12": "AES-CCM", "aes-ccm-8": "AES-CCM",
              "chacha20-poly1305": "CHACHA20-POLY1305", "aes-cbc": "AES-CBC",
              "aes-ctr": "AES-CTR", "null": "NULL",
              "aes-gmac": "AES-NULL-GMAC"}
SCAPY_INTEG = {"hmac-sha1-96": "HMAC-SHA1-96", "aes-cmac-96": "AES-CMAC-96",
               "hmac-sha2-256-128": "SHA2-256-128",
               "hmac-sha2-384-192": "SHA2-384-192",
               "hmac-sha2-512-256": "SHA2-512-256"}
TSHARK_ENCR = {"aes-gcm-16": "AES-GCM with 16 octet ICV [RFC4106]",
               "null": "NULL", "aes-cbc": "AES-CBC [RFC3602]",
               "aes-ctr": "AES-CTR [RFC3686]"}
TSHARK_INTEG = {"hmac-sha1-96": "HMAC-SHA-1-96 [RFC2404]",
                "hmac-sha2-256-128": "HMAC-SHA-256-128 [RFC4868]",
                "hmac-sha2-384-192": "HMAC-SHA-384-192 [RFC4868]",
                "hmac-sha2-512-256": "HMAC-SHA-512-256 [RFC4868]"}


class EsnAuth(ipsec.AuthAlgo):
    """scapy's, with the high half of the number behind the packet (RFC 4303
    section 2.2.1), which older ones leave out."""

    def __init__(self, algo, high):
        super().__init__(algo.name, algo.mac, algo.digestmod, algo.icv_size,
                         algo.key_size)
        self.high = high

    def tag(self, data, key):
        mac = self.new_mac(key)
        mac.update(data + struct.pack("!L", self.high))
        return mac.finalize()[:self.icv_size]

    def sign(self, pkt, key, **_):
        pkt[ipsec.ESP].data += self.tag(bytes(pkt[ipsec.ESP]), key)
        return pkt

    def verify(self, pkt, key, **_):
        whole = bytes(pkt)
        if self.tag(whole[:-self.icv_size], key) != whole[-self.icv_size:]:
            raise ipsec.IPSecIntegrityError("ICV")


def known(cell):
    """Does scapy have it?"""
    return SCAPY_ENCR.get(cell.encr) in ipsec.CRYPT_ALGOS and \
        (not cell.integ or SCAPY_INTEG.get(cell.integ) in ipsec.AUTH_ALGOS)


def header(source, dest):
    return IPv6(src=source, dst=dest) if ":" in source else \
        IP(src=source, dst=dest)


def association(cell, spi, key, source, dest, high=0):
    words = {}
    if cell.integ:
        words.update(auth_algo=SCAPY_INTEG[cell.integ], auth_key=key[1])
    if cell.mode == "tunnel":
        words["tunnel_header"] = header(source, dest)
    if cell.encap == "udp":
        words["nat_t_header"] = UDP(sport=4500, dport=4500)
    sa = ipsec.SecurityAssociation(
        ipsec.ESP, spi=spi, crypt_algo=SCAPY_ENCR[cell.encr],
        crypt_key=key[0], crypt_icv_size=cell.icv, esn_en=cell.esn, esn=high,
        **words)
    if cell.integ and cell.esn:
        sa.auth_algo = EsnAuth(sa.auth_algo, high)
    return sa


def packets(cell, inner, serial):
    """Of sizes that leave every remainder; nobody answers such as these."""
    for source, dest in inner:
        for size in [*range(ENCR[cell.encr].block), 1200]:
            serial += 1
            data = bytes(i & 255 for i in range(serial, serial + size))
            if ":" in source:
                yield IPv6(bytes(IPv6(src=source, dst=dest) / ICMPv6EchoReply(
                    id=serial & 0xFFFF, data=data)))
            else:
                yield IP(bytes(IP(src=source, dst=dest, id=serial & 0xFFFF) /
                               ICMP(type=0, id=serial & 0xFFFF) / data))


def esp_of(packet):
    """The ESP packet in an outer one, which has a right checksum."""
    data = bytes(packet)
    if packet.version == 4:
        fresh = packet.copy()
        del fresh.chksum
        if bytes(fresh)[:20] != data[:20] or packet.ihl != 5:
            raise RuntimeError(f"outer header {data[:20].hex()}")
        at, protocol = 20, packet.proto
    else:
        at, protocol = 40, packet.nh
    return data[at + 8:] if protocol == 17 else data[at:]


def bare(packet):
    """The outer packet without its UDP header: scapy would leave it there."""
    fresh = packet.copy()
    fresh.remove_payload()
    if packet.version == 4:
        fresh.proto = 50
        del fresh.len, fresh.chksum
    else:
        fresh.nh = 50
        del fresh.plen
    return fresh.__class__(bytes(fresh / ipsec.ESP(esp_of(packet))))


class Wire:
    """Both sides of ipsecx: its device in a, and the wire as b has it."""

    def __init__(self, a, b):
        self.to = bytes.fromhex(json.loads(a.run(
            "ip", "-j", "link", "show", "wan"))[0]["address"].replace(
                ":", ""))
        self.inside = self.packet_socket(a, "ipsec0")
        self.outside = self.packet_socket(b, "wan")
        self.seen = []

    @staticmethod
    def packet_socket(ns, device):
        with ns:
            sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM,
                                 socket.htons(ETH_ALL))
            sock.bind((device, ETH_ALL))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        sock.settimeout(PATIENCE)
        return sock

    @staticmethod
    def receive(sock, wanted):
        """The next packet that came in and is wanted."""
        while True:
            data, (_, _, kind, _, _) = sock.recvfrom(65536)
            if kind != OUTGOING and wanted(data):
                return data

    def into(self, packet):
        """An outer packet to ipsecx, and what comes out of it."""
        self.outside.sendto(bytes(packet), (
            "wan", ETH_IP if packet.version == 4 else ETH_IP6, 0, 0, self.to))
        return self.receive(self.inside, lambda _: True)

    def out_of(self, packet):
        """An inner packet to ipsecx, and what it makes of it."""
        kind = ETH_IP if packet.version == 4 else ETH_IP6
        self.inside.sendto(bytes(packet), ("ipsec0", kind))
        data = self.receive(self.outside, is_esp)
        self.seen.append(data)
        return IP(data) if data[0] >> 4 == 4 else IPv6(data)


def is_esp(data):
    """In UDP or not; nobody else is on the wire but neighbour discovery."""
    return data[9 if data[0] >> 4 == 4 else 6] in (17, 50)


class Grid:
    """What outlives a cell, and what tshark shall look at in the end."""

    def __init__(self):
        self.a, self.b = Namespace("a"), Namespace("b")
        self.wire = Wire(self.a, self.b)
        self.spi = 0x2001
        self.shown = {}

    def one(self, cell):
        self.spi += 2
        mine, theirs = OUTER[cell.mode, cell.outer]
        inner = INNER if cell.mode == "tunnel" else ((mine, theirs),)
        keys = {way: (cell.key(), cell.integ_key()) for way in ("in", "out")}
        ours = Ours(self.a, cell, mine, theirs, keys, self.spi)
        try:
            self.inbound(cell, [i[::-1] for i in inner], keys["in"], theirs,
                         mine)
            self.outbound(cell, inner, keys["out"], mine, theirs)
            drops = [ours.sa(way).get("drop") for way in ("in", "out")]
            if any(drops):
                raise RuntimeError(f"drops {drops}")
        finally:
            ours.remove()

    def inbound(self, cell, inner, key, source, dest):
        """What scapy seals; the last ones around the end of 32 bits."""
        sa = association(cell, self.spi, key, source, dest)
        clear = list(packets(cell, inner, 0))
        # half way first: what far behind 0 could be is no number
        numbers = [(0, n) for n in range(1, len(clear) - 2)] + [(0, 1 << 31)]
        numbers += [(0, TOP), (1, 1)] if cell.esn else [(0, TOP - 1), (0, TOP)]
        for packet, (high, seq) in zip(clear, numbers):
            if high != sa.esn:
                sa = association(cell, self.spi, key, source, dest, high)
            sealed = sa.encrypt(packet.copy(), seq_num=seq)
            if cell.encap == "udp":
                # scapy's is of the header alone; over IPv6 it has a checksum
                del sealed[UDP].len
                if cell.outer == 6:
                    del sealed[UDP].chksum
            came = self.wire.into(sealed)
            if came != bytes(packet):
                raise RuntimeError(f"in, number {seq}: sent "
                                   f"{bytes(packet).hex()} came {came.hex()}")

    def outbound(self, cell, inner, key, source, dest):
        """What ipsecx seals: the same as scapy would, and it opens."""
        spi = self.spi + 1
        sa = association(cell, spi, key, source, dest)
        for seq, packet in enumerate(packets(cell, inner, 5000), 1):
            sealed = self.wire.out_of(packet)
            esp = esp_of(sealed)
            iv = esp[8:8 + ENCR[cell.encr].iv]
            again = esp_of(sa.encrypt(packet.copy(), seq_num=seq, iv=iv))
            if esp != again:
                raise RuntimeError(f"out, number {seq}: ipsecx {esp.hex()} "
                                   f"scapy {again.hex()}")
            clear = bytes(sa.decrypt(bare(sealed)))
            if clear != bytes(packet):
                raise RuntimeError(f"out, number {seq}: {clear.hex()}")
            self.shown[f"0x{spi:08x}", seq] = (cell, key, bytes(packet))


def uat(cell, spi, key):
    """One of tshark's ESP SAs."""
    family = f"IPv{cell.outer}"
    source, dest = OUTER[cell.mode, cell.outer]
    integ = TSHARK_INTEG[cell.integ] if cell.integ else "NULL"
    words = (family, source, dest, spi, TSHARK_ENCR[cell.encr],
             "0x" + key[0].hex() if key[0] else "", integ,
             "0x" + key[1].hex() if key[1] else "")
    return "uat:esp_sa:" + ",".join(f'"{word}"' for word in words)


def tshark(grid):
    """It knows no numbers of 64 bits, and not every algorithm."""
    if not shutil.which("tshark"):
        raise Skip("this suite's guest has no tshark")
    mine = {at: v for at, v in grid.shown.items() if not v[0].esn and
            v[0].encr in TSHARK_ENCR and
            (not v[0].integ or v[0].integ in TSHARK_INTEG)}
    options = ["esp.enable_encryption_decode:TRUE",
               "esp.enable_authentication_check:TRUE"]
    options += {uat(cell, spi, key): None
                for (spi, _), (cell, key, _) in mine.items()}
    with tempfile.NamedTemporaryFile() as file:
        file.write(struct.pack("=IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        for data in grid.wire.seen:
            file.write(struct.pack("=IIII", 0, 0, len(data), len(data)) + data)
        file.flush()
        said = subprocess.run(
            ["tshark", "-r", file.name, "-T", "fields", "-e", "esp.spi", "-e",
             "esp.sequence", "-e", "esp.icv_good", "-e", "icmp.ident", "-e",
             "icmpv6.echo.identifier"] +
            [word for option in options for word in ("-o", option)],
            check=False, capture_output=True, text=True)
    if said.returncode:
        raise RuntimeError(said.stderr)
    seen = {}
    for line in said.stdout.splitlines():
        spi, seq, good, *idents = line.split("\t")
        seen[spi, int(seq or 0)] = good, \
            int("".join(idents).split(",")[0] or "-1", 0)
    wrong = [f"{at} {v[0]}: {seen.get(at)}" for at, v in mine.items()
             if seen.get(at) != ("1", ident(v[2]))]
    print(f"# tshark has read {len(mine)} packets")
    if wrong or not mine:
        raise RuntimeError("; ".join(wrong[:5]))


def ident(packet):
    at = 24 if packet[0] >> 4 == 4 else 44
    return struct.unpack_from("!H", packet, at)[0]


def main():
    grid = Grid()
    cells.tap([(str(cell), grid.one, cell) for cell in cells.pick(
        os.environ.get("GRID"), os.environ.get("IPSECX_DEEP"), known)] +
              [("tshark", tshark, grid)])


main()
