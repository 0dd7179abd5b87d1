#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mtu_grid.py SPEC CASES: what alice sends to bob through two gateways comes
out whole, or she gets a packet-too-big that says what would. Outside vary the
family, UDP, a VRF as underlay, the MTU at the gateway and behind a router, the
DF bit and whether the router may send ICMP; inside the family, TCP in
superpackets, UDP with and without DF, and the MTU behind the far gateway.
mtu_grid.sh makes the network. Prints what went wrong; the status says whether
anything did."""
import hashlib
import itertools
import os
import random
import select
import socket
import struct
import subprocess
import sys
import time

from netlink import Family, Links, address, attrs, enter, load_spec

LAN = 9000  # alice's
MTU_DISCOVER = {4: (socket.IPPROTO_IP, 10), 6: (socket.IPPROTO_IPV6, 23)}
RECVERR = {4: (socket.IPPROTO_IP, 11), 6: (socket.IPPROTO_IPV6, 25)}
DONT, PROBE = 0, 3  # clear DF; set it, and believe no path MTU
FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}
HEADERS = {4: 28, 6: 48}
PORT = 5000
IFLA_IPSECX_DF = 4
OUTER = {(4, 0): ("192.0.2.1", "198.51.100.1"),
         (6, 0): ("2001:db8:1::1", "2001:db8:2::1"),
         (4, 1): ("203.0.113.1", "198.51.100.1"),
         (6, 1): ("2001:db8:3::1", "2001:db8:2::1")}


def outer_configs():
    """Over IPv6, nothing replaces the router's word, so it has it."""
    for family, udp, near, far, mode in itertools.product(
            (4, 6), (0, 1), (1280, 1400, 1500, 9000), (1280, 1372, 9000),
            ("told", "silent", "copy")):
        if family == 4 or mode == "told":
            for vrf in (0, 1):
                yield (family, udp, near, far, mode, vrf)


def inner_cases():
    for kind, behind in itertools.product(("udp", "fragments", "tcp"),
                                          (68, 576, 1280, 1500, 9000)):
        yield (4, kind, behind)
        if kind != "fragments" and behind >= 1280:
            yield (6, kind, behind)


def values(cases):
    return {(at, value) for case in cases for at, value in enumerate(case)}


def grid(count):
    """5 cases inside for each choice outside, half of them over IPv6 as far as
    there are so many, and every value among them."""
    every = list(outer_configs())
    v6 = [config for config in every if config[0] == 6]
    v4 = [config for config in every if config[0] == 4]
    half = min(count // 10, len(v6))
    for seed in itertools.count():
        rnd = random.Random(seed)
        chosen = rnd.sample(v6, half) + rnd.sample(v4, count // 5 - half)
        if values(chosen) == values(every):
            break
    inner = list(inner_cases())
    inner = itertools.cycle(random.Random(1).sample(inner, len(inner)))
    # the routes are changed once for all in the VRF
    for config in sorted(chosen, key=lambda c: c[5]):
        yield config, [next(inner) for _ in range(5)]


def fits(family, udp, mtu):
    """AES-GCM: RFC 4303 and 4106, with everything in units of four."""
    outside = (20 if family == 4 else 40) + 8 * udp + 8 + 8 + 16
    return (mtu - outside) // 4 * 4 - 2


class Host:
    """A namespace, and what there is to be done in it."""

    def __init__(self, name):
        self.name = name
        self.fd = os.open(f"/run/netns/{name}", os.O_RDONLY)
        enter(self.fd)
        self.links = Links()
        self.index = {n: i for i, n in socket.if_nameindex()}

    def socket(self, family, kind):
        enter(self.fd)
        return socket.socket(FAMILY[family], kind)

    def mtu(self, device, mtu):
        self.links.mtu(self.index[device], mtu)

    def ip(self, *words):
        subprocess.run(["ip", "-n", self.name, *words], check=True)

    def forget(self):
        """What the routes have learnt."""
        enter(self.fd)
        with open("/proc/sys/net/ipv4/route/flush", "w",
                  encoding="ascii") as flush:
            flush.write("1")
        self.ip("-6", "route", "flush", "cached", "table", "all")


class Gateway(Host):
    def __init__(self, name, spec):
        super().__init__(name)
        self.family = Family(spec)
        self.esp = []

    def take_esp(self, device=None):
        sock = self.socket(6, socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if device:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device)
        sock.bind(("::", 4500))
        self.family.do("socket-attach", {"fd": sock.fileno()})
        self.esp.append(sock)

    def move(self, device, local, remote, udp):
        ports = {"encap": 1, "local-port": 4500, "remote-port": 4500}
        self.family.do("policy-set", {
            "ifindex": self.index[device], "id": 1, "local": address(local),
            "remote": address(remote), **(ports if udp else {"encap": 0})})

    def policy_mtu(self, device):
        kinds = [self.family.kind("policy", n) for n in ("ifindex", "mtu")]
        for message in self.family.dump("policy-get"):
            found = dict(attrs(message))
            if struct.unpack("=I", found[kinds[0]])[0] == self.index[device]:
                return struct.unpack("=I", found.get(kinds[1], bytes(4)))[0]
        return 0


class World:
    def __init__(self, spec):
        self.alice, self.bob = Host("alice"), Host("bob")
        self.router = Host("router")
        self.gwa, self.gwb = Gateway("gwa", spec), Gateway("gwb", spec)
        self.gwa.take_esp()
        self.gwa.take_esp(b"vrf0")
        self.gwb.take_esp()
        self.inbox, self.listener = {}, {}
        for family, anywhere in ((4, "0.0.0.0"), (6, "::")):
            self.inbox[family] = self.bob.socket(family, socket.SOCK_DGRAM)
            self.listener[family] = self.bob.socket(family,
                                                    socket.SOCK_STREAM)
            for sock in (self.inbox[family], self.listener[family]):
                if family == 6:
                    sock.setsockopt(socket.IPPROTO_IPV6,
                                    socket.IPV6_V6ONLY, 1)
                sock.bind((anywhere, PORT))
            self.listener[family].listen()
        self.vrf = self.silent = False
        self.number = 0

    def silence(self, silent):
        """The router's own ICMP over IPv4 finds no way."""
        if silent != self.silent:
            self.router.ip("rule", "add" if silent else "del", "pref", "1",
                           "iif", "lo", "ipproto", "icmp", "blackhole")
            self.silent = silent

    def through_vrf(self):
        self.vrf = True
        for gateway, prefixes in ((self.gwa, ("10.2.0.0/16", "fd02::/64")),
                                  (self.gwb, ("10.1.0.0/24", "fd01::/64"))):
            for prefix in prefixes:
                gateway.ip("route", "replace", prefix, "dev", "ipsecv")

    def outside(self, config):
        """Returns what the gateway's policy says of the first link."""
        family, udp, near, far, mode, vrf = config
        if vrf and not self.vrf:
            self.through_vrf()
        device = "ipsecv" if vrf else "ipsec0"
        for host, link, mtu in ((self.gwa, "wan", near),
                                (self.gwa, "vwan", near),
                                (self.router, "near", near),
                                (self.router, "vnear", near),
                                (self.router, "far", far),
                                (self.gwb, "wan", far)):
            host.mtu(link, mtu)
        a, b = OUTER[(family, vrf)]
        self.gwa.move(device, a, b, udp)
        self.gwb.move(device, b, a, udp)
        for gateway in (self.gwa, self.gwb):
            gateway.forget()
            gateway.links.set_data(gateway.index[device], [
                (IFLA_IPSECX_DF, bytes([mode == "copy"]))])
        self.silence(mode == "silent")
        return self.gwa.policy_mtu(device)

    def address(self):
        """Never the same, so that alice knows nothing about its path."""
        self.number += 1
        high, low = divmod(self.number, 250)
        return {4: f"10.2.{high}.{low + 1}", 6: f"fd02::{self.number + 1:x}"}

    def sender(self, family, discover):
        sock = self.alice.socket(family, socket.SOCK_DGRAM)
        sock.setsockopt(*RECVERR[family], 1)
        sock.setsockopt(*MTU_DISCOVER[family], discover)
        sock.connect((self.address()[family], PORT))
        return sock


def receive(sock, datagram):
    """Is this one there? Others are late ones."""
    while select.select([sock], [], [], 0)[0]:
        if sock.recv(65536) == datagram:
            return True
    return False


def too_big(sock):
    """The MTU that the error queue tells, or 0."""
    try:
        _, notes, _, _ = sock.recvmsg(1, 512, socket.MSG_ERRQUEUE |
                                      socket.MSG_DONTWAIT)
    except BlockingIOError:
        return 0
    for _, _, data in notes:
        return struct.unpack_from("=I", data, 8)[0]
    return 0


def attempt(world, family, sock, size):
    """Send once: (arrived, MTU told)."""
    inbox = world.inbox[family]
    datagram = os.urandom(size - HEADERS[family])
    try:
        sock.send(datagram)
    except OSError:
        sock.send(datagram)  # the error was the last one's
    poll = select.poll()
    poll.register(sock, select.POLLERR)
    poll.register(inbox, select.POLLIN)
    end = time.monotonic() + 2
    while time.monotonic() < end:
        poll.poll(100)
        mtu = too_big(sock)
        if mtu or receive(inbox, datagram):
            return not mtu, mtu
    return False, 0


def udp(world, family, expected):
    """The largest that fits arrives, after being told of it and nothing else.
    The first that a router outside refuses are lost."""
    size, lost = LAN, 0
    with world.sender(family, PROBE) as sock:
        while lost < 3:
            arrived, mtu = attempt(world, family, sock, size)
            if arrived:
                return None if size == expected else \
                    f"{size} arrived, not {expected}"
            if not mtu:
                lost += 1
            elif not expected <= mtu < size:
                return f"{size} was told {mtu} where {expected} fit"
            else:
                size = mtu
    return f"{size} went nowhere"


def fragments(world, family, _expected):
    with world.sender(family, DONT) as sock:
        for size in (100, 1400, 4000, 8000):
            if not any(attempt(world, family, sock, size)[0]
                       for _ in range(3)):
                return f"{size} went nowhere"
    return None


def tcp(world, family, expected):
    data = os.urandom(1 << (16 if expected < 1000 else 18))
    got = hashlib.sha256()
    with world.alice.socket(family, socket.SOCK_STREAM) as sock:
        sock.settimeout(20)
        sock.connect((world.address()[family], PORT))
        peer, _ = world.listener[family].accept()
        with peer:
            peer.settimeout(20)
            left = memoryview(data)
            sock.setblocking(False)
            end = time.monotonic() + 30
            while end > time.monotonic():
                readable, writable, _ = select.select(
                    [peer], [sock] if left else [], [], 1)
                if writable:
                    left = left[sock.send(left):]
                    if not left:
                        sock.shutdown(socket.SHUT_WR)
                if readable:
                    piece = peer.recv(1 << 16)
                    got.update(piece)
                    if not piece:
                        break
    return None if got.digest() == hashlib.sha256(data).digest() else \
        "not all went through"


KINDS = {"udp": udp, "fragments": fragments, "tcp": tcp}


def inside(world, config, case):
    outer, udp_encap, near, far, mode, _ = config
    family, kind, behind = case
    for host in (world.gwb, world.bob):
        host.mtu(f"lan{family}", behind)
    learnt = min(near, far) if outer == 6 or mode == "copy" else near
    path = fits(outer, udp_encap, learnt)
    if family == 6:
        path = max(path, 1280)
    try:
        return KINDS[kind](world, family, min(path, behind, LAN))
    except OSError as error:
        return str(error)


def main():
    world = World(load_spec(sys.argv[1]))
    cases = failed = 0
    for config, inner in grid(int(sys.argv[2])):
        began = time.monotonic()
        told = world.outside(config)
        wrong = [] if told == fits(*config[:3]) else \
            [f"the policy's MTU is {told}, not {fits(*config[:3])}"]
        for case in inner:
            cases += 1
            result = inside(world, config, case)
            if result:
                wrong.append(f"{case}: {result}")
        failed += len(wrong)
        print(config, f"{time.monotonic() - began:.1f} s", *wrong, sep="\n  ",
              flush=True)
    print(cases, "cases,", failed, "failed")
    sys.exit(failed > 0)


main()
