// SPDX-License-Identifier: MIT
#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "id.h"
#include "log.h"
#include "routes.h"
#include "selector.h"

/**
 * struct policy - a policy we made
 * @next: another one
 * @p: as the kernel has it
 * @peer: the identity it leads to
 * @users: Child SAs below it
 * @routed: its routes are installed
 * @gone: the kernel has it no more
 * @remote_ts: what its routes lead to
 */
struct policy {
	LIST_ENTRY(policy) next;
	struct ipsecx_policy p;
	char peer[IKE_ID_TEXT_MAX];
	unsigned int users;
	bool routed;
	bool gone;
	struct ike_ts_list remote_ts;
};

/**
 * struct kern_child - a pair of SAs
 * @next: another one
 * @policy: above it
 * @in: id of the inbound SA
 * @out: id of the outbound SA
 * @spi_in: and its SPI, as the kernel may use an id again
 * @spi_out: likewise
 * @told: its end was reported
 */
struct kern_child {
	LIST_ENTRY(kern_child) next;
	struct policy *policy;
	uint32_t in;
	uint32_t out;
	uint32_t spi_in;
	uint32_t spi_out;
	bool told;
};

/**
 * struct kern - the connection to the kernel
 * @events: socket of the multicast group
 * @readable: fires when there is an event
 * @expired: whom ends of SAs are reported to
 * @data: passed to @expired
 * @devices: in use; has the sockets for asking
 * @routes: we made
 * @policies: we made
 * @children: we installed
 */
struct kern {
	struct ipsecx_nl *events;
	struct event *readable;
	kern_expired_cb expired;
	void *data;
	struct devices devices;
	struct routes routes;
	LIST_HEAD(policy_list, policy) policies;
	LIST_HEAD(kern_child_list, kern_child) children;
};

static int kern_fail(struct kern *kern, struct ike_diag *diag, int err,
		     const char *what)
{
	return ike_diag_set(diag, 0, err, "the kernel refused to %s: %s", what,
			    ipsecx_nl_error(kern->devices.nl));
}

int kern_attach(int fd, void *data)
{
	struct kern *kern = data;
	struct ipsecx_socket sock = { .has = IPSECX_HAS(SOCKET_FD), .fd = fd };
	int err = ipsecx_socket_attach(kern->devices.nl, &sock);

	if (err)
		log_err("the kernel refused the socket for ESP in UDP: %s",
			ipsecx_nl_error(kern->devices.nl));
	return err;
}

uint32_t kern_ifindex(struct kern *kern, const char *name)
{
	struct ipsecx_link link;

	if (ipsecx_link_get(kern->devices.rt, name, &link))
		return 0;
	return link.ifindex;
}

int kern_device_ready(struct kern *kern, const struct kern_device *dev,
		      struct ike_diag *diag)
{
	uint32_t ifindex;

	diag->text[0] = diag->hint[0] = '\0';
	return device_get(&kern->devices, dev, &ifindex, diag);
}

void kern_routes_add(struct kern *kern, const char *dev,
		     const struct ipsecx_addr *source,
		     const struct ike_ts_list *list)
{
	uint32_t ifindex = kern_ifindex(kern, dev);

	if (ifindex)
		routes_add(&kern->routes, ifindex, source, list);
}

void kern_routes_del(struct kern *kern, const char *dev,
		     const struct ike_ts_list *list)
{
	uint32_t ifindex = kern_ifindex(kern, dev);

	if (ifindex)
		routes_del(&kern->routes, ifindex, list);
}

int kern_spi_alloc(struct kern *kern, const struct kern_device *dev,
		   uint32_t *spi, struct ike_diag *diag)
{
	struct ipsecx_spi got = { 0 };
	int err;

	diag->text[0] = diag->hint[0] = '\0';
	err = device_get(&kern->devices, dev, &got.ifindex, diag);
	if (err)
		return err;
	err = ipsecx_spi_alloc(kern->devices.nl, &got);
	*spi = got.spi;
	return err ? kern_fail(kern, diag, err, "reserve an SPI") : 0;
}

void kern_spi_free(struct kern *kern, const char *dev, uint32_t spi)
{
	struct ipsecx_spi old = {
		.ifindex = kern_ifindex(kern, dev),
		.spi = spi,
	};

	if (old.ifindex)
		ipsecx_spi_free(kern->devices.nl, &old);
}

static void policy_path(struct ipsecx_policy *p, const struct kern_spec *spec)
{
	selector_addr(&spec->local, &p->local);
	selector_addr(&spec->remote, &p->remote);
	p->encap = spec->encap ? IPSECX_ENCAP_UDP : IPSECX_ENCAP_NONE;
	p->local_port = spec->encap ? net_addr_port(&spec->local) : 0;
	p->remote_port = spec->encap ? net_addr_port(&spec->remote) : 0;
}

static bool same_addr(const struct ipsecx_addr *a, const struct ipsecx_addr *b)
{
	return a->len == b->len && !memcmp(a->bytes, b->bytes, a->len);
}

static bool same_path(const struct ipsecx_policy *a,
		      const struct ipsecx_policy *b)
{
	return same_addr(&a->local, &b->local) &&
	       same_addr(&a->remote, &b->remote) && a->encap == b->encap &&
	       a->local_port == b->local_port &&
	       a->remote_port == b->remote_port;
}

/* selectors are compared as filled by selector_fill(), padding is zero */
static bool same_cover(const struct ipsecx_policy *a,
		       const struct ipsecx_policy *b)
{
	return a->ifindex == b->ifindex && a->mode == b->mode &&
	       a->n_selector == b->n_selector &&
	       !memcmp(a->selector, b->selector,
		       a->n_selector * sizeof(*a->selector));
}

/*
 * Of two policies that cover the same the older one would get all packets:
 * there is only ever one. It follows its peer, and is no other's to take.
 */
static struct policy *policy_find(struct kern *kern,
				  const struct ipsecx_policy *want)
{
	struct policy *policy;

	LIST_FOREACH(policy, &kern->policies, next)
		if (!policy->gone && same_cover(&policy->p, want))
			return policy;
	return NULL;
}

static int policy_check_peer(const struct policy *policy,
			     const struct kern_spec *spec,
			     struct ike_diag *diag)
{
	if (!strcmp(policy->peer, spec->peer))
		return 0;
	return ike_diag_set(diag, IKE_N_TS_UNACCEPTABLE, -EEXIST,
			    "%s has the same addresses already", policy->peer);
}

static int policy_move(struct kern *kern, struct policy *policy,
		       const struct ipsecx_policy *to, struct ike_diag *diag)
{
	struct ipsecx_policy set = *to;
	int err;

	if (same_path(&policy->p, to))
		return 0;
	set.id = policy->p.id;
	set.n_selector = 0;
	err = ipsecx_policy_set(kern->devices.nl, &set);
	if (err)
		return kern_fail(kern, diag, err, "move a policy");
	policy->p.local = set.local;
	policy->p.remote = set.remote;
	policy->p.encap = set.encap;
	policy->p.local_port = set.local_port;
	policy->p.remote_port = set.remote_port;
	return 0;
}

static struct policy *policy_new(struct kern *kern, struct ipsecx_policy *want,
				 const char *peer, struct ike_diag *diag)
{
	struct policy *policy = calloc(1, sizeof(*policy));
	int err;

	if (!policy)
		return NULL;
	err = ipsecx_policy_new(kern->devices.nl, want);
	if (err) {
		kern_fail(kern, diag, err, "add a policy");
		free(policy);
		return NULL;
	}
	policy->p = *want;
	snprintf(policy->peer, sizeof(policy->peer), "%s", peer);
	LIST_INSERT_HEAD(&kern->policies, policy, next);
	return policy;
}

static void policy_put(struct kern *kern, struct policy *policy)
{
	if (policy->users)
		return;
	if (policy->routed)
		routes_del(&kern->routes, policy->p.ifindex,
			   &policy->remote_ts);
	ipsecx_policy_del(kern->devices.nl, &policy->p);
	LIST_REMOVE(policy, next);
	free(policy);
}

/* after this the child may not exist any more */
static void tell(struct kern *kern, struct kern_child *child)
{
	child->told = true;
	kern->expired(child, kern->data);
}

static bool is_of(const struct kern_child *child, const struct ipsecx_sa *sa)
{
	if (child->told || child->policy->p.ifindex != sa->ifindex)
		return false;
	return (child->in == sa->id && child->spi_in == sa->spi) ||
	       (child->out == sa->id && child->spi_out == sa->spi);
}

static void sa_ended(struct kern *kern, const struct ipsecx_sa *sa)
{
	struct kern_child *child;

	/* that it is idle is no end of it */
	if (sa->kind == IPSECX_EXPIRE_KIND_IDLE)
		return;
	LIST_FOREACH(child, &kern->children, next) {
		if (is_of(child, sa)) {
			tell(kern, child);
			return;
		}
	}
}

static struct kern_child *untold(struct kern *kern, const struct policy *policy)
{
	struct kern_child *child;

	LIST_FOREACH(child, &kern->children, next)
		if (child->policy == policy && !child->told)
			return child;
	return NULL;
}

static struct policy *policy_of(struct kern *kern,
				const struct ipsecx_policy *event)
{
	struct policy *policy;

	LIST_FOREACH(policy, &kern->policies, next)
		if (policy->p.ifindex == event->ifindex &&
		    policy->p.id == event->id)
			return policy;
	return NULL;
}

/* telling changes the list: begin again each time */
static void policy_ended(struct kern *kern, const struct ipsecx_policy *event)
{
	struct policy *policy = policy_of(kern, event);
	struct kern_child *child;

	if (!policy)
		return;
	policy->gone = true;
	/* held, so that the last child's removal does not free it */
	policy->users++;
	while ((child = untold(kern, policy)))
		tell(kern, child);
	policy->users--;
	policy_put(kern, policy);
}

static void on_event(uint8_t cmd, const void *obj, void *data)
{
	struct kern *kern = data;

	if (!obj)
		log_warn(
			"the kernel had more events than we could read; dead peer detection will find what was missed");
	else if (cmd == IPSECX_CMD_SA_EXPIRE_NTF ||
		 cmd == IPSECX_CMD_SA_DEL_NTF)
		sa_ended(kern, obj);
	else if (cmd == IPSECX_CMD_POLICY_DEL_NTF)
		policy_ended(kern, obj);
}

static void on_readable(evutil_socket_t fd, short what, void *data)
{
	struct kern *kern = data;
	int err = ipsecx_events_receive(kern->events, on_event, kern);

	if (err)
		log_warn("cannot read the kernel's events: %s",
			 ipsecx_nl_error(kern->events));
}

static int open_events(struct kern *kern, struct event_base *base)
{
	int err = ipsecx_events_subscribe(kern->events);

	if (err) {
		log_err("cannot subscribe to the kernel's events: %s",
			ipsecx_nl_error(kern->events));
		return err;
	}
	kern->readable = event_new(base, ipsecx_nl_fd(kern->events),
				   EV_READ | EV_PERSIST, on_readable, kern);
	if (!kern->readable || event_add(kern->readable, NULL))
		return -ENOMEM;
	return 0;
}

static int open_sockets(struct kern *kern)
{
	char error[IPSECX_NL_ERROR_LEN] = "";
	int err;

	err = ipsecx_nl_open(&kern->devices.nl, error, sizeof(error));
	if (!err)
		err = ipsecx_nl_open(&kern->events, error, sizeof(error));
	if (err) {
		log_err("cannot talk to the kernel: %s", error);
		return err;
	}
	err = ipsecx_nl_open_route(&kern->devices.rt);
	if (err)
		log_err("cannot open an rtnetlink socket: %s", strerror(-err));
	kern->routes.rt = kern->devices.rt;
	return err;
}

int kern_open(struct kern **kern, struct event_base *base, uint32_t fwmark,
	      kern_expired_cb expired, void *data)
{
	struct kern *k = calloc(1, sizeof(*k));
	int err;

	if (!k)
		return -ENOMEM;
	k->devices.fwmark = fwmark;
	k->expired = expired;
	k->data = data;
	err = open_sockets(k);
	if (!err)
		err = open_events(k, base);
	if (err) {
		kern_close(k);
		return err;
	}
	*kern = k;
	return 0;
}

static void policy_route(struct kern *kern, struct policy *policy,
			 const struct kern_spec *spec)
{
	if (!spec->routes || policy->routed)
		return;
	policy->remote_ts = *spec->remote_ts;
	policy->routed = true;
	routes_add(&kern->routes, policy->p.ifindex, &spec->source,
		   &policy->remote_ts);
}

static int sa_add(struct kern *kern, const struct kern_spec *spec,
		  const struct policy *policy, bool out, uint32_t *id,
		  struct ike_diag *diag)
{
	const struct kern_sa *from = out ? &spec->out : &spec->in;
	struct ipsecx_sa sa = {
		.ifindex = policy->p.ifindex,
		.policy = policy->p.id,
		.direction = out ? IPSECX_DIRECTION_OUT : IPSECX_DIRECTION_IN,
		.spi = from->spi,
		.encr = spec->encr,
		.integ = spec->integ,
		.encr_key = from->key.p,
		.encr_key_len = from->key.len,
		.integ_key = from->integ_key.p,
		.integ_key_len = from->integ_key.len,
		.esn = spec->esn,
		.has = IPSECX_HAS(SA_DIRECTION) |
		       (out ? 0 : IPSECX_HAS(SA_REPLAY_WINDOW)),
		.replay_window = out ? 0 : spec->replay_window,
		.activate = out && spec->activate,
	};
	int err = ipsecx_sa_new(kern->devices.nl, &sa);

	if (err)
		return kern_fail(kern, diag, err,
				 out ? "install the outbound SA" :
				       "install the inbound SA");
	*id = sa.id;
	return 0;
}

static void sa_del(struct kern *kern, const struct kern_child *child,
		   uint32_t id)
{
	struct ipsecx_sa sa = {
		.ifindex = child->policy->p.ifindex,
		.id = id,
	};

	ipsecx_sa_del(kern->devices.nl, &sa);
}

/* inbound first: the peer may send as soon as it hears from us */
static int sa_add_pair(struct kern *kern, const struct kern_spec *spec,
		       struct kern_child *child, struct ike_diag *diag)
{
	int err = sa_add(kern, spec, child->policy, false, &child->in, diag);

	if (err)
		return err;
	err = sa_add(kern, spec, child->policy, true, &child->out, diag);
	if (err)
		sa_del(kern, child, child->in);
	return err;
}

static int policy_want(struct kern *kern, const struct kern_spec *spec,
		       struct ipsecx_policy *want, struct ike_diag *diag)
{
	int err;

	memset(want, 0, sizeof(*want));
	want->has = IPSECX_HAS(POLICY_MODE);
	want->mode = spec->transport ? IPSECX_MODE_TRANSPORT :
				       IPSECX_MODE_TUNNEL;
	policy_path(want, spec);
	err = device_get(&kern->devices, &spec->dev, &want->ifindex, diag);
	if (err)
		return err;
	return selector_fill(want, spec->local_ts, spec->remote_ts, diag);
}

/* SAs below the policy that is there already, or below a new one */
static int child_place(struct kern *kern, const struct kern_spec *spec,
		       struct kern_child *child, struct ike_diag *diag)
{
	struct ipsecx_policy want, before;
	int err = policy_want(kern, spec, &want, diag);

	if (err)
		return err;
	child->policy = policy_find(kern, &want);
	if (child->policy)
		err = policy_check_peer(child->policy, spec, diag);
	if (err)
		return err;
	if (!child->policy) {
		child->policy = policy_new(kern, &want, spec->peer, diag);
		before = want;
	} else {
		before = child->policy->p;
		err = policy_move(kern, child->policy, &want, diag);
	}
	if (!child->policy)
		return -EIO;
	if (!err)
		err = sa_add_pair(kern, spec, child, diag);
	if (!err)
		return 0;
	/* as it was; a policy without users goes */
	policy_move(kern, child->policy, &before, NULL);
	policy_put(kern, child->policy);
	return err;
}

int kern_child_install(struct kern *kern, const struct kern_spec *spec,
		       struct kern_child **child, struct ike_diag *diag)
{
	struct kern_child *c = calloc(1, sizeof(*c));
	int err;

	diag->text[0] = diag->hint[0] = '\0';
	if (!c)
		return ike_diag_set(diag, 0, -ENOMEM, "out of memory");
	err = child_place(kern, spec, c, diag);
	if (err) {
		free(c);
		return err;
	}
	c->policy->users++;
	policy_route(kern, c->policy, spec);
	c->spi_in = spec->in.spi;
	c->spi_out = spec->out.spi;
	LIST_INSERT_HEAD(&kern->children, c, next);
	*child = c;
	return 0;
}

int kern_child_activate(struct kern *kern, struct kern_child *child,
			struct ike_diag *diag)
{
	struct ipsecx_sa sa = {
		.ifindex = child->policy->p.ifindex,
		.id = child->out,
		.activate = true,
	};
	int err = ipsecx_sa_set(kern->devices.nl, &sa);

	return err ? kern_fail(kern, diag, err, "send on the new SA") : 0;
}

void kern_child_remove(struct kern *kern, struct kern_child *child)
{
	sa_del(kern, child, child->out);
	sa_del(kern, child, child->in);
	child->policy->users--;
	policy_put(kern, child->policy);
	LIST_REMOVE(child, next);
	free(child);
}

void kern_close(struct kern *kern)
{
	struct kern_child *child;

	if (!kern)
		return;
	while ((child = LIST_FIRST(&kern->children)))
		kern_child_remove(kern, child);
	routes_flush(&kern->routes);
	device_put_all(&kern->devices);
	if (kern->readable)
		event_free(kern->readable);
	ipsecx_nl_close(kern->events);
	ipsecx_nl_close(kern->devices.nl);
	ipsecx_nl_close(kern->devices.rt);
	free(kern);
}
