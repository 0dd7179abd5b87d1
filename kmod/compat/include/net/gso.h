/* SPDX-License-Identifier: GPL-2.0 */
/* Until 6.4 segmentation is declared there. */
#include <linux/netdevice.h>
