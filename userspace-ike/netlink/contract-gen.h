/* SPDX-License-Identifier: MIT */
/* Made from uapi/ipsecx.yaml by userspace-ike/netlink/generate. */
#ifndef IPSECX_NL_CONTRACT_GEN_H
#define IPSECX_NL_CONTRACT_GEN_H

#include <net/if.h>

#include <linux/ipsecx.h>

#include "contract.h"

struct ipsecx_selector { /* A traffic selector pair (RFC 4301 section 4.4.1.1), seen from this end. What is absent matches anything. Addresses are 4 or 16 bytes, all of one family. */
	uint64_t has; /* IPSECX_HAS(SELECTOR_*) */
	struct ipsecx_addr local_start;
	struct ipsecx_addr local_end;
	struct ipsecx_addr remote_start;
	struct ipsecx_addr remote_end;
	uint8_t protocol; /* Upper layer protocol; 0 or absent for any. */
	uint16_t local_port_start; /* Ports need a protocol that has them. A start needs its end. With ICMP, of either family, the message type is in the high byte and the code in the low one, with Mobility Header (135) the type in the high byte; it has to fit both ends' range, and one of them is enough. A later fragment has no ports: a selector with ports does not cover it (RFC 4301 section 7), nor a packet that is too short for them. */
	uint16_t local_port_end;
	uint16_t remote_port_start;
	uint16_t remote_port_end;
};

struct ipsecx_drop {
	uint64_t has; /* IPSECX_HAS(DROP_*) */
	uint32_t reason;
	uint64_t packets;
};

struct ipsecx_encr_cap {
	uint64_t has; /* IPSECX_HAS(ENCR_CAP_*) */
	uint16_t encr;
	unsigned int n_key_length;
	uint16_t key_length[8]; /* In bytes, salt included, as sa-new takes it. */
	char driver[128]; /* The crypto driver that serves it on this machine. */
	bool async; /* The driver may finish a packet later. */
};

struct ipsecx_integ_cap {
	uint64_t has; /* IPSECX_HAS(INTEG_CAP_*) */
	uint16_t integ;
	uint16_t key_length; /* In bytes. */
	char driver[128];
};

struct ipsecx_cap {
	uint64_t has; /* IPSECX_HAS(CAP_*) */
	uint16_t encr; /* Ask for this one (enum encr) only; absent asks for all. */
	uint32_t max_replay_window; /* In packets. */
	unsigned int n_encr_cap;
	struct ipsecx_encr_cap encr_cap[16];
	unsigned int n_integ_cap;
	struct ipsecx_integ_cap integ_cap[8];
};

struct ipsecx_device {
	uint64_t has; /* IPSECX_HAS(DEVICE_*) */
	uint32_t ifindex; /* Index of the ipsecx device, in the caller's namespace. */
	char ifname[IF_NAMESIZE];
	uint32_t policies; /* How many policies the device has. */
	uint32_t sas; /* How many SAs the device has, both directions. */
	uint32_t held; /* Packets waiting for an SA. */
	uint32_t link; /* Index of the underlay, in the namespace of the outer packets; 0 for what routing says. This one and those up to df are set with the device, see linux/if_ipsecx.h. */
	uint32_t fwmark; /* Mark of the outer packets. */
	uint8_t ttl; /* Of tunnel mode's outer header; 0 for what the route says. */
	uint8_t dscp; /* Of tunnel mode's outer header; 255 for that of the packet inside. */
	uint8_t df; /* Of tunnel mode's outer header over IPv4. */
	uint64_t rx_packets; /* Clear packets delivered. */
	uint64_t rx_bytes;
	uint64_t tx_packets; /* Clear packets protected and sent. */
	uint64_t tx_bytes;
	unsigned int n_drop;
	struct ipsecx_drop drop[64]; /* Reasons that have counted at least one packet. */
	unsigned int n_netns_drop;
	struct ipsecx_drop netns_drop[64]; /* Drops in the device's outer namespace that no device can be blamed for, such as an unknown SPI in UDP. */
};

struct ipsecx_policy {
	uint64_t has; /* IPSECX_HAS(POLICY_*) */
	uint32_t ifindex;
	uint32_t id; /* Given by the kernel, unique within the device, never 0. */
	uint32_t mode;
	struct ipsecx_addr local; /* Outer source address, 4 or 16 bytes. */
	struct ipsecx_addr remote; /* Outer destination address, of the same family as local. */
	uint32_t encap; /* Absent means none. */
	uint16_t local_port; /* UDP port, host order. Needed with encap udp, refused without. */
	uint16_t remote_port;
	uint32_t priority; /* The smallest matching number wins; then the older policy. */
	unsigned int n_selector;
	struct ipsecx_selector selector[64]; /* At least one in policy-new; up to 64. In policy-set the given ones replace all, and none given leaves them alone. */
	uint32_t sa; /* The current outbound SA's id; absent when there is none. */
	uint32_t mtu; /* What an inner packet may measure with the current SA and route. */
	uint32_t reason;
	bool drop_held; /* No SA will come, for now: packets that wait for one die, as no-sa. */
	uint16_t keepalive; /* Seconds without a packet until a NAT keepalive is sent (RFC 3948 section 2.3), as long as there is an outbound SA and UDP around it; 0 or absent for never. */
	uint16_t tfc_pad; /* Traffic flow confidentiality (RFC 4303 section 2.7), in tunnel mode only: packets that are shorter are padded to so many bytes, but never beyond mtu; 0 or absent for none. The peer has to accept that. */
};

struct ipsecx_sa {
	uint64_t has; /* IPSECX_HAS(SA_*) */
	uint32_t ifindex;
	uint32_t id; /* Given by the kernel, unique within the device, never 0. */
	uint32_t policy; /* The policy it belongs to. */
	uint32_t direction;
	uint32_t spi; /* 256 or more (RFC 4303 section 2.1). */
	uint16_t encr; /* Of enum encr. Not declared as such here, nor integ: kernels up to 6.12 warn when they refuse what has a check for a sparse enum. */
	const uint8_t *encr_key;
	size_t encr_key_len; /* The key as IKEv2 derives it, salt included: 20, 28 or 36 bytes for GCM, GMAC and CTR, 19, 27 or 35 for CCM, 36 for ChaCha20, 16, 24 or 32 for CBC, none for null. Goes in, never comes out. */
	bool esn; /* 64 bit sequence numbers (RFC 4303 section 2.2.1). */
	uint32_t replay_window; /* In packets, inbound only; 0 switches the check off, absent means 1024. Rounded up to a multiple of 64. */
	bool activate; /* Make this outbound SA the one its policy sends on. */
	bool current; /* The policy sends on this SA. */
	uint64_t sequence; /* Last number sent, or the highest received. */
	uint64_t packets;
	uint64_t bytes; /* Of clear packets. */
	unsigned int n_drop;
	struct ipsecx_drop drop[64];
	char driver[128];
	uint32_t last_used; /* Seconds since the SA last carried a packet; absent if never. */
	uint32_t age; /* Seconds since the SA was installed. */
	uint32_t kind;
	uint32_t reason;
	uint16_t integ; /* Of enum integ; absent means none. */
	const uint8_t *integ_key;
	size_t integ_key_len; /* Goes in, never comes out. */
	uint64_t byte_soft; /* Limits of the SA's life (RFC 4301 section 4.4.2.1); absent or 0 for none. Bytes and packets are counted clear, and on several CPUs, so that a limit may take effect when up to 1/64 of it is left. */
	uint64_t byte_hard;
	uint64_t packet_soft;
	uint64_t packet_hard;
	uint32_t time_soft; /* Seconds since the SA was installed. */
	uint32_t time_hard;
	uint32_t idle; /* Seconds without a packet after which there is an event. */
	uint32_t cause;
	uint32_t protocol; /* Absent means ESP. AH takes integ and no encr, and its policy's encap is none. */
};

struct ipsecx_spi {
	uint64_t has; /* IPSECX_HAS(SPI_*) */
	uint32_t ifindex;
	uint32_t lowest; /* Host order; 256 or more. Absent means 256. */
	uint32_t highest; /* Absent means the largest there is. */
	uint32_t spi;
};

struct ipsecx_socket {
	uint64_t has; /* IPSECX_HAS(SOCKET_*) */
	uint32_t fd; /* File descriptor of a bound UDP socket in the caller. */
};

struct ipsecx_acquire {
	uint64_t has; /* IPSECX_HAS(ACQUIRE_*) */
	uint32_t ifindex;
	uint32_t policy;
	struct ipsecx_addr local; /* The held packet's source address. */
	struct ipsecx_addr remote;
	uint8_t protocol;
	uint16_t local_port;
	uint16_t remote_port;
};

struct ipsecx_peer { /* Where an ESP packet came from and went to, outside. */
	uint64_t has; /* IPSECX_HAS(PEER_*) */
	uint32_t ifindex;
	uint32_t policy;
	uint32_t sa;
	uint32_t spi;
	struct ipsecx_addr local;
	struct ipsecx_addr remote;
	uint16_t local_port; /* Of UDP; absent without. */
	uint16_t remote_port;
};

extern const struct ipsecx_attrs ipsecx_selector_attrs;
extern const struct ipsecx_attrs ipsecx_drop_attrs;
extern const struct ipsecx_attrs ipsecx_encr_cap_attrs;
extern const struct ipsecx_attrs ipsecx_integ_cap_attrs;
extern const struct ipsecx_attrs ipsecx_cap_attrs;
extern const struct ipsecx_attrs ipsecx_device_attrs;
extern const struct ipsecx_attrs ipsecx_policy_attrs;
extern const struct ipsecx_attrs ipsecx_sa_attrs;
extern const struct ipsecx_attrs ipsecx_spi_attrs;
extern const struct ipsecx_attrs ipsecx_socket_attrs;
extern const struct ipsecx_attrs ipsecx_acquire_attrs;
extern const struct ipsecx_attrs ipsecx_peer_attrs;
extern const struct ipsecx_names ipsecx_mode_names;
extern const struct ipsecx_names ipsecx_encap_names;
extern const struct ipsecx_names ipsecx_protocol_names;
extern const struct ipsecx_names ipsecx_direction_names;
extern const struct ipsecx_names ipsecx_df_names;
extern const struct ipsecx_names ipsecx_encr_names;
extern const struct ipsecx_names ipsecx_integ_names;
extern const struct ipsecx_names ipsecx_drop_reason_names;
extern const struct ipsecx_names ipsecx_expire_kind_names;
extern const struct ipsecx_names ipsecx_expire_cause_names;
extern const struct ipsecx_names ipsecx_delete_reason_names;
extern const struct ipsecx_op ipsecx_ops[IPSECX_CMD_MAX + 1];

/* What this kernel can do. */
static inline int ipsecx_cap_get(struct ipsecx_nl *nl, struct ipsecx_cap *obj)
{
	return ipsecx_command(nl, IPSECX_CMD_CAP_GET, obj);
}

/* An ipsecx device's counters; a dump gives all of the namespace. */
static inline int ipsecx_device_get(struct ipsecx_nl *nl, struct ipsecx_device *obj)
{
	return ipsecx_command(nl, IPSECX_CMD_DEVICE_GET, obj);
}

/* Add a policy to a device. It has no SA and protects at once. */
static inline int ipsecx_policy_new(struct ipsecx_nl *nl, struct ipsecx_policy *obj)
{
	return ipsecx_command(nl, IPSECX_CMD_POLICY_NEW, obj);
}

/* Move a policy to other outer addresses or change what it covers. */
static inline int ipsecx_policy_set(struct ipsecx_nl *nl, struct ipsecx_policy *obj)
{
	return ipsecx_command(nl, IPSECX_CMD_POLICY_SET, obj);
}

/* One policy; a dump gives all, of one device if ifindex is given. */
static inline int ipsecx_policy_get(struct ipsecx_nl *nl, struct ipsecx_policy *obj)
{
	return ipsecx_command(nl, IPSECX_CMD_POLICY_GET, obj);
}

/* Remove a policy and its SAs. */
static inline int ipsecx_policy_del(struct ipsecx_nl *nl, struct ipsecx_policy *obj)
{
	return ipsecx_command(nl, IPSECX_CMD_POLICY_DEL, obj);
}

/* Install an SA. Inbound SPIs are unique in the device's outer namespace, reserved ones are taken over. */
static inline int ipsecx_sa_new(struct ipsecx_nl *nl, struct ipsecx_sa *obj)
{
	return ipsecx_command(nl, IPSECX_CMD_SA_NEW, obj);
}

/* Make an outbound SA the current one of its policy. */
static inline int ipsecx_sa_set(struct ipsecx_nl *nl, struct ipsecx_sa *obj)
{
	return ipsecx_command(nl, IPSECX_CMD_SA_SET, obj);
}

/* One SA; a dump gives all, of one device if ifindex is given. */
static inline int ipsecx_sa_get(struct ipsecx_nl *nl, struct ipsecx_sa *obj)
{
	return ipsecx_command(nl, IPSECX_CMD_SA_GET, obj);
}

/* Remove an SA. */
static inline int ipsecx_sa_del(struct ipsecx_nl *nl, struct ipsecx_sa *obj)
{
	return ipsecx_command(nl, IPSECX_CMD_SA_DEL, obj);
}

/* Reserve an inbound SPI for 30 seconds, for sa-new to take over. */
static inline int ipsecx_spi_alloc(struct ipsecx_nl *nl, struct ipsecx_spi *obj)
{
	return ipsecx_command(nl, IPSECX_CMD_SPI_ALLOC, obj);
}

/* Give an SPI back that was reserved and is not an SA's. ENOENT if it is not, or not any more. */
static inline int ipsecx_spi_free(struct ipsecx_nl *nl, struct ipsecx_spi *obj)
{
	return ipsecx_command(nl, IPSECX_CMD_SPI_FREE, obj);
}

/* Receive ESP on a UDP socket (RFC 3948 section 2.1). IKE messages still reach its owner behind their non-ESP marker. It lasts until the socket is closed or the module is removed. */
static inline int ipsecx_socket_attach(struct ipsecx_nl *nl, struct ipsecx_socket *obj)
{
	return ipsecx_command(nl, IPSECX_CMD_SOCKET_ATTACH, obj);
}

#endif
