// SPDX-License-Identifier: MIT
#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "log.h"
#include "routes.h"
#include "selector.h"

/**
 * struct policy - a policy we made
 * @next: another one
 * @p: as the kernel has it
 * @peer: the identity it leads to
 * @users: Child SAs below it
 * @routed: its routes are installed, to @remote_ts
 * @gone: the kernel has it no more
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

/* an SA as events name it: the kernel may use an id again */
struct sa {
	uint32_t id;
	uint32_t spi;
};

/* a pair of SAs; @id is the engine's name of it, @told: its end was reported */
struct child {
	LIST_ENTRY(child) next;
	uint32_t id;
	struct policy *policy;
	struct sa in;
	struct sa out;
	bool told;
};

/* @devices has the sockets for asking */
struct kern {
	struct ipsecx_nl *events;
	struct event *readable;
	kern_expired_cb expired;
	void *data;
	struct devices devices;
	struct routes routes;
	LIST_HEAD(policy_list, policy) policies;
	LIST_HEAD(child_list, child) children;
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

void kern_want(struct kern *kern, const struct config_child *child)
{
	struct ike_diag diag = { 0 };
	uint32_t ifindex;

	if (device_get(&kern->devices, child, &ifindex, &diag))
		log_diag(LOG_ERR, child->ike.name, &diag);
	ifindex = kern_ifindex(kern, child->device);
	if (child->routes && ifindex)
		routes_add(&kern->routes, ifindex, &child->source,
			   &child->ike.remote_ts);
}

void kern_unwant(struct kern *kern, const struct config_child *child)
{
	uint32_t ifindex = kern_ifindex(kern, child->device);

	if (child->routes && ifindex)
		routes_del(&kern->routes, ifindex, &child->ike.remote_ts);
}

int kern_spi_alloc(struct kern *kern, const struct config_child *child,
		   uint32_t *spi, struct ike_diag *diag)
{
	struct ipsecx_spi got = { 0 };
	int err = device_get(&kern->devices, child, &got.ifindex, diag);

	if (err)
		return err;
	err = ipsecx_spi_alloc(kern->devices.nl, &got);
	*spi = got.spi;
	return err ? kern_fail(kern, diag, err, "reserve an SPI") : 0;
}

void kern_spi_free(struct kern *kern, const struct config_child *child,
		   uint32_t spi)
{
	struct ipsecx_spi old = {
		.ifindex = kern_ifindex(kern, child->device),
		.spi = spi,
	};

	if (old.ifindex)
		ipsecx_spi_free(kern->devices.nl, &old);
}

/* what is behind an address of IPv4 is zero */
static bool same_path(const struct ipsecx_policy *a,
		      const struct ipsecx_policy *b)
{
	return !memcmp(&a->local, &b->local, sizeof(a->local)) &&
	       !memcmp(&a->remote, &b->remote, sizeof(a->remote)) &&
	       a->encap == b->encap && a->local_port == b->local_port &&
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
	set.n_selector = to->n_selector;
	policy->p = set;
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
static void tell(struct kern *kern, struct child *child)
{
	child->told = true;
	kern->expired(child->id, kern->data);
}

static bool is_of(const struct child *child, const struct ipsecx_sa *sa)
{
	if (child->told || child->policy->p.ifindex != sa->ifindex)
		return false;
	return (child->in.id == sa->id && child->in.spi == sa->spi) ||
	       (child->out.id == sa->id && child->out.spi == sa->spi);
}

static void sa_ended(struct kern *kern, const struct ipsecx_sa *sa)
{
	struct child *child;

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

static struct child *untold(struct kern *kern, const struct policy *policy)
{
	struct child *child;

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
	struct child *child;

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
			 const struct ike_child_spec *spec,
			 const struct config_child *conf)
{
	bool is_host = !conf->source.len && spec->transport;

	if (!conf->routes || policy->routed)
		return;
	policy->remote_ts = *spec->remote_ts;
	policy->routed = true;
	routes_add(&kern->routes, policy->p.ifindex,
		   is_host ? &spec->path.local : &conf->source,
		   &policy->remote_ts);
}

/* @sa becomes the outbound one of the pair, or the inbound one */
static int sa_add(struct kern *kern, const struct child *child, struct sa *sa,
		  const struct ike_child_spec *spec,
		  const struct config_child *conf, struct ike_diag *diag)
{
	bool out = sa == &child->out;
	struct ike_span key = out ? spec->key_out : spec->key_in;
	struct ike_span integ_key = out ? spec->integ_out : spec->integ_in;
	struct ipsecx_sa want = {
		.has = IPSECX_HAS(SA_DIRECTION),
		.ifindex = child->policy->p.ifindex,
		.policy = child->policy->p.id,
		.direction = out ? IPSECX_DIRECTION_OUT : IPSECX_DIRECTION_IN,
		.spi = out ? spec->spi_out : spec->spi_in,
		.encr = spec->encr,
		.encr_key = key.p,
		.encr_key_len = key.len,
		.integ = spec->integ,
		.integ_key = integ_key.p,
		.integ_key_len = integ_key.len,
		.esn = spec->esn,
		.activate = out && spec->activate,
	};
	int err;

	if (!out) {
		want.has |= IPSECX_HAS(SA_REPLAY_WINDOW);
		want.replay_window = conf->replay_window;
	}
	err = ipsecx_sa_new(kern->devices.nl, &want);
	*sa = (struct sa){ want.id, want.spi };
	return err ? kern_fail(kern, diag, err,
			       out ? "install the outbound SA" :
				     "install the inbound SA") :
		     0;
}

static void sa_del(struct kern *kern, const struct child *child, uint32_t id)
{
	struct ipsecx_sa sa = {
		.ifindex = child->policy->p.ifindex,
		.id = id,
	};

	ipsecx_sa_del(kern->devices.nl, &sa);
}

/* inbound first: the peer may send as soon as it hears from us */
static int sa_add_pair(struct kern *kern, struct child *child,
		       const struct ike_child_spec *spec,
		       const struct config_child *conf, struct ike_diag *diag)
{
	int err = sa_add(kern, child, &child->in, spec, conf, diag);

	if (err)
		return err;
	err = sa_add(kern, child, &child->out, spec, conf, diag);
	if (err)
		sa_del(kern, child, child->in.id);
	return err;
}

static int policy_want(struct kern *kern, const struct ike_child_spec *spec,
		       const struct config_child *conf,
		       struct ipsecx_policy *want, struct ike_diag *diag)
{
	int err = device_get(&kern->devices, conf, &want->ifindex, diag);

	if (err)
		return err;
	want->has = IPSECX_HAS(POLICY_MODE);
	want->mode = spec->transport ? IPSECX_MODE_TRANSPORT :
				       IPSECX_MODE_TUNNEL;
	selector_addr(&spec->path.local, &want->local);
	selector_addr(&spec->path.remote, &want->remote);
	if (spec->encap) {
		want->encap = IPSECX_ENCAP_UDP;
		want->local_port = spec->path.local.port;
		want->remote_port = spec->path.remote.port;
	}
	return selector_fill(want, spec->local_ts, spec->remote_ts, diag);
}

/*
 * The policy that is there already, moved to where the peer is now, or a new
 * one. @before is how it was.
 */
static int policy_get(struct kern *kern, const struct ike_child_spec *spec,
		      const struct config_child *conf, struct child *child,
		      struct ipsecx_policy *before, struct ike_diag *diag)
{
	struct ipsecx_policy want = { 0 };
	int err = policy_want(kern, spec, conf, &want, diag);

	if (err)
		return err;
	child->policy = policy_find(kern, &want);
	if (!child->policy) {
		child->policy = policy_new(kern, &want, spec->peer, diag);
		*before = want;
		return child->policy ? 0 : -EIO;
	}
	*before = child->policy->p;
	if (strcmp(child->policy->peer, spec->peer))
		return ike_diag_set(diag, IKE_N_TS_UNACCEPTABLE, -EEXIST,
				    "%s has the same addresses already",
				    child->policy->peer);
	return policy_move(kern, child->policy, &want, diag);
}

static int child_place(struct kern *kern, const struct ike_child_spec *spec,
		       const struct config_child *conf, struct child *child,
		       struct ike_diag *diag)
{
	struct ipsecx_policy before;
	int err = policy_get(kern, spec, conf, child, &before, diag);

	if (err)
		return err;
	err = sa_add_pair(kern, child, spec, conf, diag);
	if (err) {
		/* as it was; a policy without users goes */
		policy_move(kern, child->policy, &before, NULL);
		policy_put(kern, child->policy);
	}
	return err;
}

int kern_install(struct kern *kern, const struct ike_child_spec *spec,
		 const struct config_child *conf, struct ike_diag *diag)
{
	struct child *child = calloc(1, sizeof(*child));
	int err;

	diag->text[0] = diag->hint[0] = '\0';
	if (!child)
		return ike_diag_set(diag, 0, -ENOMEM, "out of memory");
	err = child_place(kern, spec, conf, child, diag);
	if (err) {
		free(child);
		return err;
	}
	child->id = spec->id;
	child->policy->users++;
	policy_route(kern, child->policy, spec, conf);
	LIST_INSERT_HEAD(&kern->children, child, next);
	return 0;
}

static struct child *child_find(const struct kern *kern, uint32_t id)
{
	struct child *child;

	LIST_FOREACH(child, &kern->children, next)
		if (child->id == id)
			return child;
	return NULL;
}

int kern_activate(struct kern *kern, uint32_t id, struct ike_diag *diag)
{
	struct child *child = child_find(kern, id);
	struct ipsecx_sa sa = { .activate = true };
	int err;

	if (!child)
		return 0;
	sa.ifindex = child->policy->p.ifindex;
	sa.id = child->out.id;
	err = ipsecx_sa_set(kern->devices.nl, &sa);
	return err ? kern_fail(kern, diag, err, "send on the new SA") : 0;
}

static void child_remove(struct kern *kern, struct child *child)
{
	sa_del(kern, child, child->out.id);
	sa_del(kern, child, child->in.id);
	child->policy->users--;
	policy_put(kern, child->policy);
	LIST_REMOVE(child, next);
	free(child);
}

void kern_remove(struct kern *kern, uint32_t id)
{
	struct child *child = child_find(kern, id);

	if (child)
		child_remove(kern, child);
}

unsigned int kern_count(const struct kern *kern)
{
	const struct child *child;
	unsigned int n = 0;

	LIST_FOREACH(child, &kern->children, next)
		n++;
	return n;
}

void kern_close(struct kern *kern)
{
	struct child *child;

	if (!kern)
		return;
	while ((child = LIST_FIRST(&kern->children)))
		child_remove(kern, child);
	routes_flush(&kern->routes);
	device_put_all(&kern->devices);
	if (kern->readable)
		event_free(kern->readable);
	ipsecx_nl_close(kern->events);
	ipsecx_nl_close(kern->devices.nl);
	ipsecx_nl_close(kern->devices.rt);
	free(kern);
}
