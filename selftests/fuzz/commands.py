#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""commands.py SPEC SECONDS SEED: random commands of the family that SPEC
describes, with attributes that are nearly right, or mutated, or missing, while
devices and namespaces come and go under traffic. Whatever is refused has to
come with a text and to change nothing; what is accepted changes what it says;
and no answer and no event has a key in it. Each round has a seed of its own,
which is printed when it fails: a run with that seed begins with it."""
import collections
import errno
import os
import random
import signal
import socket
import struct
import sys
import time

from netlink import (ACK, CREATE, DUMP, EXCL, IFF_UP, NESTED, RTM_NEWLINK,
                     SIZE, Family, Links, Refused, address, attr, attrs,
                     enter, load_spec, new_namespace)

STEPS = 250
# What a command may leave untold: the kernel has no memory, or knows no such
# command, which is the generic family's to say.
MUTE = {errno.ENOMEM, errno.EOPNOTSUPP}
ADD_MEMBERSHIP = 1
KEY_LENGTHS = {11: [0], 12: [16, 24, 32], 13: [20, 28, 36],
               14: [19, 27, 35], 15: [19, 27, 35], 16: [19, 27, 35],
               18: [20, 28, 36], 19: [20, 28, 36], 20: [20, 28, 36],
               21: [20, 28, 36], 28: [36]}
INTEG_LENGTHS = {2: 20, 5: 16, 8: 16, 12: 32, 13: 48, 14: 64}
ADDRESSES = [address(a) for a in (
    "192.0.2.1", "192.0.2.2", "10.0.0.0", "10.0.0.255", "10.255.255.255",
    "0.0.0.0", "224.0.0.1", "255.255.255.255", "127.0.0.1", "2001:db8::1",
    "2001:db8::2", "::", "ff02::1", "::ffff:10.0.0.1", "fe80::1",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
# What time or traffic changes, and no command has to leave alone.
MOVING = {"device-get": {"held", "rx-packets", "rx-bytes", "tx-packets",
                         "tx-bytes", "drop", "netns-drop"},
          "policy-get": {"mtu"},
          "sa-get": {"sequence", "packets", "bytes", "drop", "last-used",
                     "age"}}


class Broken(Exception):
    """Something that has to hold does not."""


class Listener(Family):
    """Hears the family's events."""

    def __init__(self, spec):
        super().__init__(spec)
        name = attr(2, spec["name"].encode() + b"\0")
        groups = dict(attrs(self.ask(16, 3, 1, name)[0]))[7]
        group = dict(attrs(next(attrs(groups))[1]))[2]
        self.sock.setsockopt(270, ADD_MEMBERSHIP, group)
        self.sock.setblocking(False)

    def hear(self):
        while True:
            try:
                yield self.sock.recv(1 << 16)
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno != errno.ENOBUFS:
                    raise


class Values:
    """Attribute values that make sense more often than not."""

    def __init__(self, rnd, family):
        self.rnd = rnd
        self.family = family
        self.indexes = [1]
        self.ids = [1]
        self.fds = [0]
        self.keys = collections.deque(maxlen=64)

    def key(self, size):
        key = self.rnd.randbytes(size)
        if size >= 16:
            self.keys.append(key[:12])
        return key

    def number(self, name, size):
        rnd = self.rnd
        pools = {
            "ifindex": self.indexes * 8 + [0, 1, 99999],
            "id": self.ids * 8 + [0, 1, 1 << 31],
            "policy": self.ids * 8 + [0, 1, 1 << 31],
            "mode": [0, 1, 1, 1, 2], "encap": [0, 0, 0, 1, 1, 2],
            "direction": [0, 0, 0, 1, 1, 1, 2],
            "spi": list(range(250, 300)) + [0xFFFFFFFF],
            "lowest": [255, 256, 270, 290], "highest": [255, 280, 299],
            "encr": list(KEY_LENGTHS) + [20] * 9 + [0, 65535],
            "integ": list(INTEG_LENGTHS) + [0, 1, 99],
            "fd": self.fds * 4 + [9999],
            "replay-window": [0, 1, 64, 1024, 8192, 8193],
            "protocol": [0, 1, 6, 17, 17, 132, 255],
            "priority": [0, 1, 2, 0xFFFFFFFF],
        }
        if name in pools and rnd.random() < 0.95:
            return rnd.choice(pools[name])
        if "port" in name and rnd.random() < 0.9:
            return rnd.choice((0, 7, 500, 4500, 65535))
        return rnd.choice((0, 1, rnd.randrange(100), (1 << 8 * size) - 1,
                           rnd.randrange(1 << 8 * size)))

    def selector(self):
        rnd, out = self.rnd, {}
        v6 = rnd.random() < 0.3
        pool = [a for a in ADDRESSES if len(a) == (16 if v6 else 4)]
        for side in ("local", "remote"):
            if rnd.random() < 0.5:
                ends = sorted(rnd.choices(pool, k=2))
                out.update({f"{side}-start": ends[0], f"{side}-end": ends[1]})
            if rnd.random() < 0.2:
                ends = sorted((rnd.randrange(65536), rnd.randrange(65536)))
                out.update({f"{side}-port-start": ends[0],
                            f"{side}-port-end": ends[1],
                            "protocol": rnd.choice((6, 17))})
        return out

    def one(self, description):
        name, kind = description["name"], description["type"]
        if kind == "nest":
            count = self.rnd.choice((1, 1, 1, 2, 3, 64, 65))
            return [self.selector() for _ in range(count)]
        if kind == "flag":
            return True
        if name in ("encr-key", "integ-key"):
            return self.key(self.rnd.choice((16, 20, 28, 32, 36, 64)))
        if kind == "binary":
            return self.rnd.choice(ADDRESSES)
        return self.number(name, SIZE[kind])

    def sane(self, op):
        """A whole command that is accepted, if its object is there."""
        rnd = self.rnd
        dev = {"ifindex": rnd.choice(self.indexes)}
        one = {**dev, "id": rnd.choice(self.ids)}
        v6 = rnd.random() < 0.3
        ends = ("2001:db8::1", "2001:db8::2") if v6 else \
            ("192.0.2.1", "192.0.2.2")
        outer = {"local": address(ends[0]), "remote": address(ends[1])}
        if rnd.random() < 0.3:
            outer.update({"encap": 1, "local-port": 4500,
                          "remote-port": 4500})
        if op == "policy-new":
            return {**dev, "mode": rnd.choice((0, 1, 1)), **outer,
                    "selector": [{}] if rnd.random() < 0.4 else
                    [self.selector() for _ in range(rnd.randrange(1, 4))],
                    "priority": rnd.randrange(3)}
        if op == "policy-set":
            return {**one, **outer, "priority": rnd.randrange(3)}
        if op == "sa-new":
            return {**dev, **self.sane_sa()}
        if op == "sa-set":
            return {**one, "activate": True}
        if op == "spi-alloc":
            return {**dev, "lowest": 256, "highest": 299}
        if op == "spi-free":
            return {**dev, "spi": rnd.randrange(256, 300)}
        if op == "socket-attach":
            return {"fd": rnd.choice(self.fds)}
        if op == "cap-get":
            return {"encr": rnd.choice(list(KEY_LENGTHS))}
        return dev if op == "device-get" else one

    def sane_sa(self):
        rnd = self.rnd
        encr = rnd.choice(list(KEY_LENGTHS) + [20] * 12)
        out = {"policy": rnd.choice(self.ids), "encr": encr,
               "direction": rnd.randrange(2), "spi": rnd.randrange(256, 300),
               "encr-key": self.key(rnd.choice(KEY_LENGTHS[encr]))}
        if encr in (11, 12, 13):
            integ = rnd.choice(list(INTEG_LENGTHS))
            out.update({"integ": integ,
                        "integ-key": self.key(INTEG_LENGTHS[integ])})
        if rnd.random() < 0.3:
            out["esn"] = True
        if out["direction"] and rnd.random() < 0.7:
            out["activate"] = True
        if rnd.random() < 0.2:
            out.update({"byte-soft": 1000, "byte-hard": 5000,
                        "packet-hard": 20, "time-soft": 1, "time-hard": 2,
                        "idle": 1})
        return out


class Round:
    """One seed: a pair of namespaces, and what happens in one of them."""

    def __init__(self, spec, seed, count):
        self.spec = spec
        self.rnd = random.Random(seed)
        self.count = count
        self.birth = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        self.space = new_namespace()
        self.other = new_namespace()
        enter(self.space)
        self.links = Links()
        self.links.cable("wan", self.other)
        wan = socket.if_nametoindex("wan")
        self.links.up(wan, True)
        self.links.address(wan, "192.0.2.1", 24)
        self.links.up(1, True)
        self.family = Family(spec)
        self.listener = Listener(spec)
        self.values = Values(self.rnd, self.family)
        self.values.fds = [s.fileno() for s in self.sockets()]
        self.devices()
        self.before = self.state()
        self.noise = self.traffic()

    def sockets(self):
        self.socks = []
        for family, kind, name in (
                (socket.AF_INET, socket.SOCK_DGRAM, "0.0.0.0"),
                (socket.AF_INET6, socket.SOCK_DGRAM, "::"),
                (socket.AF_INET, socket.SOCK_STREAM, None),
                (socket.AF_UNIX, socket.SOCK_DGRAM, None)):
            sock = socket.socket(family, kind)
            if name:
                sock.bind((name, 0))
            self.socks.append(sock)
        return self.socks

    def traffic(self):
        """Clear packets for the devices, and ESP that is none, until the end.
        It dies with this process, should that die."""
        pid = os.fork()
        if pid:
            return pid
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("192.0.2.1", 0))
        raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, 50)
        parent = os.getppid()
        while os.getppid() == parent:
            for name in ("ipsec0", "ipsec1"):
                try:
                    udp.setsockopt(socket.SOL_SOCKET, 25, name.encode())
                    udp.sendto(bytes(random.randrange(1600)),
                               ("10.0.0.9", random.choice((7, 500))))
                    raw.sendto(struct.pack("!II", random.randrange(250, 300),
                                           random.randrange(99)) + bytes(52),
                               ("127.0.0.1", 0))
                except OSError:
                    pass
            time.sleep(0.1)
        os._exit(0)

    def devices(self):
        """What there is to be meant by a command."""
        found = []
        for name in ("ipsec0", "ipsec1"):
            try:
                found.append(socket.if_nametoindex(name))
            except OSError:
                pass
        self.values.indexes = found or [1]

    def seen(self, messages):
        """No key is in them."""
        for data in messages:
            for key in self.values.keys:
                if key in data:
                    raise Broken(f"a key came back: {key.hex()}")
        return messages

    def state(self):
        """All there is, but for what time and traffic change."""
        out, ids = {}, set()
        for op, moving in MOVING.items():
            kind = self.family.ops[op]["attribute-set"]
            skip = {self.family.kind(kind, n) for n in moving}
            index = self.family.kind(kind, "ifindex")
            number = None if op == "device-get" else \
                self.family.kind(kind, "id")
            for message in self.seen(self.family.dump(op)):
                found = list(attrs(message))
                values = dict(found)
                key = (op, values[index], values.get(number))
                if key in out:
                    raise Broken(f"{key} is there twice")
                out[key] = [a for a in found if a[0] not in skip]
                if number:
                    ids.add(struct.unpack("=I", values[number])[0])
        self.values.ids = sorted(ids) or [1]
        return out

    def mutate(self, payload):
        """Wrong on the level of bytes and attributes."""
        rnd = self.rnd
        choice = rnd.randrange(8)
        spot = rnd.randrange(len(payload) + 1)
        if choice == 0:
            return payload[:spot]
        if choice == 1:
            return payload + rnd.randbytes(rnd.randrange(1, 12))
        if choice == 2:
            return payload + attr(rnd.randrange(40), rnd.randbytes(
                rnd.randrange(40)))
        if choice == 3:
            return payload + payload
        if choice == 4:
            return payload + attr(rnd.randrange(40) | NESTED, attr(
                rnd.randrange(12) | rnd.choice((0, NESTED, 0x4000)),
                rnd.randbytes(rnd.randrange(20))))
        if choice == 5 and payload:
            return payload[:spot] + rnd.randbytes(1) + payload[spot + 1:]
        if choice == 6:
            size = 4 * rnd.randrange(1, 5)
            return payload[:spot & ~3] + rnd.randbytes(size) + \
                payload[spot & ~3:]
        return struct.pack("=HH", rnd.randrange(1 << 16), rnd.randrange(
            1 << 16)) + payload

    def attributes(self, op):
        rnd = self.rnd
        spec = self.family.ops[op]
        name_of_set = spec["attribute-set"]
        wanted = spec["do"]["request"]["attributes"]
        values = self.values.sane(op)
        if rnd.random() < 0.4:
            return values
        for description in self.family.sets[name_of_set]:
            name = description["name"]
            usual = name in wanted
            if rnd.random() < (0.15 if usual else 0.01) and \
                    description["type"] in (*SIZE, "binary", "flag", "nest"):
                if description["type"] != "nest" or name == "selector":
                    values[name] = self.values.one(description)
            if rnd.random() < 0.04:
                values.pop(name, None)
            if rnd.random() < 0.02:
                values[name] = rnd.randbytes(rnd.randrange(70))
        names = list(values)
        rnd.shuffle(names)
        return {name: values[name] for name in names}

    def pick(self):
        """An operation, which attributes it has, and its flags."""
        rnd = self.rnd
        names = [n for n, o in self.family.ops.items() if "do" in o]
        op = rnd.choice(names + ["sa-new", "policy-new"] * 3)
        payload = self.family.pack(self.family.ops[op]["attribute-set"],
                                   self.attributes(op))
        if rnd.random() < 0.3:
            payload = self.mutate(payload)
        flags = ACK if rnd.random() < 0.95 else DUMP
        return op, payload, flags

    def command(self):
        op, payload, flags = self.pick()
        number = self.family.number[op]
        if self.rnd.random() < 0.02:
            op, number = "unknown", self.rnd.randrange(256)
        self.count[op] += 1
        try:
            replies = self.seen(self.family.ask(self.family.id, number,
                                                self.rnd.choice((1, 1, 0, 9)),
                                                payload, flags))
        except Refused as refused:
            self.count["refused"] += 1
            error, text = refused.args
            if not text and error not in MUTE:
                raise Broken(f"{op}: {errno.errorcode.get(error, error)} "
                             f"without a text: {payload.hex()}") from None
            self.same(op, payload, "was refused and changed something")
            return
        if flags & DUMP == DUMP or "new" not in op and "set" not in op and \
                "del" not in op and op != "unknown":
            self.same(op, payload, "changed something")
        elif op.endswith("-new"):
            self.one_more(op, payload, replies)
        elif op.endswith("-del"):
            self.less(op, payload)
        else:
            self.before = self.state()

    def same(self, op, payload, what):
        now = self.state()
        if now != self.before:
            gone = {k: v for k, v in self.before.items() if now.get(k) != v}
            new = {k: v for k, v in now.items() if self.before.get(k) != v}
            raise Broken(f"{op} {payload.hex()} {what}: {gone} -> {new}")

    def one_more(self, op, payload, replies):
        now = self.state()
        new = [k for k in now if k not in self.before]
        number = dict(attrs(replies[0]))[2] if replies else None
        if [k[2] for k in new] != [number] or \
                any(k not in now for k in self.before):
            raise Broken(f"{op} {payload.hex()} made {new}")
        self.before = now

    def less(self, op, payload):
        now = self.state()
        gone = [k for k in self.before if k not in now]
        kind = op.replace("-del", "-get")
        if len([k for k in gone if k[0] == kind]) != 1 or \
                any(k not in self.before for k in now):
            raise Broken(f"{op} {payload.hex()} removed {gone}")
        self.before = now

    def link(self):
        """A device with any data, which may go to the other namespace."""
        rnd = self.rnd
        data = b"".join(attr(rnd.randrange(8), rnd.randbytes(
            rnd.choice((1, 1, 1, 4, 4, 0, 7)))) for _ in range(
                rnd.choice((0, 0, 1, 2, 3))))
        name = rnd.choice(("ipsec0", "ipsec1"))
        body = attr(3, name.encode() + b"\0")
        if rnd.random() < 0.2:
            body += attr(5, struct.pack("=I", rnd.choice((1, 2, 777))))
        if rnd.random() < 0.1:
            body += attr(28, struct.pack("=I", self.other))
        body += attr(18 | NESTED, attr(1, b"ipsecx") + attr(2 | NESTED, data))
        index = rnd.choice(self.values.indexes) if rnd.random() < 0.3 else 0
        flags = ACK | CREATE | (0 if index else EXCL)
        self.links.link(RTM_NEWLINK, index, IFF_UP, body, flags)

    def other_thing(self):
        rnd = self.rnd
        index = rnd.choice(self.values.indexes)
        choice = rnd.randrange(6)
        try:
            if choice < 3:
                self.link()
            elif choice == 3:
                self.links.up(index, rnd.random() < 0.8)
            elif choice == 4:
                self.links.mtu(index, rnd.choice((68, 1280, 1418, 9000)))
            elif index != 1 and rnd.random() < 0.4:
                self.links.delete(index)
        except Refused:
            pass
        self.devices()
        self.before = self.state()

    def run(self):
        try:
            for _ in range(STEPS):
                if self.rnd.random() < 0.07 or self.values.indexes == [1]:
                    self.other_thing()
                else:
                    self.command()
                self.seen(list(self.listener.hear()))
        finally:
            self.close()

    def close(self):
        os.kill(self.noise, signal.SIGKILL)
        os.waitpid(self.noise, 0)
        enter(self.birth)
        ends = [self.links.sock.close, self.family.sock.close,
                self.listener.sock.close,
                lambda: os.close(self.space), lambda: os.close(self.other)]
        ends += [sock.close for sock in self.socks]
        self.rnd.shuffle(ends)
        for end in ends:
            end()
        os.close(self.birth)


def main():
    spec, seconds, seed = load_spec(sys.argv[1]), *map(int, sys.argv[2:])
    count, rounds = collections.Counter(), 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            Round(spec, seed + rounds, count).run()
        except BaseException:
            print(f"in the round of seed {seed + rounds}", flush=True)
            raise
        rounds += 1
    print(rounds, "rounds,", dict(count))
    commands = [n for n, o in Family(spec).ops.items() if "do" in o]
    missed = [n for n in commands if not count[n]]
    if missed or not count["refused"]:
        raise Broken(f"never sent: {missed}")


main()
