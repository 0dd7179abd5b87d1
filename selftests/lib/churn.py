#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""churn.py SPEC MODULE ROUNDS SEED: devices, policies and SAs come, change and
go at random in two joined namespaces, under traffic; then the namespaces and
the module go, in any order, whatever is left of the rest; and MODULE, a file,
is loaded again. Every command may be refused, since what it is about may be
gone; that the module is still in use after a while ends it."""
import ctypes
import errno
import os
import random
import signal
import socket
import struct
import sys
import time

from netlink import (Family, Links, Refused, address, attrs, enter,
                     load_spec, new_namespace, system)

KEY = b"\x17" * 20
LOCAL = {"a": "192.0.2.1", "b": "192.0.2.2"}
INNER = {"a": "10.0.0.1", "b": "10.0.0.2"}
STEPS = 80
TAKEN = 777


class End:
    """One end, what may happen there, and one of it after the other."""

    def __init__(self, name, spec, elsewhere, seed):
        self.name = name
        self.other = "b" if name == "a" else "a"
        self.rnd = random.Random(f"{name}{seed}")
        self.elsewhere = elsewhere
        self.family = Family(spec)
        self.links = Links()

    def index(self):
        try:
            return socket.if_nametoindex(self.rnd.choice(
                ("ipsec0", "ipsec0", "ipsec1")))
        except OSError:
            raise Refused(errno.ENODEV, "no device") from None

    def some(self, op, kind, dev):
        """One of the device's objects."""
        names = {self.family.kind(kind, n): n for n in ("ifindex", "id")}
        found = []
        for message in self.family.dump(op):
            values = {names[k]: struct.unpack("=I", v)[0]
                      for k, v in attrs(message) if k in names}
            if values["ifindex"] == dev:
                found.append(values)
        if not found:
            raise Refused(errno.ENOENT, "nothing there")
        return self.rnd.choice(found)

    def outer(self):
        out = {"local": address(LOCAL[self.name]),
               "remote": address(LOCAL[self.other])}
        if self.rnd.random() < 0.2:
            out.update({"encap": 1, "local-port": 4500, "remote-port": 4500})
        return out

    def add_device(self):
        name = self.rnd.choice(("ipsec0", "ipsec0", "ipsec1"))
        self.links.add(name, "ipsecx")
        self.links.address(socket.if_nametoindex(name), INNER[self.name], 24)

    def del_device(self):
        self.links.delete(self.index())

    def flip_device(self):
        dev = self.index()
        self.links.up(dev, False)
        self.links.up(dev, True)
        self.links.address(dev, INNER[self.name], 24)

    def size_device(self):
        self.links.mtu(self.index(), self.rnd.choice((1280, 1400, 9000)))

    def clash(self):
        self.links.add_clash("ipsecx", TAKEN, self.elsewhere)

    def add_policy(self):
        self.family.do("policy-new", {
            "ifindex": self.index(), "mode": 1, "selector": {},
            "priority": self.rnd.randrange(3), **self.outer()})

    def set_policy(self):
        self.family.do("policy-set", {
            **self.some("policy-get", "policy", self.index()),
            "priority": self.rnd.randrange(3), **self.outer()})

    def del_policy(self):
        self.family.do("policy-del",
                       self.some("policy-get", "policy", self.index()))

    def add_sa(self):
        """Few SPIs, so that both ends often have the same: a's are even."""
        dev = self.index()
        out = self.rnd.randrange(2)
        mine = (self.name == "a") ^ out
        values = {"ifindex": dev, "direction": out, "encr": 20,
                  "policy": self.some("policy-get", "policy", dev)["id"],
                  "spi": 0x1000 + 2 * self.rnd.randrange(4) + (not mine),
                  "encr-key": KEY}
        if out:
            values["activate"] = True
        self.family.do("sa-new", values)

    def activate_sa(self):
        self.family.do("sa-set", {
            **self.some("sa-get", "sa", self.index()), "activate": True})

    def del_sa(self):
        self.family.do("sa-del", self.some("sa-get", "sa", self.index()))

    def alloc_spi(self):
        self.family.do("spi-alloc", {"ifindex": self.index()})

    def attach(self):
        """A socket that may outlive everything but this process."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.bind(("0.0.0.0", 0))
            self.family.do("socket-attach", {"fd": udp.fileno()})
            if self.rnd.random() < 0.5:
                os.dup(udp.fileno())

    def look(self):
        for op in ("device-get", "policy-get", "sa-get"):
            self.family.dump(op)

    def migrate(self):
        """In another namespace it still sends through its first."""
        self.links.move(self.index(), self.elsewhere)

    def begin(self):
        """Something that works, to begin with."""
        self.add_device()
        for name in ("add_policy", "add_sa", "add_sa", "add_sa", "add_sa"):
            self.attempt(getattr(self, name))

    def attempt(self, action):
        try:
            action()
            return True
        except Refused:
            return False

    def run(self):
        choice = ([self.add_device] * 3 + [self.add_policy] * 4 +
                  [self.add_sa] * 8 + [self.activate_sa, self.del_sa] * 2 +
                  [self.set_policy, self.del_policy, self.flip_device,
                   self.size_device, self.del_device, self.alloc_spi,
                   self.look, self.attach, self.migrate, self.clash])
        self.attempt(self.begin)
        return sum(self.attempt(self.rnd.choice(choice))
                   for _ in range(STEPS))


def traffic(udp, esp):
    """From a to b, until killed: datagrams of all sizes, and ESP that nobody
    has sealed. Not too many: a kernel that checks everything takes
    milliseconds for each. No socket is b's, so that it dies under them."""
    while True:
        for _ in range(4):
            spi = 0x1000 + random.randrange(10)
            try:
                udp.sendto(bytes(random.randrange(3000)), (INNER["b"], 9))
                esp.sendto(struct.pack("!II", spi, random.randrange(99)) +
                           bytes(44), (LOCAL["b"], 0))
            except OSError:
                pass
        time.sleep(0.03)


def child(function, *arguments):
    pid = os.fork()
    if pid:
        return pid
    try:
        function(*arguments)
    except BaseException as error:  # pylint: disable=broad-except
        print("churn:", error, file=sys.stderr)
        os._exit(1)
    os._exit(0)


def noise_of_a(namespaces, socks):
    """What it does not use would keep the namespaces alive."""
    for fd in namespaces.values():
        os.close(fd)
    traffic(*socks)


def work(name, namespaces, spec, seed):
    """One end's life; its netlink sockets are made in its namespace."""
    enter(namespaces[name])
    if not End(name, spec, namespaces["c"], seed).run():
        raise RuntimeError("nothing was accepted")


def wire():
    """The namespaces, joined, and sockets for traffic from a."""
    socks = []
    birth = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    namespaces = {name: new_namespace() for name in "abc"}
    for name in "ab":
        enter(namespaces[name])
        links = Links()
        if name == "a":
            links.cable("wan", namespaces["b"])
        wan = socket.if_nametoindex("wan")
        links.up(wan, True)
        links.address(wan, LOCAL[name], 24)
        links.sock.close()
        if name == "a":
            socks = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
                     socket.socket(socket.AF_INET, socket.SOCK_RAW, 50)]
    enter(namespaces["c"])
    Links().add("taken", "dummy", TAKEN)
    enter(birth)
    os.close(birth)
    return namespaces, socks


def unload():
    """Who holds it lets go within seconds, or never."""
    end = time.monotonic() + 20
    while True:
        try:
            system("syscall", 176, b"ipsecx", os.O_NONBLOCK)
            return
        except OSError as error:
            if error.errno != errno.EAGAIN or time.monotonic() > end:
                raise
            time.sleep(0.01)


def load(path):
    with open(path, "rb") as module:
        system("syscall", 313, module.fileno(), ctypes.c_char_p(b""), 0)


def one_round(spec, module, seed):
    rnd = random.Random(seed)
    namespaces, socks = wire()
    noise = child(noise_of_a, namespaces, socks)
    workers = [child(work, name, namespaces, spec, seed) for name in "ab"]
    failed = [os.waitpid(pid, 0)[1] for pid in workers]

    def stop_traffic():
        os.kill(noise, signal.SIGKILL)
        os.waitpid(noise, 0)

    def close():
        for fd in namespaces.values():
            os.close(fd)
        for sock in socks:
            sock.close()

    ends = [stop_traffic, close, unload]
    rnd.shuffle(ends)
    for end in ends:
        end()
    load(module)
    if any(failed):
        raise RuntimeError("a worker failed")


def main():
    path, module, rounds, seed = sys.argv[1:]
    spec = load_spec(path)
    for number in range(int(rounds)):
        one_round(spec, module, int(seed) + number)
    print(rounds, "rounds")


main()
