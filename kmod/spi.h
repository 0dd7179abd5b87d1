/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_SPI_H
#define _IPSECX_SPI_H

#include "net.h"

/*
 * Reserve an inbound SPI between @lowest and @highest for 30 seconds. Returns
 * 0; -ENOSPC when there is none, or too many are reserved; -ENOMEM. Sleeps.
 */
int ipsecx_spi_reserve(struct ipsecx_net *xn, u32 lowest, u32 highest,
		       __be32 *spi);
/* Forget a reservation; -ENOENT if there is none. */
int ipsecx_spi_release(struct ipsecx_net *xn, __be32 spi);
/* Forget them all. */
void ipsecx_spi_release_all(struct ipsecx_net *xn);

#endif /* _IPSECX_SPI_H */
