# SPDX-License-Identifier: MIT
"""Just enough of netlink to send a kernel what no proper client would, and to
do it fast: the family ipsecx as its spec describes it, and links."""
import ctypes
import os
import socket
import struct
import sys

import yaml

NETLINK_GENERIC = 16
SOL_NETLINK, NETLINK_CAP_ACK, NETLINK_EXT_ACK = 270, 10, 11
REQUEST, ACK, DUMP = 1, 4, 0x300
NLMSG_ERROR, NLMSG_DONE, CTRL = 2, 3, 16
CAPPED, TLVS = 0x100, 0x200
NESTED = 0x8000
SIZE = {"u8": 1, "u16": 2, "u32": 4, "u64": 8}


RTM_NEWLINK, RTM_DELLINK, RTM_NEWADDR = 16, 17, 20
CREATE, EXCL = 0x400, 0x200
CLONE_NEWNET = 0x40000000
IFF_UP = 1


def attr(kind, payload):
    size = 4 + len(payload)
    return struct.pack("=HH", size, kind) + payload + bytes(-size % 4)


def attrs(data):
    while len(data) >= 4:
        size, kind = struct.unpack_from("=HH", data)
        yield kind & 0x3FFF, data[4:size]
        data = data[(size + 3) & ~3:]


class Refused(Exception):
    """Its arguments are the error's number and text."""


class Socket:
    """A netlink socket that waits for the answer to each request."""

    def __init__(self, protocol):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                  protocol)
        self.sock.setsockopt(SOL_NETLINK, NETLINK_CAP_ACK, 1)
        self.sock.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
        self.seq = 0

    def talk(self, kind, body, flags=ACK):
        self.seq += 1
        self.sock.send(struct.pack("=IHHII", 16 + len(body), kind,
                                   REQUEST | flags, self.seq, 0) + body)
        replies = []
        while True:
            data = self.sock.recv(1 << 20)
            while data:
                size, kind, bits = struct.unpack_from("=IHH", data)
                message = data[16:size]
                data = data[(size + 3) & ~3:]
                if kind == NLMSG_ERROR:
                    self.refused(message, bits)
                    return replies
                if kind == NLMSG_DONE:
                    return replies
                replies.append(message)

    @staticmethod
    def refused(message, bits):
        error = -struct.unpack_from("=i", message)[0]
        if not error:
            return
        text = ""
        if bits & TLVS:
            at = 20 if bits & CAPPED else \
                4 + struct.unpack_from("=I", message, 4)[0]
            for kind, payload in attrs(message[at:]):
                if kind == 1:
                    text = payload.rstrip(b"\0").decode()
        raise Refused(error, text)


class Links(Socket):
    """Devices and their addresses."""

    def __init__(self):
        super().__init__(socket.NETLINK_ROUTE)

    def add(self, name, kind, index=0):
        info = attr(1, kind.encode())
        self.link(RTM_NEWLINK, index, IFF_UP, attr(3, name.encode() + b"\0") +
                  attr(18 | NESTED, info), ACK | CREATE | EXCL)

    def add_clash(self, kind, index, fd):
        """A device that cannot be registered at last: in the namespace where
        it shall be, not here, its index is taken."""
        self.link(RTM_NEWLINK, index, 0, attr(18 | NESTED, attr(
            1, kind.encode())) + attr(28, struct.pack("=I", fd)),
                  ACK | CREATE)

    def cable(self, name, fd):
        """A veth, and its other end, of the same name, in a namespace."""
        peer = struct.pack("=BxHiII", 0, 0, 0, 0, 0) + \
            attr(3, name.encode() + b"\0") + attr(28, struct.pack("=I", fd))
        info = attr(1, b"veth") + attr(2 | NESTED, attr(1 | NESTED, peer))
        self.link(RTM_NEWLINK, 0, None, attr(3, name.encode() + b"\0") +
                  attr(18 | NESTED, info), ACK | CREATE | EXCL)

    def delete(self, index):
        self.link(RTM_DELLINK, index, 0, b"")

    def up(self, index, up):
        self.link(RTM_NEWLINK, index, IFF_UP if up else 0, b"")

    def mtu(self, index, mtu):
        self.link(RTM_NEWLINK, index, None, attr(4, struct.pack("=I", mtu)))

    def set_data(self, index, data):
        """IFLA_INFO_DATA of an ipsecx device: attributes of if_ipsecx.h."""
        self.link(RTM_NEWLINK, index, None, attr(18 | NESTED, attr(
            1, b"ipsecx") + attr(2 | NESTED, b"".join(
                attr(kind, value) for kind, value in data))))

    def move(self, index, fd):
        """To the namespace behind a file descriptor."""
        self.link(RTM_NEWLINK, index, None, attr(28, struct.pack("=I", fd)))

    def link(self, command, index, up, payload, flags=ACK):
        change = 0 if up is None else IFF_UP
        self.talk(command, struct.pack("=BxHiII", 0, 0, index, up or 0,
                                       change) + payload, flags)

    def address(self, index, address, bits):
        packed = socket.inet_aton(address)
        self.talk(RTM_NEWADDR, struct.pack("=BBBBI", socket.AF_INET, bits, 0,
                                           0, index) +
                  attr(1, packed) + attr(2, packed), ACK | CREATE)


class Family(Socket):
    """The family, and what its spec says of it."""

    def __init__(self, spec):
        self.sets = {s["name"]: s["attributes"]
                     for s in spec["attribute-sets"]}
        self.ops = {o["name"]: o for o in spec["operations"]["list"]}
        self.number = {o["name"]: i + 1 for i, o in
                       enumerate(spec["operations"]["list"])}
        super().__init__(NETLINK_GENERIC)
        name = attr(2, spec["name"].encode() + b"\0")
        reply = self.ask(CTRL, 3, 1, name)[0]
        self.id = struct.unpack("=H", dict(attrs(reply))[1])[0]

    def ask(self, family, cmd, version, payload, flags=ACK):
        body = struct.pack("=BBH", cmd, version, 0) + payload
        return [message[4:] for message in self.talk(family, body, flags)]

    def kind(self, name_of_set, name):
        names = [a["name"] for a in self.sets[name_of_set]]
        return names.index(name) + 1

    def pack(self, name_of_set, values):
        """Values are numbers, bytes, True for a flag, a dict for a nest, or a
        list of them for several of one name."""
        out = b""
        for name, value in values.items():
            description = next(a for a in self.sets[name_of_set]
                               if a["name"] == name)
            for one in value if isinstance(value, list) else [value]:
                out += self.pack_one(name_of_set, description, one)
        return out

    def pack_one(self, name_of_set, description, value):
        kind = self.kind(name_of_set, description["name"])
        if isinstance(value, dict):
            return attr(kind | NESTED,
                        self.pack(description["nested-attributes"], value))
        if value is True:
            return attr(kind, b"")
        if isinstance(value, int):
            order = "big" if "byte-order" in description else sys.byteorder
            return attr(kind, value.to_bytes(SIZE[description["type"]],
                                             order))
        return attr(kind, value)

    def raw(self, op, payload, flags=ACK):
        return self.ask(self.id, self.number[op], 1, payload, flags)

    def do(self, op, values):
        return self.raw(op, self.pack(self.ops[op]["attribute-set"], values))

    def dump(self, op):
        return self.raw(op, b"", DUMP)


def load_spec(path):
    with open(path, encoding="utf-8") as f:
        return yaml.load(f, yaml.CSafeLoader)


def system(function, *arguments):
    """A call of libc's that Python has no name for."""
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, function)(*arguments) < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), function)


def enter(fd):
    """Into the network namespace behind a file descriptor."""
    system("setns", fd, CLONE_NEWNET)


def new_namespace():
    """A network namespace, which lives as long as the descriptor."""
    with open("/proc/thread-self/ns/net", "rb") as birth:
        system("unshare", CLONE_NEWNET)
        fd = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        enter(birth.fileno())
    return fd


def address(text):
    family = socket.AF_INET6 if ":" in text else socket.AF_INET
    return socket.inet_pton(family, text)
