# SPDX-License-Identifier: MIT
"""What an SA can be made of: algorithm, key, mode, outer family, encapsulation
and kind of sequence number; and our end of one, by the command ipsecx. Sizes
are those of the RFCs."""
import itertools
import json
import os
import re
import subprocess
import sys
import time
from collections import Counter, namedtuple

from netlink import enter

# salt and IV in bytes, ICV in bytes or 0 if an integrity has it, block, and
# key sizes in bits
Encr = namedtuple("Encr", "xfrm salt iv icv block bits")
AES = (128, 192, 256)
ENCR = {
    **{f"aes-gcm-{icv}": Encr("rfc4106(gcm(aes))", 4, 8, icv, 4, AES)
       for icv in (16, 12, 8)},
    **{f"aes-ccm-{icv}": Encr("rfc4309(ccm(aes))", 3, 8, icv, 4, AES)
       for icv in (16, 12, 8)},
    "aes-gmac": Encr("rfc4543(gcm(aes))", 4, 8, 16, 4, AES),
    "chacha20-poly1305": Encr("rfc7539esp(chacha20,poly1305)", 4, 8, 16, 4,
                              (256,)),
    "aes-cbc": Encr("cbc(aes)", 0, 16, 0, 16, AES),
    "aes-ctr": Encr("rfc3686(ctr(aes))", 4, 8, 0, 4, AES),
    "null": Encr("ecb(cipher_null)", 0, 0, 0, 4, (0,)),
}
# key and ICV in bytes
Integ = namedtuple("Integ", "xfrm key icv")
INTEG = {
    "hmac-sha2-256-128": Integ("hmac(sha256)", 32, 16),
    "hmac-sha2-384-192": Integ("hmac(sha384)", 48, 24),
    "hmac-sha2-512-256": Integ("hmac(sha512)", 64, 32),
    "hmac-sha1-96": Integ("hmac(sha1)", 20, 12),
    "aes-cmac-96": Integ("cmac(aes)", 16, 12),
    "aes-xcbc-96": Integ("xcbc(aes)", 16, 12),
}
ROOM = 1500

# The outer addresses of the cells, ours first; and what is inside of tunnels.
# Routes to them into ipsec0 are there for good, see grid.sh.
OUTER = {("tunnel", 4): ("192.0.2.1", "192.0.2.2"),
         ("tunnel", 6): ("2001:db8::1", "2001:db8::2"),
         ("transport", 4): ("192.0.2.11", "192.0.2.12"),
         ("transport", 6): ("2001:db8::11", "2001:db8::12")}
INNER = (("10.1.0.1", "10.2.0.1"), ("fd01::1", "fd02::1"))


class Cell(namedtuple("Cell", "encr integ bits mode outer encap esn")):
    """One combination. integ is None where the encryption has its own."""

    def __str__(self):
        algorithm = "+".join(filter(None, (self.encr, self.integ)))
        return (f"{algorithm}/{self.bits}/{self.mode}/{self.outer}/"
                f"{self.encap}/{'esn' if self.esn else 'no-esn'}")

    @property
    def icv(self):
        return INTEG[self.integ].icv if self.integ else ENCR[self.encr].icv

    @property
    def mtu(self):
        """What fits into ROOM: less headers, IV, ICV, padding and tail."""
        encr = ENCR[self.encr]
        header = 20 if self.outer == 4 else 40
        fixed = header + 8 + encr.iv + self.icv
        if self.encap == "udp":
            fixed += 8
        inner = (ROOM - fixed) // encr.block * encr.block - 2
        return inner if self.mode == "tunnel" else inner + header

    def key(self):
        """A fresh one, with its salt."""
        size = self.bits // 8 + ENCR[self.encr].salt if self.bits else 0
        return os.urandom(size)

    def integ_key(self):
        return os.urandom(INTEG[self.integ].key) if self.integ else b""


def every():
    """All there are."""
    for name, encr in ENCR.items():
        for integ in [None] if encr.icv else INTEG:
            yield from (Cell(name, integ, *rest) for rest in itertools.product(
                encr.bits, ("tunnel", "transport"), (4, 6), ("none", "udp"),
                (False, True)))


def pairwise(cells):
    """As few as will do for each value to meet each other one that it can;
    between equals, those with the values that were seen least."""
    cells = list(cells)
    number = {}
    bits = []
    for cell in cells:
        pairs = itertools.combinations(enumerate(cell), 2)
        bits.append(sum(1 << number.setdefault(p, len(number))
                        for p in pairs))
    left = (1 << len(number)) - 1
    seen = Counter()
    while left:
        new = [bin(b & left).count("1") for b in bits]
        most = max(new)
        best = min((i for i, n in enumerate(new) if n == most),
                   key=lambda i: sum(seen[v] for v in enumerate(cells[i])))
        seen.update(enumerate(cells[best]))
        left &= ~bits[best]
        yield cells[best]


def pick(grid, deep, known=lambda cell: True):
    """Of those that are known the ones whose name the expression matches, or
    all, or a few."""
    found = list(filter(known, every()))
    if grid:
        return [c for c in found if re.search(grid, str(c))]
    return found if deep else list(pairwise(found))


class Skip(Exception):
    """Cannot be done here."""


def tap(todo):
    """Names, functions and their argument, as tests; ends the script."""
    failed = not todo
    start = time.monotonic()
    for number, (name, what, on) in enumerate(todo, 1):
        verdict, why = "ok", ""
        try:
            what(on)
        except Skip as reason:
            why = f" # SKIP {reason}"
        except (RuntimeError, OSError) as error:
            print(f"# {error!r}")
            verdict, failed = "not ok", True
        print(f"{verdict} {number} - {name}{why}", flush=True)
    took = time.monotonic() - start
    print(f"# {took:.0f} s, {took / max(len(todo), 1):.2f} s each\n"
          f"1..{len(todo)}")
    sys.exit(failed)


class Namespace:
    """A network namespace by name, and what is done in it."""

    def __init__(self, name):
        self.fd = os.open(f"/run/netns/{name}", os.O_RDONLY)
        self.home = os.open("/proc/self/ns/net", os.O_RDONLY)

    def __enter__(self):
        enter(self.fd)

    def __exit__(self, *_):
        enter(self.home)

    def run(self, *command, text=""):
        """What it prints; with what it complains of in the exception."""
        with self:
            done = subprocess.run(command, input=text, text=True,
                                  capture_output=True, close_fds=False,
                                  check=False)
        if done.returncode:
            raise RuntimeError(" ".join(command[:3]) + ": " +
                               " ".join(done.stderr.split()))
        return done.stdout


class Ours:
    """A policy on ipsec0 for the cell, and an SA each way. The device's other
    policy keeps its carrier while there is none."""

    def __init__(self, ns, cell, local, remote, keys, spi):
        self.ns, self.cell = ns, cell
        words = [] if cell.encap == "none" else ["encap", "udp", "4500",
                                                 "4500"]
        self.policy = self.say("policy", "add", "dev", "ipsec0", "mode",
                               cell.mode, "local", local, "remote", remote,
                               *words).strip()
        try:
            self.ids = {way: self.add(way, keys[way], spi + i, extra)
                        for i, (way, extra) in enumerate(
                            (("in", ()), ("out", ("activate",))))}
        except RuntimeError:
            self.remove()
            raise

    def say(self, *words):
        return self.ns.run("ipsecx", *words)

    def add(self, way, key, spi, extra):
        cell = self.cell
        words = ["key", key[0].hex()] if key[0] else []
        if cell.integ:
            words += ["integ", cell.integ, "integ-key", key[1].hex()]
        if cell.esn:
            words.append("esn")
        return int(self.say("sa", "add", "dev", "ipsec0", "policy",
                            self.policy, "dir", way, "spi", str(spi), "encr",
                            cell.encr, *words, *extra))

    def mtu(self):
        shown = json.loads(self.say("-j", "policy", "show", "dev", "ipsec0",
                                    "id", self.policy))
        return shown[0]["mtu"]

    def sa(self, way):
        shown = json.loads(self.say("-j", "sa", "show", "dev", "ipsec0", "id",
                                    str(self.ids[way])))
        return shown[0]

    def remove(self):
        self.say("policy", "del", "dev", "ipsec0", "id", self.policy)
