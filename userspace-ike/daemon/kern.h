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

#include "config.h"

struct event_base;
struct kern;

/* an SA is used up or gone, and not because we removed it; told once */
typedef void (*kern_expired_cb)(uint32_t id, void *data);

/*
 * Connect to the kernel, and call @expired when a Child SA has to be replaced.
 * @fwmark is of what the devices send, 0: as they are. What fails is logged.
 * Return: 0 or a negative errno.
 */
int kern_open(struct kern **kern, struct event_base *base, uint32_t fwmark,
	      kern_expired_cb expired, void *data);
/* remove what is left, and the devices we created */
void kern_close(struct kern *kern);

/* receive ESP on a UDP socket; a struct kern as net_each_natt() wants it */
int kern_attach(int fd, void *kern);
/* the index of an interface, 0: there is none of that name */
uint32_t kern_ifindex(struct kern *kern, const char *name);

/*
 * A child is configured, or no more: have its device ready, and route its
 * selectors into it. While there is no SA, packets shall die in the device and
 * not leave in clear. What fails is logged, and tried again for an SA.
 */
void kern_want(struct kern *kern, const struct config_child *child);
void kern_unwant(struct kern *kern, const struct config_child *child);

/*
 * Reserve an SPI to receive on, in host order, or give it back; it is no
 * matter if it is not there any more.
 */
int kern_spi_alloc(struct kern *kern, const struct config_child *child,
		   uint32_t *spi, struct ike_diag *diag);
void kern_spi_free(struct kern *kern, const struct config_child *child,
		   uint32_t spi);

/*
 * Install a Child SA, all of it or nothing. The pair goes below the policy that
 * covers the same already, if there is one: that of the pair it replaces, or
 * of a peer that lost its memory.
 */
int kern_install(struct kern *kern, const struct ike_child_spec *spec,
		 const struct config_child *child, struct ike_diag *diag);
/* send on its outbound SA from now on */
int kern_activate(struct kern *kern, uint32_t id, struct ike_diag *diag);
/* remove its SAs, and with the last of them the policy and its routes */
void kern_remove(struct kern *kern, uint32_t id);
/* how many are installed */
unsigned int kern_count(const struct kern *kern);

#endif
