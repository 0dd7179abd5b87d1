// SPDX-License-Identifier: MIT
/* The agent's life: start, signals, reload, and an orderly end. */
#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "daemon.h"
#include "log.h"
#include "notify.h"
#include "sandbox.h"

/* How often to ask routing whether our address towards a peer has changed. */
#define DAEMON_REFRESH_S 10

/* How long peers may take to say goodbye. */
#define DAEMON_GOODBYE_MS 2000

uint64_t daemon_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

void daemon_arm(struct daemon *d)
{
	uint64_t next = ike_engine_next(d->engine), now = daemon_now();
	uint64_t wait = next > now ? next - now : 0;
	const struct timeval tv = {
		.tv_sec = (time_t)(wait / 1000),
		.tv_usec = (suseconds_t)(wait % 1000 * 1000),
	};

	if (next == IKE_NEVER)
		evtimer_del(d->timer);
	else
		evtimer_add(d->timer, &tv);
}

static void on_timer(evutil_socket_t fd, short what, void *data)
{
	struct daemon *d = data;

	ike_engine_timer(d->engine, daemon_now());
	daemon_arm(d);
}

/* ---- configuration ---- */

static int daemon_load_engine(struct daemon *d, const struct config *old)
{
	struct ike_conn **conns = wanted_conns(d, d->config, old);

	if (!conns)
		return -ENOMEM;
	ike_engine_load(d->engine, daemon_now(), conns, d->config->n_conns);
	free(conns);
	daemon_arm(d);
	return 0;
}

int daemon_reload(struct daemon *d, char error[CONFIG_ERROR_MAX])
{
	struct config *config, *old = d->config;
	int err = config_load(d->options->config, &config, error);

	if (err)
		return err;
	wanted_open(d, config);
	d->config = config;
	/* first without those that have to be made anew */
	err = daemon_load_engine(d, old);
	if (!err)
		err = daemon_load_engine(d, NULL);
	wanted_close(d, old);
	config_free(old);
	if (err)
		snprintf(error, CONFIG_ERROR_MAX, "out of memory");
	else
		log_info("configuration read again, %u connections",
			 config->n_conns);
	return err;
}

/* ---- signals ---- */

static void on_hangup(evutil_socket_t fd, short what, void *data)
{
	char error[CONFIG_ERROR_MAX];
	struct daemon *d = data;

	notify_send("RELOADING=1\nMONOTONIC_USEC=%llu",
		    (unsigned long long)daemon_now() * 1000);
	if (daemon_reload(d, error))
		log_err("%s; nothing was changed", error);
	notify_send("READY=1");
}

static void on_stop(evutil_socket_t fd, short what, void *data)
{
	struct daemon *d = data;

	event_base_loopexit(d->base, NULL);
}

/* a connection whose address is another now is made anew, the rest is left */
static void on_refresh(evutil_socket_t fd, short what, void *data)
{
	daemon_load_engine(data, NULL);
}

static void on_watchdog(evutil_socket_t fd, short what, void *data)
{
	notify_send("WATCHDOG=1");
}

/* on a signal, or every @usec */
static struct event *daemon_on(struct daemon *d, int number, uint64_t usec,
			       event_callback_fn fn)
{
	const struct timeval tv = {
		.tv_sec = (time_t)(usec / 1000000),
		.tv_usec = (suseconds_t)(usec % 1000000),
	};
	struct event *ev = event_new(d->base, number,
				     usec ? EV_PERSIST : EV_SIGNAL | EV_PERSIST,
				     fn, d);

	if (ev)
		event_add(ev, usec ? &tv : NULL);
	return ev;
}

/* ---- life ---- */

/* Peers are told, and given a moment to answer. */
static void daemon_goodbye(struct daemon *d)
{
	uint64_t end = daemon_now() + DAEMON_GOODBYE_MS;
	const struct timeval step = { .tv_usec = 50000 };

	notify_send("STOPPING=1");
	ike_engine_shutdown(d->engine, daemon_now());
	daemon_arm(d);
	while (!ike_engine_idle(d->engine) && daemon_now() < end) {
		event_base_loopexit(d->base, &step);
		event_base_dispatch(d->base);
	}
}

static int daemon_start(struct daemon *d)
{
	int err = sandbox_enter();

	if (err)
		return err;
	wanted_open(d, d->config);
	err = daemon_load_engine(d, NULL);
	if (err)
		return err;
	notify_send("READY=1");
	log_info("ready, %u connections", d->config->n_conns);
	event_base_dispatch(d->base);
	daemon_goodbye(d);
	return 0;
}

static int daemon_loop(struct daemon *d)
{
	struct event *events[5] = {
		daemon_on(d, SIGHUP, 0, on_hangup),
		daemon_on(d, SIGTERM, 0, on_stop),
		daemon_on(d, SIGINT, 0, on_stop),
		daemon_on(d, -1, DAEMON_REFRESH_S * 1000000ull, on_refresh),
	};
	uint64_t watchdog;
	size_t i;
	int err;

	notify_open(&watchdog);
	if (watchdog)
		events[4] = daemon_on(d, -1, watchdog / 2, on_watchdog);
	err = daemon_start(d);
	for (i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (events[i])
			event_free(events[i]);
	notify_close();
	return err;
}

static int daemon_open(struct daemon *d)
{
	struct ike_env env;
	int err;

	world_env(d, &env);
	d->base = event_base_new();
	d->engine = ike_engine_new(&env);
	d->timer = d->base ? evtimer_new(d->base, on_timer, d) : NULL;
	if (!d->base || !d->engine || !d->timer)
		return -ENOMEM;
	err = kern_open(&d->kern, d->base, d->config->net.fwmark, world_expired,
			d);
	if (!err)
		err = net_open(&d->net, d->base, &d->config->net, world_input,
			       d);
	if (!err)
		err = net_each_natt(d->net, kern_attach, d->kern);
	if (!err)
		err = ctl_open(&d->ctl, d->base, d->options->ctl,
			       daemon_commands, command_gone, d);
	return err;
}

/* The engine first: it still takes its Child SAs out of the kernel. */
static void daemon_close(struct daemon *d)
{
	if (d->ctl)
		ctl_close(d->ctl);
	ike_engine_free(d->engine);
	if (d->kern)
		kern_close(d->kern);
	if (d->net)
		net_close(d->net);
	if (d->timer)
		event_free(d->timer);
	if (d->base)
		event_base_free(d->base);
	config_free(d->config);
}

int daemon_run(const struct daemon_options *options)
{
	struct daemon d = { .options = options };
	char error[CONFIG_ERROR_MAX];
	int err;

	LIST_INIT(&d.waiting);
	err = config_load(options->config, &d.config, error);
	if (err) {
		log_err("%s", error);
		return err;
	}
	err = daemon_open(&d);
	if (!err)
		err = daemon_loop(&d);
	daemon_close(&d);
	return err;
}
