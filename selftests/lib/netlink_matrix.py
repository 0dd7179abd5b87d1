#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""netlink_matrix.py SPEC DEVICE: every attribute of every command that SPEC
has, missing, too short, too long, out of range or in contradiction to another.
Each has to be refused with a text and to change nothing; what is right has to
be accepted. DEVICE is a new ipsecx device, the only one. Prints a line for
each command and each failure; the status says whether there was any."""
import errno
import os
import socket
import struct
import sys

from netlink import SIZE, Family, Refused, address, attr, attrs, load_spec


class Matrix:
    def __init__(self, family, device):
        self.family = family
        self.failed = 0
        self.keys = {"encr-key": {20, 28, 36}, "integ-key": set()}
        self.cases = 0
        self.ifindex = socket.if_nametoindex(device)
        self.lo = socket.if_nametoindex("lo")

    def state(self):
        """All there is, but for what time alone changes."""
        moving = {self.family.kind("sa", n) for n in ("age", "last-used")}
        out = []
        for op in ("device-get", "policy-get", "sa-get"):
            for message in self.family.dump(op):
                out.append([op] + [
                    a for a in attrs(message)
                    if op == "policy-get" or a[0] not in moving])
        return out

    def fail(self, what):
        self.failed += 1
        print("FAILED:", what)

    def refuse(self, op, payload, what):
        self.cases += 1
        before = self.state()
        try:
            self.family.raw(op, payload)
            self.fail(f"{op}: {what}: was accepted")
        except Refused as refused:
            error, text = refused.args
            if not text:
                self.fail(f"{op}: {what}: {errno.errorcode[error]} "
                          "without a text")
        if self.state() != before:
            self.fail(f"{op}: {what}: changed something")

    def refuse_values(self, op, values, what):
        name_of_set = self.family.ops[op]["attribute-set"]
        self.refuse(op, self.family.pack(name_of_set, values), what)

    def wrong_sizes(self, description):
        kind = description["type"]
        if kind in SIZE:
            return set(range(SIZE[kind] + 6)) - {SIZE[kind]}
        if kind == "flag":
            return {1, 4}
        if description["name"] in self.keys:
            return set(range(70)) - self.keys[description["name"]]
        if kind == "binary":
            return set(range(20)) - {4, 16}
        return set()

    def sizes(self, op, base):
        """Each attribute with every length that it cannot have."""
        name_of_set = self.family.ops[op]["attribute-set"]
        names = self.family.ops[op]["do"]["request"]["attributes"]
        for description in self.family.sets[name_of_set]:
            name = description["name"]
            if name not in names:
                continue
            for size in self.wrong_sizes(description):
                value = b"\1" * size or b""
                self.refuse_values(op, {**base, name: value},
                                   f"{name} of {size} bytes")

    def selector_sizes(self, op, base):
        for description in self.family.sets["selector"]:
            for size in self.wrong_sizes(description):
                selector = {description["name"]: b"\1" * size}
                self.refuse_values(op, {**base, "selector": selector},
                                   f"selector {description['name']} of "
                                   f"{size} bytes")

    def shape(self, op, base):
        """What no attribute's own rule catches."""
        name_of_set = self.family.ops[op]["attribute-set"]
        payload = self.family.pack(name_of_set, base)
        self.refuse(op, payload + attr(200, b"1234"), "unknown attribute")
        self.refuse(op, payload + b"\xff\xff\1", "bytes left over")
        self.refuse(op, payload + struct.pack("=HH", 3, 1),
                    "an attribute shorter than its header")
        self.refuse(op, payload + struct.pack("=HH", 100, 1),
                    "an attribute longer than the message")

    def command(self, op, base, needed, wrong):
        before = self.cases
        self.sizes(op, base)
        self.shape(op, base)
        for name in needed:
            self.refuse_values(op, {k: v for k, v in base.items()
                                    if k != name}, f"{name} missing")
        for change in wrong:
            self.refuse_values(op, {**base, **change}, str(change))
        print(f"{op}: {self.cases - before} cases")

    def accept(self, op, values):
        try:
            return self.family.do(op, values)
        except Refused as refused:
            self.fail(f"{op} {values}: {refused}")
            return []


def span(side, start, end):
    return {f"{side}-start": address(start), f"{side}-end": address(end)}


LOCAL = span("local", "10.0.0.0", "10.0.0.255")
PORTS = {"local-port-start": 1, "local-port-end": 2}


def bad_selectors():
    yield {"local-start": address("10.0.0.0")}
    yield {"remote-end": address("10.0.0.0")}
    yield span("local", "10.0.0.1", "10.0.0.0")
    yield span("remote", "fd00::1", "fd00::")
    yield span("local", "10.0.0.1", "fd00::1")
    yield span("local", "::ffff:10.0.0.0", "::ffff:10.0.0.255")
    yield {**LOCAL, **span("remote", "fd00::", "fd00::1")}
    yield {**LOCAL, **PORTS}
    yield {**LOCAL, **PORTS, "protocol": 47}
    yield {**LOCAL, "local-port-start": 1, "protocol": 17}
    yield {**LOCAL, "remote-port-end": 1, "protocol": 17}
    yield {**LOCAL, "local-port-start": 2, "local-port-end": 1,
           "protocol": 17}


def bad_outer():
    """In every command that takes outer addresses."""
    v6 = address("2001:db8::1")
    yield {"local": v6}
    yield {"remote": v6}
    yield {"local": address("::ffff:192.0.2.1"),
           "remote": address("::ffff:192.0.2.2")}
    for nowhere in ("0.0.0.0", "224.0.0.1", "255.255.255.255"):
        yield {"remote": address(nowhere)}
        yield {"local": address(nowhere)}
    for nowhere in ("::", "ff02::1"):
        yield {"remote": address(nowhere), "local": v6}
        yield {"local": address(nowhere), "remote": v6}
    yield {"keepalive": 5, "encap": 2}
    yield {"tfc-pad": 5, "encap": 2}
    yield {"encap": 0xFFFFFFFF}
    yield {"encap": 1}
    yield {"encap": 1, "local-port": 4500}
    yield {"encap": 1, "remote-port": 4500}
    yield {"encap": 1, "local-port": 0, "remote-port": 4500}
    yield {"encap": 1, "local-port": 4500, "remote-port": 0}
    yield {"encap": 0, "local-port": 4500, "remote-port": 4500}
    yield {"local-port": 4500}
    for selector in bad_selectors():
        yield {"selector": selector}
        yield {"selector": [LOCAL, selector]}
    yield {"selector": [LOCAL] * 65}


def bad_device(matrix):
    for ifindex in (0, matrix.lo, 99999, 0x7FFFFFFF, 0xFFFFFFFF):
        yield {"ifindex": ifindex}


def bad_id(matrix):
    yield from bad_device(matrix)
    for number in (0, 99999, 0x7FFFFFFF, 0xFFFFFFFF):
        yield {"id": number}


def run(matrix):
    dev = {"ifindex": matrix.ifindex}
    one = {**dev, "id": 1}
    policy = {**dev, "mode": 1, "local": address("192.0.2.1"),
              "remote": address("192.0.2.2"), "selector": LOCAL}
    out = {**dev, "policy": 1, "direction": 1, "spi": 0x2001, "encr": 20,
           "encr-key": os.urandom(20)}
    into = {**out, "direction": 0, "spi": 0x1002}
    # policy 1, SA 1 in, SA 2 out, as what must not change
    matrix.accept("policy-new", policy)
    matrix.accept("sa-new", {**into, "spi": 0x1001})
    matrix.accept("sa-new", {**out, "spi": 0x2002, "activate": True})
    devices, ids = list(bad_device(matrix)), list(bad_id(matrix))

    matrix.command("cap-get", {}, [], [{"encr": 0}, {"encr": 65535}])
    matrix.command("device-get", dev, ["ifindex"], devices)
    matrix.command("policy-new", policy,
                   ["ifindex", "mode", "local", "remote", "selector"],
                   devices + [{"mode": 2}, {"mode": 0xFFFFFFFF}] +
                   list(bad_outer()))
    matrix.selector_sizes("policy-new", policy)
    matrix.refuse_values("policy-new", {**policy, "mode": 0, "tfc-pad": 1},
                         "tfc-pad in transport mode")
    matrix.command("policy-set", {**one, "local": policy["local"],
                                  "remote": policy["remote"]},
                   ["ifindex", "id"], ids + list(bad_outer()))
    matrix.selector_sizes("policy-set", one)
    matrix.command("policy-get", one, ["ifindex", "id"], ids)
    matrix.command("policy-del", one, ["ifindex", "id"], ids)
    wrong_sa = devices + [
        {"policy": 0}, {"policy": 2}, {"policy": 0xFFFFFFFF},
        {"direction": 2}, {"direction": 0xFFFFFFFF}, {"spi": 0},
        {"spi": 255}, {"encr": 0}, {"encr": 12}, {"encr": 17},
        {"encr": 14}, {"encr": 65535}, {"protocol": 49}, {"protocol": 51},
        {"protocol": 52}, {"protocol": 0xFFFFFFFF},
        {"byte-soft": 1 << 40, "byte-hard": (1 << 40) - 1},
        {"packet-soft": 2, "packet-hard": 1},
        {"time-soft": 0xFFFFFFFF, "time-hard": 1}]
    needed = ["ifindex", "policy", "direction", "spi", "encr", "encr-key"]
    matrix.command("sa-new", out, needed,
                   wrong_sa + [{"replay-window": 64}, {"replay-window": 0},
                               {"integ": 12}, {"integ-key": bytes(32)},
                               {"integ": 12, "integ-key": bytes(32)}])
    matrix.command("sa-new", into, needed,
                   wrong_sa + [{"activate": True}, {"spi": 0x1001},
                               {"replay-window": 8193},
                               {"replay-window": 0xFFFFFFFF}])
    two_keys(matrix, out)
    matrix.command("sa-set", {**dev, "id": 2, "activate": True},
                   ["ifindex", "id", "activate"], ids + [{"id": 1}])
    matrix.command("sa-get", one, ["ifindex", "id"], ids)
    matrix.command("sa-del", one, ["ifindex", "id"], ids)
    matrix.command("spi-alloc", dev, ["ifindex"], devices + [
        {"lowest": 0}, {"lowest": 255}, {"highest": 255},
        {"lowest": 3000, "highest": 2999},
        {"lowest": 0x1001, "highest": 0x1001}])
    matrix.command("spi-free", {**dev, "spi": 0x1001}, ["ifindex", "spi"],
                   devices + [{}])
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp, \
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as unbound, \
            open("/dev/null", "rb") as null:
        matrix.command("socket-attach", {"fd": unbound.fileno()}, ["fd"], [
            {}, {"fd": tcp.fileno()}, {"fd": null.fileno()}, {"fd": 9999},
            {"fd": 0x7FFFFFFF}, {"fd": 0xFFFFFFFF},
            {"fd": matrix.family.sock.fileno()}])
    accepted(matrix, dev, one, policy, out, into)


def two_keys(matrix, out):
    """AES-CBC and HMAC-SHA2-256, and no key but for the latter."""
    cbc = {**out, "encr": 12, "encr-key": bytes(16), "integ": 12,
           "integ-key": bytes(32)}
    matrix.keys = {"encr-key": {16, 24, 32}, "integ-key": {32}}
    needed = ["encr", "encr-key", "integ", "integ-key"]
    matrix.command("sa-new", cbc, needed, [
        {"integ": 0}, {"integ": 1}, {"integ": 7}, {"integ": 65535},
        {"encr": 20, "encr-key": bytes(20)}, {"encr": 11}])
    matrix.keys = {"encr-key": {0}, "integ-key": {20}}
    null = {**out, "encr": 11, "integ": 2, "integ-key": bytes(20)}
    del null["encr-key"]
    matrix.command("sa-new", null, ["encr", "integ", "integ-key"], [
        {"encr-key": bytes(16)}, {"integ": 0}])
    matrix.keys = {"encr-key": set(), "integ-key": {32}}
    matrix.command("sa-new", authenticated(out), ["integ", "integ-key"], [
        {"encr": 11}, {"encr": 20, "encr-key": bytes(20)}, {"integ": 0},
        {"integ": 1}, {"protocol": 50}])


def authenticated(sa):
    """The same of AH, with HMAC-SHA2-256."""
    ah = {**sa, "protocol": 51, "integ": 12, "integ-key": bytes(32)}
    del ah["encr"], ah["encr-key"]
    return ah


def accepted(matrix, dev, one, policy, out, into):
    """Nothing above was refused because all is."""
    v6 = {"local": address("2001:db8::1"), "remote": address("2001:db8::2")}
    matrix.accept("cap-get", {})
    matrix.accept("cap-get", {"encr": 20})
    for op in ("device-get", "policy-get", "sa-get"):
        matrix.accept(op, one if op != "device-get" else dev)
    matrix.accept("policy-new", {**policy, **v6, "mode": 0, "selector": {},
                                 "tfc-pad": 0})
    matrix.refuse_values("policy-set", {**dev, "id": 2, "tfc-pad": 1},
                         "tfc-pad in transport mode")
    matrix.accept("policy-new", {**policy, "selector": [LOCAL] * 64,
                                 "encap": 1, "local-port": 1,
                                 "remote-port": 65535})
    matrix.accept("policy-set", {**one, **v6, "priority": 7})
    matrix.accept("policy-set", {**one, "keepalive": 65535,
                                 "tfc-pad": 65535})
    matrix.accept("policy-set", {**one, "keepalive": 0, "tfc-pad": 0})
    for protocol in (1, 6, 17, 33, 58, 132, 135, 136):
        matrix.accept("policy-set", {**one, "selector": {
            **PORTS, "protocol": protocol}})
    matrix.accept("sa-new", {**into, "replay-window": 8192, "esn": True})
    matrix.accept("sa-new", {**into, "spi": 0xFFFFFFFF, "replay-window": 0})
    matrix.accept("sa-new", {**out, "encr-key": bytes(36)})
    old = {**out, "integ": 2, "integ-key": bytes(20)}
    matrix.accept("sa-new", {**old, "encr": 12, "encr-key": bytes(24)})
    matrix.accept("sa-new", {**old, "encr": 11, "encr-key": b""})
    matrix.accept("sa-new", {**old, "protocol": 50, "encr": 11,
                             "encr-key": b""})
    udp = {"encap": 1, "local-port": 4500, "remote-port": 4500}
    matrix.accept("policy-set", {**one, **v6, **udp})
    matrix.accept("policy-set", {**one, **v6})
    matrix.accept("sa-new", authenticated(out))
    matrix.accept("sa-new", {**authenticated(into), "spi": 0x1003,
                             "esn": True})
    matrix.refuse_values("sa-new", {**authenticated(out), "policy": 3},
                         "AH in UDP")
    matrix.refuse_values("policy-set", {**one, **v6, **udp}, "AH into UDP")
    matrix.accept("sa-set", {**dev, "id": 2, "activate": True})
    matrix.accept("spi-alloc", {**dev, "lowest": 256, "highest": 256})
    matrix.accept("spi-free", {**dev, "spi": 256})
    matrix.refuse_values("spi-free", {**dev, "spi": 256}, "freed twice")
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as udp:
        udp.bind(("::", 4500))
        matrix.accept("socket-attach", {"fd": udp.fileno()})
        matrix.refuse_values("socket-attach", {"fd": udp.fileno()},
                             "attached twice")
    matrix.accept("sa-del", one)
    matrix.refuse_values("sa-del", one, "deleted twice")
    for number in (1, 2, 3):
        matrix.accept("policy-del", {**dev, "id": number})
    if matrix.family.dump("policy-get") or matrix.family.dump("sa-get"):
        matrix.fail("something is left")


def main():
    matrix = Matrix(Family(load_spec(sys.argv[1])), sys.argv[2])
    run(matrix)
    print(f"{matrix.cases} cases, {matrix.failed} failed")
    sys.exit(matrix.failed > 0)


main()
