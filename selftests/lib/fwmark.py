#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""fwmark.py DEVICE MARK: what stock iproute2 has no word for."""
import socket
import sys

from netlink import Links

Links().fwmark(socket.if_nametoindex(sys.argv[1]), int(sys.argv[2]))
