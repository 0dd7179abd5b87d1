// SPDX-License-Identifier: MIT
/* NAT detection (RFC 7296 section 2.23). */
#include "sa.h"

#define HASH_LEN 20

/* SHA-1(SPIs | address | port); in the request the responder's SPI is 0 */
static int natd_hash(const struct ike_sa *sa, const struct ike_addr *addr,
		     bool request, uint8_t out[HASH_LEN])
{
	uint8_t spis[16], port[2];
	const struct ike_span parts[] = {
		ike_span(spis, sizeof(spis)),
		ike_span(addr->ip, addr->len),
		ike_span(port, sizeof(port)),
	};

	ike_put64(spis, sa->spi_i);
	ike_put64(spis + 8, request ? 0 : sa->spi_r);
	ike_put16(port, addr->port);
	return ike_sha1(parts, 3, out);
}

void ike_natd_write(const struct ike_sa *sa, struct ike_builder *b,
		    bool request)
{
	uint8_t source[HASH_LEN], destination[HASH_LEN];

	/* Without SHA-1 nobody learns of a NAT. */
	if (natd_hash(sa, &sa->path.local, request, source) ||
	    natd_hash(sa, &sa->path.remote, request, destination))
		return;
	/* Lying about our address makes the peer see a NAT. */
	if (sa->goal->conn->encap == IKE_ENCAP_YES)
		source[0] ^= 0xff;
	ike_pl_tell(b, IKE_N_NAT_DETECTION_SOURCE_IP,
		    ike_span(source, HASH_LEN));
	ike_pl_tell(b, IKE_N_NAT_DETECTION_DESTINATION_IP,
		    ike_span(destination, HASH_LEN));
}

/* Is there a notify of @type, and does none of them have @addr's hash? */
static bool natd_differs(const struct ike_sa *sa, const struct ike_msg *msg,
			 uint16_t type, const struct ike_addr *addr)
{
	const struct ike_payload *pl = NULL;
	uint8_t hash[HASH_LEN];
	bool any = false;

	if (natd_hash(sa, addr, !ike_hdr_is_response(&msg->hdr), hash))
		return false;
	while ((pl = ike_msg_next(msg, IKE_PL_NOTIFY, pl))) {
		if (pl->notify != type)
			continue;
		if (ike_span_equal(pl->data, ike_span(hash, HASH_LEN)))
			return false;
		any = true;
	}
	return any;
}

void ike_natd_read(struct ike_sa *sa, const struct ike_msg *msg)
{
	sa->nat_remote = natd_differs(sa, msg, IKE_N_NAT_DETECTION_SOURCE_IP,
				      &sa->path.remote);
	sa->nat_local = natd_differs(
		sa, msg, IKE_N_NAT_DETECTION_DESTINATION_IP, &sa->path.local);
}
