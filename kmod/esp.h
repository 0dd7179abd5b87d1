/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_ESP_H
#define _IPSECX_ESP_H

#include <linux/types.h>

/**
 * DOC: the packet (RFC 4303 section 2, RFC 4106 section 3)
 *
 *	outer IP | [UDP] | SPI | seq | IV | payload | pad | pad len | NH | ICV
 *	                 |<-- AAD -->|    |<----- encrypted ----->|
 *
 * The payload is a whole inner packet in tunnel mode, and what follows the IP
 * header (and IPv6 extension headers that stay outside) in transport mode.
 * With ESN the AAD is SPI, high half, low half, while the packet carries the
 * low half only.
 */

/**
 * struct ipsecx_esp_hdr - the ESP header
 * @spi: Security Parameters Index
 * @seq: low 32 bits of the sequence number
 */
struct ipsecx_esp_hdr {
	__be32 spi;
	__be32 seq;
};

/**
 * struct ipsecx_esp_tail - what ends the encrypted part
 * @pad_len: bytes of padding before it
 * @next: protocol number of the payload
 */
struct ipsecx_esp_tail {
	u8 pad_len;
	u8 next;
};

/* RFC 4303 section 2.6. */
#define IPSECX_ESP_NEXT_DUMMY	59
#define IPSECX_SPI_MIN		256

#endif /* _IPSECX_ESP_H */
