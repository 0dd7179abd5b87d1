// SPDX-License-Identifier: GPL-2.0
/* Inbound SPIs given out by spi-alloc, before there is an SA. */

#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/slab.h>
#include "esp.h"
#include "sa.h"
#include "spi.h"

#define SPI_LIFETIME	(30 * HZ)
#define SPI_RESERVED_MAX	4096
#define SPI_TRIES	64

/**
 * struct spi_reservation - an SPI that is spoken for
 * @entry: in ipsecx_net.reserved, oldest first
 * @spi: network order
 * @expires: jiffies
 */
struct spi_reservation {
	struct list_head entry;
	__be32 spi;
	unsigned long expires;
};

static void spi_forget(struct ipsecx_net *xn, struct spi_reservation *r)
{
	list_del(&r->entry);
	xn->n_reserved--;
	kfree(r);
}

static void spi_expire(struct ipsecx_net *xn)
{
	struct spi_reservation *r, *tmp;

	list_for_each_entry_safe(r, tmp, &xn->reserved, entry) {
		if (time_before(jiffies, r->expires))
			break;
		spi_forget(xn, r);
	}
}

static struct spi_reservation *spi_find(struct ipsecx_net *xn, __be32 spi)
{
	struct spi_reservation *r;

	list_for_each_entry(r, &xn->reserved, entry)
		if (r->spi == spi)
			return r;
	return NULL;
}

static bool spi_taken(struct ipsecx_net *xn, __be32 spi)
{
	bool taken;

	if (spi_find(xn, spi))
		return true;
	rcu_read_lock();
	taken = ipsecx_sa_lookup(xn, spi);
	rcu_read_unlock();
	return taken;
}

/*
 * Random, so that a peer cannot be led to mistake a new SA for an old one.
 * @lowest is not 0, so the span fits.
 */
static bool spi_pick(struct ipsecx_net *xn, u32 lowest, u32 highest,
		     __be32 *spi)
{
	u32 span = highest - lowest + 1;
	unsigned int i;

	for (i = 0; i < SPI_TRIES; i++) {
		*spi = htonl(lowest + reciprocal_scale(get_random_u32(), span));
		if (!spi_taken(xn, *spi))
			return true;
	}
	return false;
}

int ipsecx_spi_reserve(struct ipsecx_net *xn, u32 lowest, u32 highest,
		       __be32 *spi)
{
	struct spi_reservation *r = kmalloc(sizeof(*r), GFP_KERNEL);
	int err = -ENOSPC;

	if (!r)
		return -ENOMEM;
	spin_lock(&xn->reserved_lock);
	spi_expire(xn);
	if (xn->n_reserved < SPI_RESERVED_MAX &&
	    spi_pick(xn, lowest, highest, spi)) {
		r->spi = *spi;
		r->expires = jiffies + SPI_LIFETIME;
		list_add_tail(&r->entry, &xn->reserved);
		xn->n_reserved++;
		r = NULL;
		err = 0;
	}
	spin_unlock(&xn->reserved_lock);
	kfree(r);
	return err;
}

int ipsecx_spi_release(struct ipsecx_net *xn, __be32 spi)
{
	struct spi_reservation *r;

	spin_lock(&xn->reserved_lock);
	r = spi_find(xn, spi);
	if (r)
		spi_forget(xn, r);
	spin_unlock(&xn->reserved_lock);
	return r ? 0 : -ENOENT;
}

void ipsecx_spi_release_all(struct ipsecx_net *xn)
{
	struct spi_reservation *r, *tmp;

	spin_lock(&xn->reserved_lock);
	list_for_each_entry_safe(r, tmp, &xn->reserved, entry)
		spi_forget(xn, r);
	spin_unlock(&xn->reserved_lock);
}
