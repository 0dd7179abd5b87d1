#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""multicast.py DEVICE...: a sends as OSPF does, to all of its routers, by each
device, and b hears it there, from the right device and source."""
import os
import select
import socket
import struct
import sys

from netlink import enter

OSPF = 89
GROUP = {4: "224.0.0.5", 6: "ff02::5"}


def raw(namespace, family):
    fd = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    enter(fd)
    return socket.socket(socket.AF_INET if family == 4 else socket.AF_INET6,
                         socket.SOCK_RAW, OSPF)


def join(sock, family, index):
    if family == 4:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                        socket.inet_aton(GROUP[4]) +
                        struct.pack("=4xi", index))
    else:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP,
                        socket.inet_pton(socket.AF_INET6, GROUP[6]) +
                        struct.pack("=i", index))


def send_by(sock, family, index):
    if family == 4:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF,
                        struct.pack("=8xi", index))
    else:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)


def heard(device, family):
    hello = os.urandom(24)
    with raw("b", family) as inbox, raw("a", family) as sender:
        inbox.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE,
                         device.encode())
        enter(os.open("/run/netns/b", os.O_RDONLY))
        join(inbox, family, socket.if_nametoindex(device))
        enter(os.open("/run/netns/a", os.O_RDONLY))
        send_by(sender, family, socket.if_nametoindex(device))
        sender.sendto(hello, (GROUP[family], 0))
        while select.select([inbox], [], [], 10)[0]:
            packet, source = inbox.recvfrom(2048)
            if packet[20 if family == 4 else 0:] == hello:
                print(device, GROUP[family], "from", source[0])
                return True
    print(device, GROUP[family], "was not heard")
    return False


sys.exit(not all([heard(device, family) for device in sys.argv[1:]
                  for family in (4, 6)]))
