/* SPDX-License-Identifier: MIT */
/*
 * Two engines, a network between them and a kernel below each, all of it
 * simulated: time is a number, and everything that happens follows from the
 * seed. Alice is host 0 and may be behind a NAT, Bob is host 1.
 *
 * The network checks what nobody may do to it: a message that is repeated is
 * repeated to the letter, an IV is used once under a key, requests are
 * numbered one after the other.
 */
#ifndef IKE_TESTS_SIM_H
#define IKE_TESTS_SIM_H

#include "engine.h"
#include "ike_helper.h"

#define ALICE	    0
#define BOB	    1
#define SIM_SAS	    32
#define SIM_EVENTS  256
#define SIM_SEEN    1024
#define SIM_MSG_MAX 4096

/**
 * struct sim_sa - a Child SA in a simulated kernel
 * @spec: as it was installed; the pointers in it are into this struct
 * @active: sends
 * @local_ts: of @spec
 * @remote_ts: likewise
 * @key_in: likewise
 * @key_out: likewise
 */
struct sim_sa {
	struct ike_child_spec spec;
	bool active;
	struct ike_ts_list local_ts;
	struct ike_ts_list remote_ts;
	struct ike_key key_in;
	struct ike_key key_out;
};

struct sim_event {
	enum ike_event_type type;
	char child[IKE_NAME_MAX];
	char text[512];
	char hint[512];
};

struct sim;

/**
 * struct sim_host - an engine and its world
 * @sim: the simulation
 * @e: the engine
 * @addr: its address, port 0
 * @n_sas: entries in @sas
 * @sas: what its kernel has
 * @n_spis: SPIs that are reserved for Child SAs that are not there yet
 * @n_events: entries in @events
 * @events: what it told
 * @sent: messages sent
 * @keepalives: NAT-keepalives sent
 * @refuse: its kernel installs nothing
 */
struct sim_host {
	struct sim *sim;
	struct ike_engine *e;
	struct ike_addr addr;
	unsigned int n_sas;
	struct sim_sa sas[SIM_SAS];
	unsigned int n_spis;
	unsigned int n_events;
	struct sim_event events[SIM_EVENTS];
	unsigned int sent;
	unsigned int keepalives;
	bool refuse;
};

/**
 * struct sim_packet - a datagram on its way
 * @next: the next one; in no order
 * @at: when it arrives
 * @to: at which host
 * @path: as that host sees it
 * @len: octets
 * @data: the octets
 */
struct sim_packet {
	struct sim_packet *next;
	uint64_t at;
	unsigned int to;
	struct ike_path path;
	size_t len;
	uint8_t data[SIM_MSG_MAX];
};

/**
 * struct sim_seen - a message that was sent, for the checks
 * @spi_i: of its header
 * @from: which host
 * @response: it is one
 * @msgid: of its header
 * @iv: first octets of SK
 * @len: of the message
 * @digest: over the message
 */
struct sim_seen {
	uint64_t spi_i;
	uint64_t spi_r;
	unsigned int from;
	bool response;
	uint32_t msgid;
	uint64_t iv;
	size_t len;
	uint64_t digest;
};

/**
 * struct sim - the simulation
 * @now: time, milliseconds
 * @dice: state of its random numbers, never 0
 * @loss: percentage of datagrams lost
 * @dup: percentage that come twice
 * @jitter: milliseconds a datagram may take more than the usual 10
 * @cut: nothing gets through
 * @nat: there is a NAT before Alice; it is also the port it makes of 500
 * @tap: sees what is sent; false: the message is lost
 * @tap_data: for @tap
 * @packets: on their way
 * @next_spi: of the kernels
 * @n_seen: entries in @seen
 * @seen: ring of messages
 * @trace: what has happened, in a number
 * @host: Alice and Bob
 */
struct sim {
	uint64_t now;
	uint64_t dice;
	unsigned int loss;
	unsigned int dup;
	unsigned int jitter;
	bool cut;
	uint16_t nat;
	bool (*tap)(struct sim *sim, unsigned int from, struct sim_packet *p);
	void *tap_data;
	struct sim_packet *packets;
	uint32_t next_spi;
	unsigned int n_seen;
	struct sim_seen seen[SIM_SEEN];
	uint64_t trace;
	struct sim_host host[2];
};

/* a network that loses nothing, and two engines without configuration */
struct sim *sim_new(uint64_t seed);
void sim_free(struct sim *sim);

/**
 * sim_conn() - a connection that fits that of the other host
 * @sim: simulation
 * @host: whose
 * @n: children; "net0" is 10.1.0.0/24 on Alice's side and 10.2.0.0/24 on
 *	Bob's, "net1" 10.1.1.0/24 and so on; Alice keeps them up
 *
 * Return: the connection, for changes and then sim_load().
 */
struct ike_conn *sim_conn(struct sim *sim, unsigned int host, unsigned int n);
void sim_load(struct sim *sim, unsigned int host, struct ike_conn *conn);

/* both hosts, with @n children */
void sim_load_both(struct sim *sim, unsigned int n);

/* let time pass */
void sim_run(struct sim *sim, uint64_t ms);

/* the traffic from now on */
struct sim_packet *sim_inject(struct sim *sim, unsigned int to,
			      const struct ike_path *path,
			      struct ike_span data);

/* how many events of a type; the last one of them, or NULL */
unsigned int sim_count(const struct sim *sim, unsigned int host,
		       enum ike_event_type type);
const struct sim_event *sim_last(const struct sim *sim, unsigned int host,
				 enum ike_event_type type);

/* IKE SAs of a host; @up: only those that are established */
unsigned int sim_ike_sas(const struct sim *sim, unsigned int host, bool up);

/* what one host sends the other receives: SPIs, keys, selectors, mode */
void sim_check_mirror(const struct sim *sim);

#endif
