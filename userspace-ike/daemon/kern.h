/* SPDX-License-Identifier: MIT */
/*
 * What the kernel does for us: devices, policies, SAs and routes. Everything
 * made here is remembered and taken back, and only that.
 *
 * The devices that the configuration names belong to the agent while it runs:
 * the policies on them are what an agent before this one has left when it
 * died, and are removed the first time a device is used.
 */
#ifndef DAEMON_KERN_H
#define DAEMON_KERN_H

#include "client.h"
#include "net.h"
#include "ts.h"

struct event_base;
struct kern;
struct kern_child;

/**
 * struct kern_device - the device that a child wants
 * @name: its name
 * @link: name of its underlay, empty for none; counts when it is created
 * @mtu: 0 to let the device find it
 */
struct kern_device {
	const char *name;
	const char *link;
	uint32_t mtu;
};

/**
 * struct kern_sa - one SA of a pair
 * @spi: in host order
 * @key: the key, salt included; wiped by whoever gave it
 * @integ_key: likewise; empty with an AEAD
 */
struct kern_sa {
	uint32_t spi;
	struct ike_span key;
	struct ike_span integ_key;
};

/**
 * struct kern_spec - a Child SA to install
 * @dev: its device
 * @peer: whose it is
 * @local: outer source, with the port when @encap
 * @remote: outer destination, likewise
 * @encap: in UDP
 * @transport: transport mode
 * @routes: route @remote_ts into the device
 * @source: preferred source of these routes, len 0 for none
 * @local_ts: what is protected on this side
 * @remote_ts: and on the other
 * @encr: transform ID
 * @integ: transform ID, 0 with an AEAD
 * @esn: 64 bit sequence numbers
 * @replay_window: in packets
 * @in: what we receive on
 * @out: what we send on
 * @activate: send on it at once
 */
struct kern_spec {
	struct kern_device dev;
	const char *peer;
	union net_addr local;
	union net_addr remote;
	bool encap;
	bool transport;
	bool routes;
	struct ipsecx_addr source;
	const struct ike_ts_list *local_ts;
	const struct ike_ts_list *remote_ts;
	uint16_t encr;
	uint16_t integ;
	bool esn;
	uint32_t replay_window;
	struct kern_sa in;
	struct kern_sa out;
	bool activate;
};

/* an SA is used up or gone, and not because we removed it; told once */
typedef void (*kern_expired_cb)(struct kern_child *child, void *data);

/**
 * kern_open() - connect to the kernel
 * @kern: takes the connection
 * @base: event loop
 * @fwmark: of what the devices send; 0: as they are
 * @expired: called when a Child SA has to be replaced
 * @data: passed to @expired
 *
 * What fails is logged.
 *
 * Return: 0 or a negative errno.
 */
int kern_open(struct kern **kern, struct event_base *base, uint32_t fwmark,
	      kern_expired_cb expired, void *data);

/* receive ESP on a UDP socket; a struct kern as net_each_natt() wants it */
int kern_attach(int fd, void *kern);

/* the index of an interface, 0: there is none of that name */
uint32_t kern_ifindex(struct kern *kern, const char *name);

/* have a device ready before somebody needs it */
int kern_device_ready(struct kern *kern, const struct kern_device *dev,
		      struct ike_diag *diag);

/*
 * Route selectors into a device for as long as they are configured: while
 * there is no SA, packets shall die in the device and not leave in clear.
 */
void kern_routes_add(struct kern *kern, const char *dev,
		     const struct ipsecx_addr *source,
		     const struct ike_ts_list *list);
void kern_routes_del(struct kern *kern, const char *dev,
		     const struct ike_ts_list *list);

/**
 * kern_spi_alloc() - reserve an SPI to receive on
 * @kern: connection
 * @dev: device; created if it is not there
 * @spi: takes it, in host order
 * @diag: why not
 */
int kern_spi_alloc(struct kern *kern, const struct kern_device *dev,
		   uint32_t *spi, struct ike_diag *diag);

/* give it back; it is no matter if it is not there any more */
void kern_spi_free(struct kern *kern, const char *dev, uint32_t spi);

/**
 * kern_child_install() - install a Child SA, all of it or nothing
 * @kern: connection
 * @spec: what
 * @child: takes what was made
 * @diag: why not
 *
 * A new pair goes below the policy that covers the same already, if there is
 * one: that of the pair it replaces, or of a peer that lost its memory.
 */
int kern_child_install(struct kern *kern, const struct kern_spec *spec,
		       struct kern_child **child, struct ike_diag *diag);

/* send on its outbound SA from now on */
int kern_child_activate(struct kern *kern, struct kern_child *child,
			struct ike_diag *diag);

/* remove its SAs, and with the last of them the policy and its routes */
void kern_child_remove(struct kern *kern, struct kern_child *child);

/* remove what is left, and the devices we created */
void kern_close(struct kern *kern);

#endif
