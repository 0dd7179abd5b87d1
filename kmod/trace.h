/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM ipsecx

#if !defined(_IPSECX_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _IPSECX_TRACE_H

#include <linux/tracepoint.h>
#include "drop.h"

/* A packet's way through: @len is that of the clear packet. */
DECLARE_EVENT_CLASS(packet,
	TP_PROTO(const char *dev, __be32 spi, u64 seq, unsigned int len),
	TP_ARGS(dev, spi, seq, len),
	TP_STRUCT__entry(
		__array(char, dev, IFNAMSIZ)
		__field(u32, spi)
		__field(u64, seq)
		__field(unsigned int, len)
	),
	TP_fast_assign(
		strscpy(__entry->dev, dev, IFNAMSIZ);
		__entry->spi = ntohl(spi);
		__entry->seq = seq;
		__entry->len = len;
	),
	TP_printk("dev=%s spi=0x%08x seq=%llu len=%u",
		  __entry->dev, __entry->spi, __entry->seq, __entry->len)
);

/* Protected, and about to get its outer headers. */
DEFINE_EVENT(packet, tx,
	TP_PROTO(const char *dev, __be32 spi, u64 seq, unsigned int len),
	TP_ARGS(dev, spi, seq, len)
);

/* Authentic, new, covered by its policy, and about to be delivered. */
DEFINE_EVENT(packet, rx,
	TP_PROTO(const char *dev, __be32 spi, u64 seq, unsigned int len),
	TP_ARGS(dev, spi, seq, len)
);

/* A packet died; the device is empty when none can be blamed. */
TRACE_EVENT(drop,
	TP_PROTO(const char *dev, __be32 spi, int reason),
	TP_ARGS(dev, spi, reason),
	TP_STRUCT__entry(
		__array(char, dev, IFNAMSIZ)
		__field(u32, spi)
		__field(int, reason)
		__array(char, name, 24)
	),
	TP_fast_assign(
		strscpy(__entry->dev, dev, IFNAMSIZ);
		__entry->spi = ntohl(spi);
		__entry->reason = reason;
		strscpy(__entry->name, ipsecx_drop_name(reason), 24);
	),
	TP_printk("dev=%s spi=0x%08x reason=%s",
		  __entry->dev, __entry->spi, __entry->name)
);

#endif /* _IPSECX_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
