#!/bin/bash
# SPDX-License-Identifier: MIT
# A second opinion, and where there is tshark a third: each packet that scapy
# seals is opened, and each that is sealed here is what scapy would make of it,
# byte for byte: every algorithm that scapy has, each mode, outer family,
# encapsulation and kind of sequence number. By default as many combinations as
# it takes for each value to meet each other; all of them in check-deep.
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"
# shellcheck source=../lib/grid.sh
. "$here/../lib/grid.sh"

set -e
grid_ends
"$here/../lib/scapy_grid.py"
