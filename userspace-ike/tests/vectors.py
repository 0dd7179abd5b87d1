#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Print vectors.h: messages and keys made by implementations that are not ours.

The messages are scapy's, the key derivation is written down here from RFC 7296
with Python's hmac and checked against a published CAVP vector (SHA-1, which is
why it is not used directly), the ciphers are those of python3-cryptography.
The output is committed, so that the tests need none of them:

    python3 vectors.py > vectors.h
"""
import hashlib
import hmac
import logging
import struct

logging.getLogger("scapy").setLevel(logging.CRITICAL)

# pylint: disable=wrong-import-position
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from scapy.contrib.ikev2 import (
    IKEv2, IKEv2_payload, IKEv2_payload_AUTH, IKEv2_payload_Encrypted,
    IKEv2_payload_IDi, IKEv2_payload_IDr, IKEv2_payload_KE,
    IKEv2_payload_Nonce, IKEv2_payload_Notify, IKEv2_payload_Proposal,
    IKEv2_payload_SA, IKEv2_payload_Transform, IKEv2_payload_TSi,
    IKEv2_payload_TSr, IKEv2_payload_VendorID, IPv4TrafficSelector,
    IPv6TrafficSelector)

SPI_I = bytes.fromhex("0102030405060708")
SPI_R = bytes.fromhex("1112131415161718")
NI = bytes(range(0x40, 0x60))
NR = bytes(range(0x80, 0xa4))
SHARED = bytes(range(0xc0, 0xe0))
PSK = b"a shared key of the tests"


def prf(name, key, data):
    return hmac.new(key, data, name).digest()


def prf_plus(name, key, seed, length):
    out = t = b""
    i = 1
    while len(out) < length:
        t = prf(name, key, t + seed + bytes([i]))
        out += t
        i += 1
    return out[:length]


def check_cavp():
    """IKEv2 KDF, SHA-1, first vector of the CAVP set with 64-bit nonces"""
    ni = bytes.fromhex("32b50d5f4a3763f3")
    nr = bytes.fromhex("9206a04b26564cb1")
    gir = bytes.fromhex("4b2c1f971981a8ad8d0abeafabf38cf7"
                        "5fc8349c148142465ed9c8b516b8be52")
    gir2 = bytes.fromhex("863f3c9d06efd39d2b907b97f8699e5d"
                         "d5251ef64a2a176f36ee40c87d4f9330")
    spis = bytes.fromhex("34c9e7c1888687853ff77d760d2b2199")
    seed = prf("sha1", ni + nr, gir)
    assert seed.hex() == "a9a7b222b59f8f48645f28a1db5b5f5d7479cba7"
    dkm = prf_plus("sha1", seed, ni + nr + spis, 132)
    assert dkm.hex().startswith("a14293677cc80ff8f9cc0eee30d895da9d8f4056")
    assert dkm.hex().endswith("0a441a81157435a7a56cc4")
    child = prf_plus("sha1", dkm[:20], ni + nr, 132)
    assert child.hex().startswith("8059e3ee8810e6c3a91bc8bcd2a7a41151b8d0e6")
    childke = prf_plus("sha1", dkm[:20], gir2 + ni + nr, 132)
    assert childke.hex().startswith("bb43244c1860ad65ee1e211ffe8bb3661750c8f8")
    rekey = prf("sha1", dkm[:20], gir2 + ni + nr)
    assert rekey.hex() == "63e81194946ebd05df7df5ebf5d8750056bf1f1d"


def emit(name, data):
    text = data.hex()
    lines = [text[i:i + 64] for i in range(0, len(text), 64)] or [""]
    print(f"static const char {name}[] =")
    print("\n".join(f'\t"{line}"' for line in lines) + ";\n")


def keys():
    for name, size in (("sha256", 32), ("sha384", 48), ("sha512", 64)):
        seed = prf(name, NI + NR, SHARED)
        gcm = prf_plus(name, seed, NI + NR + SPI_I + SPI_R, 3 * size + 2 * 36)
        cbc = prf_plus(name, seed, NI + NR + SPI_I + SPI_R,
                       3 * size + 2 * size + 2 * 16)
        sk_d = gcm[:size]
        emit(f"keys_gcm256_{name}", gcm)
        emit(f"keys_cbc128_{name}", cbc)
        emit(f"keys_child_{name}", prf_plus(name, sk_d, NI + NR, 72))
        emit(f"keys_child_ke_{name}",
             prf_plus(name, sk_d, SHARED + NI + NR, 40))
        emit(f"keys_child_cbc_{name}",
             prf_plus(name, sk_d, NI + NR, 2 * (16 + size)))
        rekey = prf(name, sk_d, SHARED + NI + NR)
        emit(f"keys_rekey_{name}",
             prf_plus(name, rekey, NI + NR + SPI_I + SPI_R, 3 * size + 2 * 36))
        ident = bytes([2, 0, 0, 0]) + b"gw.example"
        octets = b"the message" + NR + prf(name, sk_d, ident)
        emit(f"auth_psk_{name}",
             prf(name, prf(name, PSK, b"Key Pad for IKEv2"), octets))


def transform(last, kind, ident, bits=None):
    t = IKEv2_payload_Transform(next_payload=0 if last else 3,
                                transform_type=kind, transform_id=ident,
                                length=12 if bits else 8)
    if bits:
        t.key_length = bits
    return bytes(t)


def proposal(last, num, proto, spi, transforms):
    body = b"".join(transform(i + 1 == len(transforms), *t)
                    for i, t in enumerate(transforms))
    return bytes(IKEv2_payload_Proposal(
        next_payload=0 if last else 2, length=8 + len(spi) + len(body),
        proposal=num, proto=proto, SPIsize=len(spi),
        trans_nb=len(transforms), SPI=spi)) + body


def sa(nxt, *proposals):
    body = b"".join(proposals)
    return bytes(IKEv2_payload_SA(next_payload=nxt,
                                  length=4 + len(body))) + body


def ts(cls, nxt, selectors):
    body = b"".join(bytes(s) for s in selectors)
    return bytes(cls(next_payload=nxt, length=8 + len(body),
                     number_of_TSs=len(selectors))) + body


def header(first, exch, flags, msgid, length):
    return bytes(IKEv2(init_SPI=SPI_I, resp_SPI=SPI_R if exch != 34 or
                       flags & 0x20 else bytes(8), next_payload=first,
                       exch_type=exch, flags=flags, id=msgid, length=length))


def message(first, exch, flags, msgid, body):
    return header(first, exch, flags, msgid, 28 + len(body)) + body


IKE_TRANSFORMS = [(1, 20, 256), (1, 20, 128), (2, 5), (2, 7), (4, 31), (4, 14)]
CBC_TRANSFORMS = [(1, 12, 128), (2, 5), (3, 12), (4, 19)]
ESP_TRANSFORMS = [(1, 20, 256), (5, 1), (5, 0)]


def init_request():
    body = sa(34, proposal(False, 1, 1, b"", IKE_TRANSFORMS),
              proposal(True, 2, 1, b"", CBC_TRANSFORMS))
    body += bytes(IKEv2_payload_KE(next_payload=40, group=31, load=SHARED))
    body += bytes(IKEv2_payload_Nonce(next_payload=41, load=NI))
    for nxt, kind in ((41, 16388), (41, 16389), (43, 16430)):
        load = bytes(range(20)) if kind != 16430 else b""
        body += bytes(IKEv2_payload_Notify(next_payload=nxt, proto=0,
                                           SPIsize=0, type=kind, load=load))
    body += bytes(IKEv2_payload_VendorID(next_payload=0, vendorID=b"scapy"))
    return message(33, 34, 0x08, 0, body)


def init_response():
    body = sa(34, proposal(True, 1, 1, b"",
                           [(1, 20, 256), (2, 5), (4, 31)]))
    body += bytes(IKEv2_payload_KE(next_payload=40, group=31, load=SHARED))
    body += bytes(IKEv2_payload_Nonce(next_payload=0, load=NR))
    return message(33, 34, 0x20, 0, body)


def auth_inner():
    body = bytes(IKEv2_payload_IDi(next_payload=36, length=8 + 10, IDtype=2,
                                   ID=b"gw.example"))
    body += bytes(IKEv2_payload_IDr(next_payload=39, length=8 + 4, IDtype=1,
                                    ID="192.0.2.1"))
    body += bytes(IKEv2_payload_AUTH(next_payload=33, auth_type=2,
                                     load=bytes(range(32))))
    body += sa(44, proposal(True, 1, 3, bytes.fromhex("c0ffee01"),
                            ESP_TRANSFORMS))
    selectors = [IPv4TrafficSelector(IP_protocol_ID=0, length=16,
                                     starting_address_v4="10.1.0.0",
                                     ending_address_v4="10.1.255.255")]
    body += ts(IKEv2_payload_TSi, 45, selectors)
    selectors = [IPv4TrafficSelector(IP_protocol_ID=17, length=16,
                                     start_port=53, end_port=53,
                                     starting_address_v4="10.2.0.1",
                                     ending_address_v4="10.2.0.9"),
                 IPv6TrafficSelector(IP_protocol_ID=0, length=40,
                                     starting_address_v6="fd00::",
                                     ending_address_v6="fdff:ffff:ffff:ffff:"
                                     "ffff:ffff:ffff:ffff")]
    body += ts(IKEv2_payload_TSr, 41, selectors)
    body += bytes(IKEv2_payload_Notify(next_payload=0, proto=0, SPIsize=0,
                                       type=16384))
    return body


def delete_inner():
    load = struct.pack(">BBH", 3, 4, 2) + bytes.fromhex("c0ffee01c0ffee02")
    return bytes(IKEv2_payload(next_payload=0, load=load))


EK_GCM = bytes(range(36))
EK_CBC = bytes(range(32))
AK_CBC = bytes(range(0x20, 0x40))


def sealed_gcm(first, exch, flags, msgid, inner, counter):
    plain = inner + b"\0"
    size = 4 + 8 + len(plain) + 16
    aad = header(46, exch, flags, msgid, 28 + size)
    aad += bytes(IKEv2_payload_Encrypted(next_payload=first, length=size))
    explicit = struct.pack(">Q", counter)
    return aad + explicit + AESGCM(EK_GCM[:32]).encrypt(
        EK_GCM[32:] + explicit, plain, aad)


def sealed_cbc(first, exch, flags, msgid, inner):
    pad = -(len(inner) + 1) % 16
    # pad one block more than needed: receivers take any amount
    plain = inner + bytes(pad + 16) + bytes([pad + 16])
    iv = bytes(range(0xe0, 0xf0))
    enc = Cipher(algorithms.AES(EK_CBC), modes.CBC(iv)).encryptor()
    size = 4 + 16 + len(plain) + 16
    msg = header(46, exch, flags, msgid, 28 + size)
    msg += bytes(IKEv2_payload_Encrypted(next_payload=first, length=size))
    msg += iv + enc.update(plain) + enc.finalize()
    return msg + hmac.new(AK_CBC, msg, hashlib.sha256).digest()[:16]


def main():
    check_cavp()
    print("/* SPDX-License-Identifier: MIT */")
    print("/* written by vectors.py, do not edit */")
    print("#ifndef IKE_TESTS_VECTORS_H\n#define IKE_TESTS_VECTORS_H\n")
    keys()
    emit("msg_init_request", init_request())
    emit("msg_init_response", init_response())
    emit("inner_auth", auth_inner())
    emit("inner_delete", delete_inner())
    emit("msg_auth_gcm", sealed_gcm(35, 35, 0x08, 1, auth_inner(), 7))
    emit("msg_auth_cbc", sealed_cbc(35, 35, 0x08, 1, auth_inner()))
    emit("msg_delete_gcm", sealed_gcm(42, 37, 0x20, 2, delete_inner(), 8))
    emit("msg_empty_gcm", sealed_gcm(0, 37, 0x08, 3, b"", 9))
    print("#endif")


main()
