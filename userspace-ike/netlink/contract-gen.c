/* SPDX-License-Identifier: MIT */
/* Made from uapi/ipsecx.yaml by userspace-ike/netlink/generate. */
#include <stddef.h>

#include "contract-gen.h"

static const char *const mode_name[] = {
	[0] = "transport",
	[1] = "tunnel",
};
const struct ipsecx_names ipsecx_mode_names = { 2, mode_name };

static const char *const encap_name[] = {
	[0] = "none",
	[1] = "udp",
};
const struct ipsecx_names ipsecx_encap_names = { 2, encap_name };

static const char *const protocol_name[] = {
	[50] = "esp",
	[51] = "ah",
};
const struct ipsecx_names ipsecx_protocol_names = { 52, protocol_name };

static const char *const direction_name[] = {
	[0] = "in",
	[1] = "out",
};
const struct ipsecx_names ipsecx_direction_names = { 2, direction_name };

static const char *const df_name[] = {
	[0] = "clear",
	[1] = "copy",
	[2] = "set",
};
const struct ipsecx_names ipsecx_df_names = { 3, df_name };

static const char *const encr_name[] = {
	[11] = "null",
	[12] = "aes-cbc",
	[13] = "aes-ctr",
	[14] = "aes-ccm-8",
	[15] = "aes-ccm-12",
	[16] = "aes-ccm-16",
	[18] = "aes-gcm-8",
	[19] = "aes-gcm-12",
	[20] = "aes-gcm-16",
	[21] = "aes-gmac",
	[28] = "chacha20-poly1305",
};
const struct ipsecx_names ipsecx_encr_names = { 29, encr_name };

static const char *const integ_name[] = {
	[0] = "none",
	[2] = "hmac-sha1-96",
	[5] = "aes-xcbc-96",
	[8] = "aes-cmac-96",
	[12] = "hmac-sha2-256-128",
	[13] = "hmac-sha2-384-192",
	[14] = "hmac-sha2-512-256",
};
const struct ipsecx_names ipsecx_integ_names = { 15, integ_name };

static const char *const drop_reason_name[] = {
	[0] = "unspec",
	[1] = "inner-malformed",
	[2] = "no-policy",
	[3] = "no-sa",
	[4] = "hold-overflow",
	[5] = "too-big",
	[6] = "no-route",
	[7] = "loop",
	[8] = "seq-exhausted",
	[9] = "no-memory",
	[10] = "crypto",
	[11] = "segment",
	[12] = "mode",
	[13] = "device-down",
	[14] = "esp-malformed",
	[15] = "unknown-spi",
	[16] = "encap-mismatch",
	[17] = "replay",
	[18] = "replay-old",
	[19] = "integrity",
	[20] = "padding",
	[21] = "next-header",
	[22] = "selector-mismatch",
	[23] = "decap-malformed",
	[24] = "ecn",
	[25] = "dummy",
	[26] = "sa-expired",
	[27] = "output",
};
const struct ipsecx_names ipsecx_drop_reason_names = { 28, drop_reason_name };

static const char *const expire_kind_name[] = {
	[0] = "soft",
	[1] = "hard",
	[2] = "idle",
};
const struct ipsecx_names ipsecx_expire_kind_names = { 3, expire_kind_name };

static const char *const expire_cause_name[] = {
	[0] = "sequence",
	[1] = "bytes",
	[2] = "packets",
	[3] = "time",
	[4] = "idle",
};
const struct ipsecx_names ipsecx_expire_cause_names = { 5, expire_cause_name };

static const char *const delete_reason_name[] = {
	[0] = "user",
	[1] = "policy",
	[2] = "device",
};
const struct ipsecx_names ipsecx_delete_reason_names = { 3, delete_reason_name };

static const struct ipsecx_field selector_field[] = {
	{ "local-start", IPSECX_A_SELECTOR_LOCAL_START, IPSECX_ADDR, offsetof(struct ipsecx_selector, local_start) },
	{ "local-end", IPSECX_A_SELECTOR_LOCAL_END, IPSECX_ADDR, offsetof(struct ipsecx_selector, local_end) },
	{ "remote-start", IPSECX_A_SELECTOR_REMOTE_START, IPSECX_ADDR, offsetof(struct ipsecx_selector, remote_start) },
	{ "remote-end", IPSECX_A_SELECTOR_REMOTE_END, IPSECX_ADDR, offsetof(struct ipsecx_selector, remote_end) },
	{ "protocol", IPSECX_A_SELECTOR_PROTOCOL, IPSECX_U8, offsetof(struct ipsecx_selector, protocol), .min = 0, .max = UINT8_MAX },
	{ "local-port-start", IPSECX_A_SELECTOR_LOCAL_PORT_START, IPSECX_U16, offsetof(struct ipsecx_selector, local_port_start), .min = 0, .max = UINT16_MAX },
	{ "local-port-end", IPSECX_A_SELECTOR_LOCAL_PORT_END, IPSECX_U16, offsetof(struct ipsecx_selector, local_port_end), .min = 0, .max = UINT16_MAX },
	{ "remote-port-start", IPSECX_A_SELECTOR_REMOTE_PORT_START, IPSECX_U16, offsetof(struct ipsecx_selector, remote_port_start), .min = 0, .max = UINT16_MAX },
	{ "remote-port-end", IPSECX_A_SELECTOR_REMOTE_PORT_END, IPSECX_U16, offsetof(struct ipsecx_selector, remote_port_end), .min = 0, .max = UINT16_MAX },
};
const struct ipsecx_attrs ipsecx_selector_attrs = { sizeof(struct ipsecx_selector), 9, selector_field };

static const struct ipsecx_field drop_field[] = {
	{ "reason", IPSECX_A_DROP_REASON, IPSECX_U32, offsetof(struct ipsecx_drop, reason), .min = 0, .max = UINT32_MAX, .names = &ipsecx_drop_reason_names },
	{ "packets", IPSECX_A_DROP_PACKETS, IPSECX_UINT, offsetof(struct ipsecx_drop, packets), .min = 0, .max = UINT64_MAX },
};
const struct ipsecx_attrs ipsecx_drop_attrs = { sizeof(struct ipsecx_drop), 2, drop_field };

static const struct ipsecx_field encr_cap_field[] = {
	{ "encr", IPSECX_A_ENCR_CAP_ENCR, IPSECX_U16, offsetof(struct ipsecx_encr_cap, encr), .min = 0, .max = UINT16_MAX, .names = &ipsecx_encr_names },
	{ "key-length", IPSECX_A_ENCR_CAP_KEY_LENGTH, IPSECX_U16S, offsetof(struct ipsecx_encr_cap, key_length), .count = offsetof(struct ipsecx_encr_cap, n_key_length), .room = 8 },
	{ "driver", IPSECX_A_ENCR_CAP_DRIVER, IPSECX_STRING, offsetof(struct ipsecx_encr_cap, driver), .room = 128 },
	{ "async", IPSECX_A_ENCR_CAP_ASYNC, IPSECX_FLAG, offsetof(struct ipsecx_encr_cap, async) },
};
const struct ipsecx_attrs ipsecx_encr_cap_attrs = { sizeof(struct ipsecx_encr_cap), 4, encr_cap_field };

static const struct ipsecx_field integ_cap_field[] = {
	{ "integ", IPSECX_A_INTEG_CAP_INTEG, IPSECX_U16, offsetof(struct ipsecx_integ_cap, integ), .min = 0, .max = UINT16_MAX, .names = &ipsecx_integ_names },
	{ "key-length", IPSECX_A_INTEG_CAP_KEY_LENGTH, IPSECX_U16, offsetof(struct ipsecx_integ_cap, key_length), .min = 0, .max = UINT16_MAX },
	{ "driver", IPSECX_A_INTEG_CAP_DRIVER, IPSECX_STRING, offsetof(struct ipsecx_integ_cap, driver), .room = 128 },
};
const struct ipsecx_attrs ipsecx_integ_cap_attrs = { sizeof(struct ipsecx_integ_cap), 3, integ_cap_field };

static const struct ipsecx_field cap_field[] = {
	{ "encr", IPSECX_A_CAP_ENCR, IPSECX_U16, offsetof(struct ipsecx_cap, encr), .min = 0, .max = UINT16_MAX, .names = &ipsecx_encr_names },
	{ "max-replay-window", IPSECX_A_CAP_MAX_REPLAY_WINDOW, IPSECX_U32, offsetof(struct ipsecx_cap, max_replay_window), .min = 0, .max = UINT32_MAX },
	{ "encr-cap", IPSECX_A_CAP_ENCR_CAP, IPSECX_NESTS, offsetof(struct ipsecx_cap, encr_cap), .count = offsetof(struct ipsecx_cap, n_encr_cap), .room = 16, .nest = &ipsecx_encr_cap_attrs },
	{ "integ-cap", IPSECX_A_CAP_INTEG_CAP, IPSECX_NESTS, offsetof(struct ipsecx_cap, integ_cap), .count = offsetof(struct ipsecx_cap, n_integ_cap), .room = 8, .nest = &ipsecx_integ_cap_attrs },
};
const struct ipsecx_attrs ipsecx_cap_attrs = { sizeof(struct ipsecx_cap), 4, cap_field };

static const struct ipsecx_field device_field[] = {
	{ "ifindex", IPSECX_A_DEVICE_IFINDEX, IPSECX_U32, offsetof(struct ipsecx_device, ifindex), .min = 1, .max = UINT32_MAX },
	{ "ifname", IPSECX_A_DEVICE_IFNAME, IPSECX_STRING, offsetof(struct ipsecx_device, ifname), .room = IF_NAMESIZE },
	{ "policies", IPSECX_A_DEVICE_POLICIES, IPSECX_U32, offsetof(struct ipsecx_device, policies), .min = 0, .max = UINT32_MAX },
	{ "sas", IPSECX_A_DEVICE_SAS, IPSECX_U32, offsetof(struct ipsecx_device, sas), .min = 0, .max = UINT32_MAX },
	{ "held", IPSECX_A_DEVICE_HELD, IPSECX_U32, offsetof(struct ipsecx_device, held), .min = 0, .max = UINT32_MAX },
	{ "link", IPSECX_A_DEVICE_LINK, IPSECX_U32, offsetof(struct ipsecx_device, link), .min = 0, .max = UINT32_MAX },
	{ "fwmark", IPSECX_A_DEVICE_FWMARK, IPSECX_U32, offsetof(struct ipsecx_device, fwmark), .min = 0, .max = UINT32_MAX },
	{ "ttl", IPSECX_A_DEVICE_TTL, IPSECX_U8, offsetof(struct ipsecx_device, ttl), .min = 0, .max = UINT8_MAX },
	{ "dscp", IPSECX_A_DEVICE_DSCP, IPSECX_U8, offsetof(struct ipsecx_device, dscp), .min = 0, .max = UINT8_MAX },
	{ "df", IPSECX_A_DEVICE_DF, IPSECX_U8, offsetof(struct ipsecx_device, df), .min = 0, .max = UINT8_MAX, .names = &ipsecx_df_names },
	{ "rx-packets", IPSECX_A_DEVICE_RX_PACKETS, IPSECX_UINT, offsetof(struct ipsecx_device, rx_packets), .min = 0, .max = UINT64_MAX },
	{ "rx-bytes", IPSECX_A_DEVICE_RX_BYTES, IPSECX_UINT, offsetof(struct ipsecx_device, rx_bytes), .min = 0, .max = UINT64_MAX },
	{ "tx-packets", IPSECX_A_DEVICE_TX_PACKETS, IPSECX_UINT, offsetof(struct ipsecx_device, tx_packets), .min = 0, .max = UINT64_MAX },
	{ "tx-bytes", IPSECX_A_DEVICE_TX_BYTES, IPSECX_UINT, offsetof(struct ipsecx_device, tx_bytes), .min = 0, .max = UINT64_MAX },
	{ "drop", IPSECX_A_DEVICE_DROP, IPSECX_NESTS, offsetof(struct ipsecx_device, drop), .count = offsetof(struct ipsecx_device, n_drop), .room = 64, .nest = &ipsecx_drop_attrs },
	{ "netns-drop", IPSECX_A_DEVICE_NETNS_DROP, IPSECX_NESTS, offsetof(struct ipsecx_device, netns_drop), .count = offsetof(struct ipsecx_device, n_netns_drop), .room = 64, .nest = &ipsecx_drop_attrs },
};
const struct ipsecx_attrs ipsecx_device_attrs = { sizeof(struct ipsecx_device), 16, device_field };

static const struct ipsecx_field policy_field[] = {
	{ "ifindex", IPSECX_A_POLICY_IFINDEX, IPSECX_U32, offsetof(struct ipsecx_policy, ifindex), .min = 1, .max = UINT32_MAX },
	{ "id", IPSECX_A_POLICY_ID, IPSECX_U32, offsetof(struct ipsecx_policy, id), .min = 1, .max = UINT32_MAX },
	{ "mode", IPSECX_A_POLICY_MODE, IPSECX_U32, offsetof(struct ipsecx_policy, mode), .min = 0, .max = UINT32_MAX, .names = &ipsecx_mode_names },
	{ "local", IPSECX_A_POLICY_LOCAL, IPSECX_ADDR, offsetof(struct ipsecx_policy, local) },
	{ "remote", IPSECX_A_POLICY_REMOTE, IPSECX_ADDR, offsetof(struct ipsecx_policy, remote) },
	{ "encap", IPSECX_A_POLICY_ENCAP, IPSECX_U32, offsetof(struct ipsecx_policy, encap), .min = 0, .max = UINT32_MAX, .names = &ipsecx_encap_names },
	{ "local-port", IPSECX_A_POLICY_LOCAL_PORT, IPSECX_U16, offsetof(struct ipsecx_policy, local_port), .min = 1, .max = UINT16_MAX },
	{ "remote-port", IPSECX_A_POLICY_REMOTE_PORT, IPSECX_U16, offsetof(struct ipsecx_policy, remote_port), .min = 1, .max = UINT16_MAX },
	{ "priority", IPSECX_A_POLICY_PRIORITY, IPSECX_U32, offsetof(struct ipsecx_policy, priority), .min = 0, .max = UINT32_MAX },
	{ "selector", IPSECX_A_POLICY_SELECTOR, IPSECX_NESTS, offsetof(struct ipsecx_policy, selector), .count = offsetof(struct ipsecx_policy, n_selector), .room = 64, .nest = &ipsecx_selector_attrs },
	{ "sa", IPSECX_A_POLICY_SA, IPSECX_U32, offsetof(struct ipsecx_policy, sa), .min = 0, .max = UINT32_MAX },
	{ "mtu", IPSECX_A_POLICY_MTU, IPSECX_U32, offsetof(struct ipsecx_policy, mtu), .min = 0, .max = UINT32_MAX },
	{ "reason", IPSECX_A_POLICY_REASON, IPSECX_U32, offsetof(struct ipsecx_policy, reason), .min = 0, .max = UINT32_MAX, .names = &ipsecx_delete_reason_names },
	{ "drop-held", IPSECX_A_POLICY_DROP_HELD, IPSECX_FLAG, offsetof(struct ipsecx_policy, drop_held) },
	{ "keepalive", IPSECX_A_POLICY_KEEPALIVE, IPSECX_U16, offsetof(struct ipsecx_policy, keepalive), .min = 0, .max = UINT16_MAX },
	{ "tfc-pad", IPSECX_A_POLICY_TFC_PAD, IPSECX_U16, offsetof(struct ipsecx_policy, tfc_pad), .min = 0, .max = UINT16_MAX },
};
const struct ipsecx_attrs ipsecx_policy_attrs = { sizeof(struct ipsecx_policy), 16, policy_field };

static const struct ipsecx_field sa_field[] = {
	{ "ifindex", IPSECX_A_SA_IFINDEX, IPSECX_U32, offsetof(struct ipsecx_sa, ifindex), .min = 1, .max = UINT32_MAX },
	{ "id", IPSECX_A_SA_ID, IPSECX_U32, offsetof(struct ipsecx_sa, id), .min = 1, .max = UINT32_MAX },
	{ "policy", IPSECX_A_SA_POLICY, IPSECX_U32, offsetof(struct ipsecx_sa, policy), .min = 1, .max = UINT32_MAX },
	{ "direction", IPSECX_A_SA_DIRECTION, IPSECX_U32, offsetof(struct ipsecx_sa, direction), .min = 0, .max = UINT32_MAX, .names = &ipsecx_direction_names },
	{ "spi", IPSECX_A_SA_SPI, IPSECX_SPI, offsetof(struct ipsecx_sa, spi), .min = 0, .max = UINT32_MAX },
	{ "encr", IPSECX_A_SA_ENCR, IPSECX_U16, offsetof(struct ipsecx_sa, encr), .min = 0, .max = UINT16_MAX, .names = &ipsecx_encr_names },
	{ "encr-key", IPSECX_A_SA_ENCR_KEY, IPSECX_BYTES, offsetof(struct ipsecx_sa, encr_key), .count = offsetof(struct ipsecx_sa, encr_key_len), .room = 64 },
	{ "esn", IPSECX_A_SA_ESN, IPSECX_FLAG, offsetof(struct ipsecx_sa, esn) },
	{ "replay-window", IPSECX_A_SA_REPLAY_WINDOW, IPSECX_U32, offsetof(struct ipsecx_sa, replay_window), .min = 0, .max = 8192 },
	{ "activate", IPSECX_A_SA_ACTIVATE, IPSECX_FLAG, offsetof(struct ipsecx_sa, activate) },
	{ "current", IPSECX_A_SA_CURRENT, IPSECX_FLAG, offsetof(struct ipsecx_sa, current) },
	{ "sequence", IPSECX_A_SA_SEQUENCE, IPSECX_UINT, offsetof(struct ipsecx_sa, sequence), .min = 0, .max = UINT64_MAX },
	{ "packets", IPSECX_A_SA_PACKETS, IPSECX_UINT, offsetof(struct ipsecx_sa, packets), .min = 0, .max = UINT64_MAX },
	{ "bytes", IPSECX_A_SA_BYTES, IPSECX_UINT, offsetof(struct ipsecx_sa, bytes), .min = 0, .max = UINT64_MAX },
	{ "drop", IPSECX_A_SA_DROP, IPSECX_NESTS, offsetof(struct ipsecx_sa, drop), .count = offsetof(struct ipsecx_sa, n_drop), .room = 64, .nest = &ipsecx_drop_attrs },
	{ "driver", IPSECX_A_SA_DRIVER, IPSECX_STRING, offsetof(struct ipsecx_sa, driver), .room = 128 },
	{ "last-used", IPSECX_A_SA_LAST_USED, IPSECX_U32, offsetof(struct ipsecx_sa, last_used), .min = 0, .max = UINT32_MAX },
	{ "age", IPSECX_A_SA_AGE, IPSECX_U32, offsetof(struct ipsecx_sa, age), .min = 0, .max = UINT32_MAX },
	{ "kind", IPSECX_A_SA_KIND, IPSECX_U32, offsetof(struct ipsecx_sa, kind), .min = 0, .max = UINT32_MAX, .names = &ipsecx_expire_kind_names },
	{ "reason", IPSECX_A_SA_REASON, IPSECX_U32, offsetof(struct ipsecx_sa, reason), .min = 0, .max = UINT32_MAX, .names = &ipsecx_delete_reason_names },
	{ "integ", IPSECX_A_SA_INTEG, IPSECX_U16, offsetof(struct ipsecx_sa, integ), .min = 0, .max = UINT16_MAX, .names = &ipsecx_integ_names },
	{ "integ-key", IPSECX_A_SA_INTEG_KEY, IPSECX_BYTES, offsetof(struct ipsecx_sa, integ_key), .count = offsetof(struct ipsecx_sa, integ_key_len), .room = 64 },
	{ "byte-soft", IPSECX_A_SA_BYTE_SOFT, IPSECX_UINT, offsetof(struct ipsecx_sa, byte_soft), .min = 0, .max = UINT64_MAX },
	{ "byte-hard", IPSECX_A_SA_BYTE_HARD, IPSECX_UINT, offsetof(struct ipsecx_sa, byte_hard), .min = 0, .max = UINT64_MAX },
	{ "packet-soft", IPSECX_A_SA_PACKET_SOFT, IPSECX_UINT, offsetof(struct ipsecx_sa, packet_soft), .min = 0, .max = UINT64_MAX },
	{ "packet-hard", IPSECX_A_SA_PACKET_HARD, IPSECX_UINT, offsetof(struct ipsecx_sa, packet_hard), .min = 0, .max = UINT64_MAX },
	{ "time-soft", IPSECX_A_SA_TIME_SOFT, IPSECX_U32, offsetof(struct ipsecx_sa, time_soft), .min = 0, .max = UINT32_MAX },
	{ "time-hard", IPSECX_A_SA_TIME_HARD, IPSECX_U32, offsetof(struct ipsecx_sa, time_hard), .min = 0, .max = UINT32_MAX },
	{ "idle", IPSECX_A_SA_IDLE, IPSECX_U32, offsetof(struct ipsecx_sa, idle), .min = 0, .max = UINT32_MAX },
	{ "cause", IPSECX_A_SA_CAUSE, IPSECX_U32, offsetof(struct ipsecx_sa, cause), .min = 0, .max = UINT32_MAX, .names = &ipsecx_expire_cause_names },
	{ "protocol", IPSECX_A_SA_PROTOCOL, IPSECX_U32, offsetof(struct ipsecx_sa, protocol), .min = 0, .max = UINT32_MAX, .names = &ipsecx_protocol_names },
};
const struct ipsecx_attrs ipsecx_sa_attrs = { sizeof(struct ipsecx_sa), 31, sa_field };

static const struct ipsecx_field spi_field[] = {
	{ "ifindex", IPSECX_A_SPI_IFINDEX, IPSECX_U32, offsetof(struct ipsecx_spi, ifindex), .min = 1, .max = UINT32_MAX },
	{ "lowest", IPSECX_A_SPI_LOWEST, IPSECX_U32, offsetof(struct ipsecx_spi, lowest), .min = 0, .max = UINT32_MAX },
	{ "highest", IPSECX_A_SPI_HIGHEST, IPSECX_U32, offsetof(struct ipsecx_spi, highest), .min = 0, .max = UINT32_MAX },
	{ "spi", IPSECX_A_SPI_SPI, IPSECX_SPI, offsetof(struct ipsecx_spi, spi), .min = 0, .max = UINT32_MAX },
};
const struct ipsecx_attrs ipsecx_spi_attrs = { sizeof(struct ipsecx_spi), 4, spi_field };

static const struct ipsecx_field socket_field[] = {
	{ "fd", IPSECX_A_SOCKET_FD, IPSECX_U32, offsetof(struct ipsecx_socket, fd), .min = 0, .max = UINT32_MAX },
};
const struct ipsecx_attrs ipsecx_socket_attrs = { sizeof(struct ipsecx_socket), 1, socket_field };

static const struct ipsecx_field acquire_field[] = {
	{ "ifindex", IPSECX_A_ACQUIRE_IFINDEX, IPSECX_U32, offsetof(struct ipsecx_acquire, ifindex), .min = 0, .max = UINT32_MAX },
	{ "policy", IPSECX_A_ACQUIRE_POLICY, IPSECX_U32, offsetof(struct ipsecx_acquire, policy), .min = 0, .max = UINT32_MAX },
	{ "local", IPSECX_A_ACQUIRE_LOCAL, IPSECX_ADDR, offsetof(struct ipsecx_acquire, local) },
	{ "remote", IPSECX_A_ACQUIRE_REMOTE, IPSECX_ADDR, offsetof(struct ipsecx_acquire, remote) },
	{ "protocol", IPSECX_A_ACQUIRE_PROTOCOL, IPSECX_U8, offsetof(struct ipsecx_acquire, protocol), .min = 0, .max = UINT8_MAX },
	{ "local-port", IPSECX_A_ACQUIRE_LOCAL_PORT, IPSECX_U16, offsetof(struct ipsecx_acquire, local_port), .min = 0, .max = UINT16_MAX },
	{ "remote-port", IPSECX_A_ACQUIRE_REMOTE_PORT, IPSECX_U16, offsetof(struct ipsecx_acquire, remote_port), .min = 0, .max = UINT16_MAX },
};
const struct ipsecx_attrs ipsecx_acquire_attrs = { sizeof(struct ipsecx_acquire), 7, acquire_field };

static const struct ipsecx_field peer_field[] = {
	{ "ifindex", IPSECX_A_PEER_IFINDEX, IPSECX_U32, offsetof(struct ipsecx_peer, ifindex), .min = 0, .max = UINT32_MAX },
	{ "policy", IPSECX_A_PEER_POLICY, IPSECX_U32, offsetof(struct ipsecx_peer, policy), .min = 0, .max = UINT32_MAX },
	{ "sa", IPSECX_A_PEER_SA, IPSECX_U32, offsetof(struct ipsecx_peer, sa), .min = 0, .max = UINT32_MAX },
	{ "spi", IPSECX_A_PEER_SPI, IPSECX_SPI, offsetof(struct ipsecx_peer, spi), .min = 0, .max = UINT32_MAX },
	{ "local", IPSECX_A_PEER_LOCAL, IPSECX_ADDR, offsetof(struct ipsecx_peer, local) },
	{ "remote", IPSECX_A_PEER_REMOTE, IPSECX_ADDR, offsetof(struct ipsecx_peer, remote) },
	{ "local-port", IPSECX_A_PEER_LOCAL_PORT, IPSECX_U16, offsetof(struct ipsecx_peer, local_port), .min = 0, .max = UINT16_MAX },
	{ "remote-port", IPSECX_A_PEER_REMOTE_PORT, IPSECX_U16, offsetof(struct ipsecx_peer, remote_port), .min = 0, .max = UINT16_MAX },
};
const struct ipsecx_attrs ipsecx_peer_attrs = { sizeof(struct ipsecx_peer), 8, peer_field };

const struct ipsecx_op ipsecx_ops[IPSECX_CMD_MAX + 1] = {
	[IPSECX_CMD_CAP_GET] = { "cap-get", &ipsecx_cap_attrs,
		.takes = IPSECX_HAS(CAP_ENCR),
		.tells = IPSECX_HAS(CAP_MAX_REPLAY_WINDOW) | IPSECX_HAS(CAP_ENCR_CAP) | IPSECX_HAS(CAP_INTEG_CAP), .event = false },
	[IPSECX_CMD_DEVICE_GET] = { "device-get", &ipsecx_device_attrs,
		.takes = IPSECX_HAS(DEVICE_IFINDEX),
		.tells = IPSECX_HAS(DEVICE_IFINDEX) | IPSECX_HAS(DEVICE_IFNAME) | IPSECX_HAS(DEVICE_POLICIES) | IPSECX_HAS(DEVICE_SAS) | IPSECX_HAS(DEVICE_HELD) | IPSECX_HAS(DEVICE_LINK) | IPSECX_HAS(DEVICE_FWMARK) | IPSECX_HAS(DEVICE_TTL) | IPSECX_HAS(DEVICE_DSCP) | IPSECX_HAS(DEVICE_DF) | IPSECX_HAS(DEVICE_RX_PACKETS) | IPSECX_HAS(DEVICE_RX_BYTES) | IPSECX_HAS(DEVICE_TX_PACKETS) | IPSECX_HAS(DEVICE_TX_BYTES) | IPSECX_HAS(DEVICE_DROP) | IPSECX_HAS(DEVICE_NETNS_DROP), .event = false },
	[IPSECX_CMD_POLICY_NEW] = { "policy-new", &ipsecx_policy_attrs,
		.takes = IPSECX_HAS(POLICY_IFINDEX) | IPSECX_HAS(POLICY_MODE) | IPSECX_HAS(POLICY_LOCAL) | IPSECX_HAS(POLICY_REMOTE) | IPSECX_HAS(POLICY_ENCAP) | IPSECX_HAS(POLICY_LOCAL_PORT) | IPSECX_HAS(POLICY_REMOTE_PORT) | IPSECX_HAS(POLICY_PRIORITY) | IPSECX_HAS(POLICY_SELECTOR) | IPSECX_HAS(POLICY_KEEPALIVE) | IPSECX_HAS(POLICY_TFC_PAD),
		.tells = IPSECX_HAS(POLICY_IFINDEX) | IPSECX_HAS(POLICY_ID), .event = false },
	[IPSECX_CMD_POLICY_SET] = { "policy-set", &ipsecx_policy_attrs,
		.takes = IPSECX_HAS(POLICY_IFINDEX) | IPSECX_HAS(POLICY_ID) | IPSECX_HAS(POLICY_LOCAL) | IPSECX_HAS(POLICY_REMOTE) | IPSECX_HAS(POLICY_ENCAP) | IPSECX_HAS(POLICY_LOCAL_PORT) | IPSECX_HAS(POLICY_REMOTE_PORT) | IPSECX_HAS(POLICY_PRIORITY) | IPSECX_HAS(POLICY_SELECTOR) | IPSECX_HAS(POLICY_DROP_HELD) | IPSECX_HAS(POLICY_KEEPALIVE) | IPSECX_HAS(POLICY_TFC_PAD),
		.tells = 0, .event = false },
	[IPSECX_CMD_POLICY_GET] = { "policy-get", &ipsecx_policy_attrs,
		.takes = IPSECX_HAS(POLICY_IFINDEX) | IPSECX_HAS(POLICY_ID),
		.tells = IPSECX_HAS(POLICY_IFINDEX) | IPSECX_HAS(POLICY_ID) | IPSECX_HAS(POLICY_MODE) | IPSECX_HAS(POLICY_LOCAL) | IPSECX_HAS(POLICY_REMOTE) | IPSECX_HAS(POLICY_ENCAP) | IPSECX_HAS(POLICY_LOCAL_PORT) | IPSECX_HAS(POLICY_REMOTE_PORT) | IPSECX_HAS(POLICY_PRIORITY) | IPSECX_HAS(POLICY_SELECTOR) | IPSECX_HAS(POLICY_SA) | IPSECX_HAS(POLICY_MTU) | IPSECX_HAS(POLICY_KEEPALIVE) | IPSECX_HAS(POLICY_TFC_PAD), .event = false },
	[IPSECX_CMD_POLICY_DEL] = { "policy-del", &ipsecx_policy_attrs,
		.takes = IPSECX_HAS(POLICY_IFINDEX) | IPSECX_HAS(POLICY_ID),
		.tells = 0, .event = false },
	[IPSECX_CMD_POLICY_DEL_NTF] = { "policy-del", &ipsecx_policy_attrs,
		.takes = 0,
		.tells = IPSECX_HAS(POLICY_IFINDEX) | IPSECX_HAS(POLICY_ID) | IPSECX_HAS(POLICY_REASON), .event = true },
	[IPSECX_CMD_SA_NEW] = { "sa-new", &ipsecx_sa_attrs,
		.takes = IPSECX_HAS(SA_IFINDEX) | IPSECX_HAS(SA_POLICY) | IPSECX_HAS(SA_DIRECTION) | IPSECX_HAS(SA_SPI) | IPSECX_HAS(SA_PROTOCOL) | IPSECX_HAS(SA_ENCR) | IPSECX_HAS(SA_ENCR_KEY) | IPSECX_HAS(SA_INTEG) | IPSECX_HAS(SA_INTEG_KEY) | IPSECX_HAS(SA_ESN) | IPSECX_HAS(SA_REPLAY_WINDOW) | IPSECX_HAS(SA_ACTIVATE) | IPSECX_HAS(SA_BYTE_SOFT) | IPSECX_HAS(SA_BYTE_HARD) | IPSECX_HAS(SA_PACKET_SOFT) | IPSECX_HAS(SA_PACKET_HARD) | IPSECX_HAS(SA_TIME_SOFT) | IPSECX_HAS(SA_TIME_HARD) | IPSECX_HAS(SA_IDLE),
		.tells = IPSECX_HAS(SA_IFINDEX) | IPSECX_HAS(SA_ID), .event = false },
	[IPSECX_CMD_SA_SET] = { "sa-set", &ipsecx_sa_attrs,
		.takes = IPSECX_HAS(SA_IFINDEX) | IPSECX_HAS(SA_ID) | IPSECX_HAS(SA_ACTIVATE),
		.tells = 0, .event = false },
	[IPSECX_CMD_SA_GET] = { "sa-get", &ipsecx_sa_attrs,
		.takes = IPSECX_HAS(SA_IFINDEX) | IPSECX_HAS(SA_ID),
		.tells = IPSECX_HAS(SA_IFINDEX) | IPSECX_HAS(SA_ID) | IPSECX_HAS(SA_POLICY) | IPSECX_HAS(SA_DIRECTION) | IPSECX_HAS(SA_SPI) | IPSECX_HAS(SA_PROTOCOL) | IPSECX_HAS(SA_ENCR) | IPSECX_HAS(SA_INTEG) | IPSECX_HAS(SA_ESN) | IPSECX_HAS(SA_REPLAY_WINDOW) | IPSECX_HAS(SA_CURRENT) | IPSECX_HAS(SA_SEQUENCE) | IPSECX_HAS(SA_PACKETS) | IPSECX_HAS(SA_BYTES) | IPSECX_HAS(SA_DROP) | IPSECX_HAS(SA_DRIVER) | IPSECX_HAS(SA_LAST_USED) | IPSECX_HAS(SA_AGE) | IPSECX_HAS(SA_BYTE_SOFT) | IPSECX_HAS(SA_BYTE_HARD) | IPSECX_HAS(SA_PACKET_SOFT) | IPSECX_HAS(SA_PACKET_HARD) | IPSECX_HAS(SA_TIME_SOFT) | IPSECX_HAS(SA_TIME_HARD) | IPSECX_HAS(SA_IDLE), .event = false },
	[IPSECX_CMD_SA_DEL] = { "sa-del", &ipsecx_sa_attrs,
		.takes = IPSECX_HAS(SA_IFINDEX) | IPSECX_HAS(SA_ID),
		.tells = 0, .event = false },
	[IPSECX_CMD_SA_DEL_NTF] = { "sa-del", &ipsecx_sa_attrs,
		.takes = 0,
		.tells = IPSECX_HAS(SA_IFINDEX) | IPSECX_HAS(SA_ID) | IPSECX_HAS(SA_POLICY) | IPSECX_HAS(SA_DIRECTION) | IPSECX_HAS(SA_SPI) | IPSECX_HAS(SA_REASON), .event = true },
	[IPSECX_CMD_SA_EXPIRE_NTF] = { "sa-expire", &ipsecx_sa_attrs,
		.takes = 0,
		.tells = IPSECX_HAS(SA_IFINDEX) | IPSECX_HAS(SA_ID) | IPSECX_HAS(SA_POLICY) | IPSECX_HAS(SA_DIRECTION) | IPSECX_HAS(SA_SPI) | IPSECX_HAS(SA_KIND) | IPSECX_HAS(SA_CAUSE), .event = true },
	[IPSECX_CMD_SPI_ALLOC] = { "spi-alloc", &ipsecx_spi_attrs,
		.takes = IPSECX_HAS(SPI_IFINDEX) | IPSECX_HAS(SPI_LOWEST) | IPSECX_HAS(SPI_HIGHEST),
		.tells = IPSECX_HAS(SPI_IFINDEX) | IPSECX_HAS(SPI_SPI), .event = false },
	[IPSECX_CMD_SPI_FREE] = { "spi-free", &ipsecx_spi_attrs,
		.takes = IPSECX_HAS(SPI_IFINDEX) | IPSECX_HAS(SPI_SPI),
		.tells = 0, .event = false },
	[IPSECX_CMD_SOCKET_ATTACH] = { "socket-attach", &ipsecx_socket_attrs,
		.takes = IPSECX_HAS(SOCKET_FD),
		.tells = 0, .event = false },
	[IPSECX_CMD_ACQUIRE_NTF] = { "acquire", &ipsecx_acquire_attrs,
		.takes = 0,
		.tells = IPSECX_HAS(ACQUIRE_IFINDEX) | IPSECX_HAS(ACQUIRE_POLICY) | IPSECX_HAS(ACQUIRE_LOCAL) | IPSECX_HAS(ACQUIRE_REMOTE) | IPSECX_HAS(ACQUIRE_PROTOCOL) | IPSECX_HAS(ACQUIRE_LOCAL_PORT) | IPSECX_HAS(ACQUIRE_REMOTE_PORT), .event = true },
	[IPSECX_CMD_PEER_MOVED_NTF] = { "peer-moved", &ipsecx_peer_attrs,
		.takes = 0,
		.tells = IPSECX_HAS(PEER_IFINDEX) | IPSECX_HAS(PEER_POLICY) | IPSECX_HAS(PEER_SA) | IPSECX_HAS(PEER_SPI) | IPSECX_HAS(PEER_LOCAL) | IPSECX_HAS(PEER_REMOTE) | IPSECX_HAS(PEER_LOCAL_PORT) | IPSECX_HAS(PEER_REMOTE_PORT), .event = true },
	[IPSECX_CMD_UNKNOWN_SPI_NTF] = { "unknown-spi", &ipsecx_peer_attrs,
		.takes = 0,
		.tells = IPSECX_HAS(PEER_SPI) | IPSECX_HAS(PEER_LOCAL) | IPSECX_HAS(PEER_REMOTE) | IPSECX_HAS(PEER_LOCAL_PORT) | IPSECX_HAS(PEER_REMOTE_PORT), .event = true },
};
