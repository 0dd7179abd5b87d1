// SPDX-License-Identifier: MIT
/* uapi/ipsecx.yaml, attribute by attribute. */
#include "field.h"

/* clang-format off */
#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* The array noun_field describes struct obj. */
#define FIELDS(noun, obj)						\
	const struct ipsecx_fields ipsecx_##noun##_fields = {		\
		.size = sizeof(struct obj),				\
		.n = COUNT(noun##_field),				\
		.field = noun##_field,					\
	}

#define FIELD(a, k, label, obj, member, ...) {				\
		.attr = (a),						\
		.kind = IPSECX_FIELD_##k,				\
		.name = (label),					\
		.offset = offsetof(struct obj, member),			\
		__VA_ARGS__						\
	}

#define HAS(obj, member)	.has = offsetof(struct obj, member)
#define ROOM(obj, member)	.size = sizeof(((struct obj *)0)->member)
#define OPTIONAL		.optional = true

static const struct ipsecx_field selector_field[] = {
#define A(attr, ...)	FIELD(IPSECX_A_SELECTOR_##attr, __VA_ARGS__)
#define S		ipsecx_selector
	A(LOCAL_START, ADDR, "local-start", S, local_start, OPTIONAL),
	A(LOCAL_END, ADDR, "local-end", S, local_end, OPTIONAL),
	A(REMOTE_START, ADDR, "remote-start", S, remote_start, OPTIONAL),
	A(REMOTE_END, ADDR, "remote-end", S, remote_end, OPTIONAL),
	A(PROTOCOL, U8, "protocol", S, protocol, OPTIONAL),
	A(LOCAL_PORT_START, U16, "local-port-start", S, local_port_start,
	  HAS(S, has_local_port)),
	A(LOCAL_PORT_END, U16, "local-port-end", S, local_port_end,
	  HAS(S, has_local_port)),
	A(REMOTE_PORT_START, U16, "remote-port-start", S, remote_port_start,
	  HAS(S, has_remote_port)),
	A(REMOTE_PORT_END, U16, "remote-port-end", S, remote_port_end,
	  HAS(S, has_remote_port)),
#undef S
#undef A
};

FIELDS(selector, ipsecx_selector);

static const struct ipsecx_field drop_field[] = {
	FIELD(IPSECX_A_DROP_REASON, U32, "reason", ipsecx_drop, reason,
	      .names = &ipsecx_drop_names),
	FIELD(IPSECX_A_DROP_PACKETS, UINT, "packets", ipsecx_drop, packets),
};

FIELDS(drop, ipsecx_drop);

#define DROPS(obj, member)						\
	HAS(obj, member.n), .size = IPSECX_DROPS_MAX,			\
	.nest = &ipsecx_drop_fields

static const struct ipsecx_field encr_cap_field[] = {
#define A(attr, ...)	FIELD(IPSECX_A_ENCR_CAP_##attr, __VA_ARGS__)
#define S		ipsecx_encr_cap
	A(ENCR, U16, "encr", S, encr, .names = &ipsecx_encr_names),
	A(KEY_LENGTH, U16S, "key-length", S, key_length, HAS(S, n_key_lengths),
	  .size = IPSECX_KEY_LENGTHS_MAX),
	A(DRIVER, STRING, "driver", S, driver, OPTIONAL, ROOM(S, driver)),
	A(ASYNC, FLAG, "async", S, async),
#undef S
#undef A
};

static FIELDS(encr_cap, ipsecx_encr_cap);

static const struct ipsecx_field integ_cap_field[] = {
#define A(attr, ...)	FIELD(IPSECX_A_INTEG_CAP_##attr, __VA_ARGS__)
#define S		ipsecx_integ_cap
	A(INTEG, U16, "integ", S, integ, .names = &ipsecx_integ_names),
	A(KEY_LENGTH, U16, "key-length", S, key_length),
	A(DRIVER, STRING, "driver", S, driver, OPTIONAL, ROOM(S, driver)),
#undef S
#undef A
};

static FIELDS(integ_cap, ipsecx_integ_cap);

static const struct ipsecx_field cap_field[] = {
	FIELD(IPSECX_A_CAP_MAX_REPLAY_WINDOW, U32, "max-replay-window",
	      ipsecx_cap, max_replay_window),
	FIELD(IPSECX_A_CAP_ENCR_CAP, NESTS, "encr-cap", ipsecx_cap, encr,
	      HAS(ipsecx_cap, n_encrs), .size = IPSECX_ENCR_CAPS_MAX,
	      .nest = &ipsecx_encr_cap_fields),
	FIELD(IPSECX_A_CAP_INTEG_CAP, NESTS, "integ-cap", ipsecx_cap, integ,
	      HAS(ipsecx_cap, n_integs), .size = IPSECX_INTEG_CAPS_MAX,
	      .nest = &ipsecx_integ_cap_fields),
};

FIELDS(cap, ipsecx_cap);

static const struct ipsecx_field device_field[] = {
#define A(attr, ...)	FIELD(IPSECX_A_DEVICE_##attr, __VA_ARGS__)
#define S		ipsecx_device
	A(IFINDEX, U32, "ifindex", S, ifindex),
	A(IFNAME, STRING, "ifname", S, ifname, ROOM(S, ifname)),
	A(POLICIES, U32, "policies", S, policies),
	A(SAS, U32, "sas", S, sas),
	A(HELD, U32, "held", S, held),
	A(LINK, U32, "link", S, link),
	A(FWMARK, U32, "fwmark", S, fwmark),
	A(TTL, U8, "ttl", S, ttl),
	A(DSCP, U8, "dscp", S, dscp),
	A(DF, U8, "df", S, df, .names = &ipsecx_df_names),
	A(RX_PACKETS, UINT, "rx-packets", S, rx_packets),
	A(RX_BYTES, UINT, "rx-bytes", S, rx_bytes),
	A(TX_PACKETS, UINT, "tx-packets", S, tx_packets),
	A(TX_BYTES, UINT, "tx-bytes", S, tx_bytes),
	A(DROP, NESTS, "drop", S, drops.drop, DROPS(S, drops)),
	A(NETNS_DROP, NESTS, "netns-drop", S, netns_drops.drop,
	  DROPS(S, netns_drops)),
#undef S
#undef A
};

FIELDS(device, ipsecx_device);

static const struct ipsecx_field policy_field[] = {
#define A(attr, ...)	FIELD(IPSECX_A_POLICY_##attr, __VA_ARGS__)
#define S		ipsecx_policy
	A(IFINDEX, U32, "ifindex", S, ifindex),
	A(ID, U32, "id", S, id, OPTIONAL),
	A(MODE, U32, "mode", S, mode, .names = &ipsecx_mode_names),
	A(LOCAL, ADDR, "local", S, local, OPTIONAL),
	A(REMOTE, ADDR, "remote", S, remote, OPTIONAL),
	A(ENCAP, U32, "encap", S, encap, HAS(S, has_encap),
	  .names = &ipsecx_encap_names),
	A(LOCAL_PORT, U16, "local-port", S, local_port, OPTIONAL),
	A(REMOTE_PORT, U16, "remote-port", S, remote_port, OPTIONAL),
	A(PRIORITY, U32, "priority", S, priority, HAS(S, has_priority)),
	A(SELECTOR, NESTS, "selector", S, selector, HAS(S, n_selectors),
	  .size = IPSECX_SELECTORS_MAX, .nest = &ipsecx_selector_fields),
	A(SA, U32, "sa", S, sa, OPTIONAL),
	A(MTU, U32, "mtu", S, mtu, OPTIONAL),
	A(DROP_HELD, FLAG, "drop-held", S, drop_held, OPTIONAL),
#undef S
#undef A
};

FIELDS(policy, ipsecx_policy);

/* The keys are missing on purpose: nothing that goes by a table can show one. */
static const struct ipsecx_field sa_field[] = {
#define A(attr, ...)	FIELD(IPSECX_A_SA_##attr, __VA_ARGS__)
#define S		ipsecx_sa
	A(IFINDEX, U32, "ifindex", S, ifindex),
	A(ID, U32, "id", S, id, OPTIONAL),
	A(POLICY, U32, "policy", S, policy, OPTIONAL),
	A(DIRECTION, U32, "direction", S, direction,
	  .names = &ipsecx_direction_names),
	A(SPI, SPI, "spi", S, spi),
	A(ENCR, U16, "encr", S, encr, .names = &ipsecx_encr_names),
	A(INTEG, U16, "integ", S, integ, OPTIONAL,
	  .names = &ipsecx_integ_names),
	A(ESN, FLAG, "esn", S, esn),
	A(REPLAY_WINDOW, U32, "replay-window", S, replay_window,
	  HAS(S, has_replay_window)),
	A(CURRENT, FLAG, "current", S, current),
	A(SEQUENCE, UINT, "sequence", S, sequence),
	A(PACKETS, UINT, "packets", S, packets),
	A(BYTES, UINT, "bytes", S, bytes),
	A(DROP, NESTS, "drop", S, drops.drop, DROPS(S, drops)),
	A(DRIVER, STRING, "driver", S, driver, OPTIONAL, ROOM(S, driver)),
	A(LAST_USED, U32, "last-used", S, last_used, HAS(S, has_last_used)),
	A(AGE, U32, "age", S, age),
	A(BYTE_SOFT, UINT, "byte-soft", S, byte_soft, OPTIONAL),
	A(BYTE_HARD, UINT, "byte-hard", S, byte_hard, OPTIONAL),
	A(PACKET_SOFT, UINT, "packet-soft", S, packet_soft, OPTIONAL),
	A(PACKET_HARD, UINT, "packet-hard", S, packet_hard, OPTIONAL),
	A(TIME_SOFT, U32, "time-soft", S, time_soft, OPTIONAL),
	A(TIME_HARD, U32, "time-hard", S, time_hard, OPTIONAL),
	A(IDLE, U32, "idle", S, idle, OPTIONAL),
#undef S
#undef A
};

FIELDS(sa, ipsecx_sa);

static const struct ipsecx_field spi_field[] = {
	FIELD(IPSECX_A_SPI_IFINDEX, U32, "ifindex", ipsecx_spi, ifindex),
	FIELD(IPSECX_A_SPI_SPI, SPI, "spi", ipsecx_spi, spi),
};

FIELDS(spi, ipsecx_spi);

#define S		ipsecx_event
static const struct ipsecx_field event_acquire_field[] = {
#define A(attr, ...)	FIELD(IPSECX_A_ACQUIRE_##attr, __VA_ARGS__)
	A(IFINDEX, U32, "ifindex", S, ifindex),
	A(POLICY, U32, "policy", S, policy),
	A(LOCAL, ADDR, "local", S, local, OPTIONAL),
	A(REMOTE, ADDR, "remote", S, remote, OPTIONAL),
	A(PROTOCOL, U8, "protocol", S, protocol),
	A(LOCAL_PORT, U16, "local-port", S, local_port, HAS(S, has_ports)),
	A(REMOTE_PORT, U16, "remote-port", S, remote_port, HAS(S, has_ports)),
#undef A
};

FIELDS(event_acquire, ipsecx_event);

static const struct ipsecx_field event_policy_field[] = {
#define A(attr, ...)	FIELD(IPSECX_A_POLICY_##attr, __VA_ARGS__)
	A(IFINDEX, U32, "ifindex", S, ifindex),
	A(ID, U32, "id", S, policy),
	A(REASON, U32, "reason", S, reason, HAS(S, has_reason),
	  .names = &ipsecx_delete_names),
#undef A
};

FIELDS(event_policy, ipsecx_event);

static const struct ipsecx_field event_sa_field[] = {
#define A(attr, ...)	FIELD(IPSECX_A_SA_##attr, __VA_ARGS__)
	A(IFINDEX, U32, "ifindex", S, ifindex),
	A(ID, U32, "id", S, sa),
	A(POLICY, U32, "policy", S, policy),
	A(DIRECTION, U32, "direction", S, direction,
	  .names = &ipsecx_direction_names),
	A(SPI, SPI, "spi", S, spi),
	A(KIND, U32, "kind", S, kind, HAS(S, has_kind),
	  .names = &ipsecx_expire_names),
	A(CAUSE, U32, "cause", S, cause, HAS(S, has_cause),
	  .names = &ipsecx_cause_names),
	A(REASON, U32, "reason", S, reason, HAS(S, has_reason),
	  .names = &ipsecx_delete_names),
#undef A
};

FIELDS(event_sa, ipsecx_event);

static const struct ipsecx_field event_peer_field[] = {
#define A(attr, ...)	FIELD(IPSECX_A_PEER_##attr, __VA_ARGS__)
	A(IFINDEX, U32, "ifindex", S, ifindex, OPTIONAL),
	A(POLICY, U32, "policy", S, policy, OPTIONAL),
	A(SA, U32, "sa", S, sa, OPTIONAL),
	A(SPI, SPI, "spi", S, spi),
	A(LOCAL, ADDR, "local", S, local, OPTIONAL),
	A(REMOTE, ADDR, "remote", S, remote, OPTIONAL),
	A(LOCAL_PORT, U16, "local-port", S, local_port, HAS(S, has_ports)),
	A(REMOTE_PORT, U16, "remote-port", S, remote_port, HAS(S, has_ports)),
#undef A
};

FIELDS(event_peer, ipsecx_event);
#undef S
/* clang-format on */
