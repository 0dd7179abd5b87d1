/* SPDX-License-Identifier: GPL-2.0 */
/* Until 6.11 it has its old name. */
#include <asm/unaligned.h>
