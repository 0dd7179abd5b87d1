/* SPDX-License-Identifier: MIT */
/*
 * Client of the genetlink family ipsecx; uapi/ipsecx.yaml has the contract.
 *
 * Every call returns 0 or -errno and leaves the reason in ipsecx_nl_error().
 * A field that the kernel did not send, or that shall not be sent, is zero
 * unless a has_ flag says otherwise. Numbers are in host byte order.
 */
#ifndef IPSECX_NL_CLIENT_H
#define IPSECX_NL_CLIENT_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/ipsecx.h>

#include "socket.h"

#define IPSECX_SELECTORS_MAX   64
#define IPSECX_DROPS_MAX       64
#define IPSECX_ENCR_CAPS_MAX   16
#define IPSECX_INTEG_CAPS_MAX  8
#define IPSECX_KEY_LENGTHS_MAX 8
#define IPSECX_DRIVER_LEN      128
#define IPSECX_KEY_MAX	       64

/**
 * struct ipsecx_addr - an IP address
 * @len: 4, 16, or 0 for none
 * @bytes: in network order
 */
struct ipsecx_addr {
	uint8_t len;
	uint8_t bytes[16];
};

/**
 * struct ipsecx_selector - what a policy covers (RFC 4301 section 4.4.1.1)
 * @local_start: first address on this side; a start needs its end
 * @local_end: last address on this side
 * @remote_start: first address on the far side
 * @remote_end: last address on the far side
 * @protocol: upper layer protocol, 0 for any
 * @has_local_port: the local ports count, else any
 * @has_remote_port: the remote ports count, else any
 * @local_port_start: first local port
 * @local_port_end: last local port
 * @remote_port_start: first remote port
 * @remote_port_end: last remote port
 */
struct ipsecx_selector {
	struct ipsecx_addr local_start;
	struct ipsecx_addr local_end;
	struct ipsecx_addr remote_start;
	struct ipsecx_addr remote_end;
	uint8_t protocol;
	bool has_local_port;
	bool has_remote_port;
	uint16_t local_port_start;
	uint16_t local_port_end;
	uint16_t remote_port_start;
	uint16_t remote_port_end;
};

/**
 * struct ipsecx_drop - how many packets died of one reason
 * @reason: enum ipsecx_drop_reason, or a newer kernel's number
 * @packets: how many
 */
struct ipsecx_drop {
	uint32_t reason;
	uint64_t packets;
};

/**
 * struct ipsecx_drops - the reasons that have counted
 * @n: how many of @drop are used
 * @drop: in the kernel's order
 */
struct ipsecx_drops {
	unsigned int n;
	struct ipsecx_drop drop[IPSECX_DROPS_MAX];
};

/**
 * struct ipsecx_device - a device and its counters
 * @ifindex: in the caller's network namespace
 * @ifname: its name there
 * @policies: how many it has
 * @sas: how many it has, both directions
 * @held: packets waiting for an SA
 * @link: ifindex of the underlay in its outer namespace, or 0
 * @fwmark: mark of the outer packets
 * @ttl: of the outer header; 0: what the route says
 * @dscp: of the outer header, or IPSECX_DSCP_COPY
 * @df: of the outer header, enum ipsecx_df
 * @rx_packets: clear packets delivered
 * @rx_bytes: their bytes
 * @tx_packets: clear packets protected and sent
 * @tx_bytes: their bytes
 * @drops: of the device
 * @netns_drops: of its outer namespace, that no device is to blame for
 */
struct ipsecx_device {
	uint32_t ifindex;
	char ifname[IF_NAMESIZE];
	uint32_t policies;
	uint32_t sas;
	uint32_t held;
	uint32_t link;
	uint32_t fwmark;
	uint8_t ttl;
	uint8_t dscp;
	uint8_t df;
	uint64_t rx_packets;
	uint64_t rx_bytes;
	uint64_t tx_packets;
	uint64_t tx_bytes;
	struct ipsecx_drops drops;
	struct ipsecx_drops netns_drops;
};

/**
 * struct ipsecx_policy - what to protect, and where it goes
 * @ifindex: its device; always needed
 * @id: given by the kernel; needed by set, get and del
 * @mode: enum ipsecx_mode
 * @local: outer source
 * @remote: outer destination
 * @has_encap: send @encap in ipsecx_policy_set(); new always sends it
 * @encap: enum ipsecx_encap
 * @local_port: UDP port
 * @remote_port: UDP port
 * @has_priority: send @priority
 * @priority: the smallest wins
 * @n_selectors: how many of @selector are used; 0 in ipsecx_policy_set()
 *	leaves the kernel's alone
 * @selector: any of them may match
 * @sa: current outbound SA's id, 0 if there is none; not sent
 * @mtu: for inner packets, 0 if unknown; not sent
 * @drop_held: of ipsecx_policy_set(): drop what waits for an SA
 */
struct ipsecx_policy {
	uint32_t ifindex;
	uint32_t id;
	uint32_t mode;
	struct ipsecx_addr local;
	struct ipsecx_addr remote;
	bool has_encap;
	uint32_t encap;
	uint16_t local_port;
	uint16_t remote_port;
	bool has_priority;
	uint32_t priority;
	unsigned int n_selectors;
	struct ipsecx_selector selector[IPSECX_SELECTORS_MAX];
	uint32_t sa;
	uint32_t mtu;
	bool drop_held;
};

/**
 * struct ipsecx_sa - a Security Association
 * @ifindex: its device; always needed
 * @id: given by the kernel; needed by set, get and del
 * @policy: id of its policy
 * @direction: enum ipsecx_direction
 * @spi: in host order
 * @encr: enum ipsecx_encr
 * @integ: enum ipsecx_integ, 0 if @encr has its own
 * @key: sent by ipsecx_sa_new() only, never kept; NULL in answers
 * @key_len: bytes of @key, salt included
 * @integ_key: likewise, of @integ
 * @integ_key_len: bytes of @integ_key
 * @esn: 64 bit sequence numbers
 * @has_replay_window: send @replay_window; the kernel's default otherwise
 * @replay_window: in packets, inbound only
 * @activate: make this outbound SA the policy's current one; sent only
 * @current: the policy sends on it; the rest is not sent either
 * @sequence: last number sent, or highest received
 * @packets: carried
 * @bytes: of clear packets
 * @drops: reasons that have counted
 * @driver: the crypto driver
 * @has_last_used: it has carried a packet
 * @last_used: seconds since then
 * @age: seconds since it was installed
 * @byte_soft: limits, 0 for none
 * @byte_hard: likewise
 * @packet_soft: likewise
 * @packet_hard: likewise
 * @time_soft: likewise, in seconds
 * @time_hard: likewise
 * @idle: seconds without a packet that are worth an event, 0 for none
 */
struct ipsecx_sa {
	uint32_t ifindex;
	uint32_t id;
	uint32_t policy;
	uint32_t direction;
	uint32_t spi;
	uint16_t encr;
	uint16_t integ;
	const uint8_t *key;
	size_t key_len;
	const uint8_t *integ_key;
	size_t integ_key_len;
	bool esn;
	bool has_replay_window;
	uint32_t replay_window;
	bool activate;
	bool current;
	uint64_t sequence;
	uint64_t packets;
	uint64_t bytes;
	struct ipsecx_drops drops;
	char driver[IPSECX_DRIVER_LEN];
	bool has_last_used;
	uint32_t last_used;
	uint32_t age;
	uint64_t byte_soft;
	uint64_t byte_hard;
	uint64_t packet_soft;
	uint64_t packet_hard;
	uint32_t time_soft;
	uint32_t time_hard;
	uint32_t idle;
};

/**
 * struct ipsecx_encr_cap - one encryption algorithm of this kernel
 * @encr: enum ipsecx_encr
 * @n_key_lengths: how many of @key_length are used
 * @key_length: accepted lengths in bytes, salt included
 * @driver: the crypto driver that serves it
 * @async: it may finish a packet later
 */
struct ipsecx_encr_cap {
	uint16_t encr;
	unsigned int n_key_lengths;
	uint16_t key_length[IPSECX_KEY_LENGTHS_MAX];
	char driver[IPSECX_DRIVER_LEN];
	bool async;
};

/**
 * struct ipsecx_integ_cap - one integrity algorithm of this kernel
 * @integ: enum ipsecx_integ
 * @key_length: in bytes
 * @driver: the crypto driver that serves it
 */
struct ipsecx_integ_cap {
	uint16_t integ;
	uint16_t key_length;
	char driver[IPSECX_DRIVER_LEN];
};

/**
 * struct ipsecx_cap - what this kernel can do
 * @max_replay_window: in packets
 * @n_encrs: how many of @encr are used
 * @encr: algorithms
 * @n_integs: how many of @integ are used
 * @integ: algorithms
 */
struct ipsecx_cap {
	uint32_t max_replay_window;
	unsigned int n_encrs;
	struct ipsecx_encr_cap encr[IPSECX_ENCR_CAPS_MAX];
	unsigned int n_integs;
	struct ipsecx_integ_cap integ[IPSECX_INTEG_CAPS_MAX];
};

/**
 * enum ipsecx_event_type - what has happened
 * @IPSECX_EVENT_ACQUIRE: a packet needs an SA that its policy does not have
 * @IPSECX_EVENT_SA_EXPIRE: an SA has reached a limit
 * @IPSECX_EVENT_SA_DEL: an SA is gone
 * @IPSECX_EVENT_POLICY_DEL: a policy is gone
 * @IPSECX_EVENT_PEER_MOVED: a peer's packets come from elsewhere
 * @IPSECX_EVENT_UNKNOWN_SPI: ESP in UDP that no SA is for
 * @IPSECX_EVENT_OVERRUN: events were lost; look at the whole state again
 */
enum ipsecx_event_type {
	IPSECX_EVENT_ACQUIRE,
	IPSECX_EVENT_SA_EXPIRE,
	IPSECX_EVENT_SA_DEL,
	IPSECX_EVENT_POLICY_DEL,
	IPSECX_EVENT_PEER_MOVED,
	IPSECX_EVENT_UNKNOWN_SPI,
	IPSECX_EVENT_OVERRUN,
};

/**
 * struct ipsecx_event - what has happened, and to what
 * @type: enum ipsecx_event_type; the rest as far as it applies
 * @ifindex: of the device; it may be gone already
 * @policy: id
 * @sa: id
 * @direction: of the SA
 * @spi: of the SA
 * @has_kind: @kind is there
 * @kind: enum ipsecx_expire_kind
 * @has_cause: @cause is there
 * @cause: enum ipsecx_expire_cause
 * @has_reason: @reason is there
 * @reason: enum ipsecx_delete_reason
 * @local: the acquiring packet's source, or where a peer's packet went to
 * @remote: its destination, or where it came from
 * @protocol: of the acquiring packet
 * @has_ports: it had ports
 * @local_port: likewise
 * @remote_port: likewise
 */
struct ipsecx_event {
	enum ipsecx_event_type type;
	uint32_t ifindex;
	uint32_t policy;
	uint32_t sa;
	uint32_t direction;
	uint32_t spi;
	bool has_kind;
	uint32_t kind;
	bool has_cause;
	uint32_t cause;
	bool has_reason;
	uint32_t reason;
	struct ipsecx_addr local;
	struct ipsecx_addr remote;
	uint8_t protocol;
	bool has_ports;
	uint16_t local_port;
	uint16_t remote_port;
};

/*
 * Callbacks of dumps: what they get is gone when they return. Returning
 * non-zero stops the dump, which returns that number. A dump returns -EINTR
 * when something changed meanwhile; what was seen may be incomplete then.
 */
typedef int (*ipsecx_device_cb)(const struct ipsecx_device *dev, void *data);
typedef int (*ipsecx_policy_cb)(const struct ipsecx_policy *policy, void *data);
typedef int (*ipsecx_sa_cb)(const struct ipsecx_sa *sa, void *data);
typedef void (*ipsecx_event_cb)(const struct ipsecx_event *event, void *data);

/**
 * ipsecx_cap_get() - ask what this kernel can do
 * @nl: socket
 * @cap: filled
 */
int ipsecx_cap_get(struct ipsecx_nl *nl, struct ipsecx_cap *cap);

/**
 * ipsecx_device_get() - ask for a device's counters
 * @nl: socket
 * @ifindex: of the device
 * @dev: filled
 */
int ipsecx_device_get(struct ipsecx_nl *nl, uint32_t ifindex,
		      struct ipsecx_device *dev);

/**
 * ipsecx_device_dump() - all ipsecx devices of the namespace
 * @nl: socket
 * @cb: called for each
 * @data: passed to @cb
 */
int ipsecx_device_dump(struct ipsecx_nl *nl, ipsecx_device_cb cb, void *data);

/**
 * ipsecx_policy_new() - add a policy
 * @nl: socket
 * @policy: to add, with at least one selector; its @id is filled in
 */
int ipsecx_policy_new(struct ipsecx_nl *nl, struct ipsecx_policy *policy);

/**
 * ipsecx_policy_set() - move a policy, or change what it covers
 * @nl: socket
 * @policy: ifindex, id and what shall change. Local, remote, encap and ports
 *	come all together or not at all, and no encap means none.
 */
int ipsecx_policy_set(struct ipsecx_nl *nl, const struct ipsecx_policy *policy);

/**
 * ipsecx_policy_get() - ask for one policy
 * @nl: socket
 * @ifindex: of its device
 * @id: of the policy
 * @policy: filled
 */
int ipsecx_policy_get(struct ipsecx_nl *nl, uint32_t ifindex, uint32_t id,
		      struct ipsecx_policy *policy);

/**
 * ipsecx_policy_dump() - all policies
 * @nl: socket
 * @ifindex: of one device, or 0 for all devices
 * @cb: called for each
 * @data: passed to @cb
 */
int ipsecx_policy_dump(struct ipsecx_nl *nl, uint32_t ifindex,
		       ipsecx_policy_cb cb, void *data);

/**
 * ipsecx_policy_del() - remove a policy and its SAs
 * @nl: socket
 * @ifindex: of its device
 * @id: of the policy
 */
int ipsecx_policy_del(struct ipsecx_nl *nl, uint32_t ifindex, uint32_t id);

/**
 * ipsecx_sa_new() - install an SA
 * @nl: socket
 * @sa: to install; its @id is filled in. The message that carried the key is
 *	wiped; wiping @sa->key is up to the caller.
 */
int ipsecx_sa_new(struct ipsecx_nl *nl, struct ipsecx_sa *sa);

/**
 * ipsecx_sa_activate() - make an outbound SA the current one of its policy
 * @nl: socket
 * @ifindex: of its device
 * @id: of the SA
 */
int ipsecx_sa_activate(struct ipsecx_nl *nl, uint32_t ifindex, uint32_t id);

/**
 * ipsecx_sa_get() - ask for one SA
 * @nl: socket
 * @ifindex: of its device
 * @id: of the SA
 * @sa: filled
 */
int ipsecx_sa_get(struct ipsecx_nl *nl, uint32_t ifindex, uint32_t id,
		  struct ipsecx_sa *sa);

/**
 * ipsecx_sa_dump() - all SAs
 * @nl: socket
 * @ifindex: of one device, or 0 for all devices
 * @cb: called for each
 * @data: passed to @cb
 */
int ipsecx_sa_dump(struct ipsecx_nl *nl, uint32_t ifindex, ipsecx_sa_cb cb,
		   void *data);

/**
 * ipsecx_sa_del() - remove an SA
 * @nl: socket
 * @ifindex: of its device
 * @id: of the SA
 */
int ipsecx_sa_del(struct ipsecx_nl *nl, uint32_t ifindex, uint32_t id);

/**
 * ipsecx_spi_alloc() - reserve an inbound SPI for 30 seconds
 * @nl: socket
 * @ifindex: of the device
 * @lowest: smallest, 0 for the kernel's default
 * @highest: largest, 0 for the kernel's default
 * @spi: filled
 */
int ipsecx_spi_alloc(struct ipsecx_nl *nl, uint32_t ifindex, uint32_t lowest,
		     uint32_t highest, uint32_t *spi);

/**
 * ipsecx_spi_free() - give back an SPI that is reserved
 * @nl: socket
 * @ifindex: of the device
 * @spi: which
 */
int ipsecx_spi_free(struct ipsecx_nl *nl, uint32_t ifindex, uint32_t spi);

/**
 * ipsecx_socket_attach() - receive ESP on a UDP socket (RFC 3948)
 * @nl: socket
 * @fd: bound UDP socket of the caller
 */
int ipsecx_socket_attach(struct ipsecx_nl *nl, int fd);

/**
 * ipsecx_events_subscribe() - turn a socket into one for events
 * @nl: socket; good for nothing but events and ipsecx_nl_fd() afterwards, and
 *	it no longer blocks
 */
int ipsecx_events_subscribe(struct ipsecx_nl *nl);

/**
 * ipsecx_events_receive() - hand over the events that are there
 * @nl: socket that ipsecx_events_subscribe() was called on
 * @cb: called for each; must not close @nl
 * @data: passed to @cb
 *
 * Return: 0 once no more are there, or -errno. Lost events are no error but
 * an %IPSECX_EVENT_OVERRUN.
 */
int ipsecx_events_receive(struct ipsecx_nl *nl, ipsecx_event_cb cb, void *data);

#endif
