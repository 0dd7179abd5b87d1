// SPDX-License-Identifier: MIT
#include <confuse.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config.h"
#include "value.h"

#define PORT_MAX 65535
#define DAY	 86400
#define FILE_MAX (4u << 20)

/*
 * libconfuse takes the end of the file for the end of every open section. A
 * key that only the top has, added behind the file, tells the difference.
 */
#define END_OF_FILE "end-of-file"

/* libconfuse shows the last value of a list twice; this is left in its place */
#define CONSUMED '\1'

#define KEY(word, reader, offset, ...)                                    \
	{                                                                 \
		.name = word, .read = reader, .to = offset, ##__VA_ARGS__ \
	}
#define ROOT(member)  offsetof(struct config, member)
#define CONN(member)  offsetof(struct config_conn, member)
#define CHILD(member) offsetof(struct config_child, member)

static const struct value_key root_keys[] = {
	KEY("port", value_port, ROOT(net.port), .min = 1, .max = PORT_MAX),
	KEY("natt_port", value_port, ROOT(net.natt_port), .min = 1,
	    .max = PORT_MAX),
	KEY("fwmark", value_uint, ROOT(net.fwmark), .min = 1,
	    .max = UINT32_MAX),
	KEY("listen", value_listen, ROOT(net), .list = true),
	KEY(END_OF_FILE, value_end, ROOT(complete)),
	{ .name = NULL }
};

static const struct value_key conn_keys[] = {
	KEY("local", value_addr_or_any, CONN(local)),
	KEY("remote", value_addr_or_any, CONN(remote)),
	KEY("local_id", value_id, CONN(local_id)),
	KEY("remote_id", value_id, CONN(remote_id)),
	KEY("psk", value_psk, 0),
	KEY("psk_file", value_psk_file, 0),
	KEY("ike", value_words, CONN(ike_text), .list = true),
	KEY("encap", value_encap, CONN(encap)),
	KEY("dpd", value_uint, CONN(dpd), .min = 0, .max = DAY),
	{ .name = NULL }
};

static const struct value_key child_keys[] = {
	KEY("device", value_ifname, CHILD(device)),
	KEY("link", value_ifname, CHILD(link)),
	KEY("local_ts", value_ts, CHILD(local_ts), .list = true),
	KEY("remote_ts", value_ts, CHILD(remote_ts), .list = true),
	KEY("mode", value_mode, CHILD(transport)),
	KEY("esp", value_words, CHILD(esp_text), .list = true),
	KEY("esn", value_choice, CHILD(esn)),
	KEY("start", value_bool, CHILD(start)),
	KEY("routes", value_bool, CHILD(routes)),
	KEY("source", value_addr, CHILD(source)),
	KEY("mtu", value_uint, CHILD(mtu), .min = 576, .max = 65535),
	KEY("replay_window", value_uint, CHILD(replay_window), .min = 0,
	    .max = 8192),
	{ .name = NULL }
};

#define KEYS_MAX 16

/**
 * struct reading - a file that is being read
 * @config: what is complete
 * @conn: the connection whose section is open
 * @child: the child whose section is open
 * @secret: there was a psk in the file itself
 * @error: the first error, empty while there is none
 *
 * libconfuse's callbacks have no argument of ours, hence a static pointer.
 */
static struct reading {
	struct config *config;
	struct config_conn *conn;
	struct config_child *child;
	bool secret;
	char *error;
} * now;

/* errors go out as "file:line: what, and what would be right" */
static int fail(cfg_t *cfg, const char *what, const char *right)
{
	if (!now->error[0])
		snprintf(now->error, CONFIG_ERROR_MAX, "%s:%d: %s, %s",
			 cfg->filename, cfg->line, what, right);
	return -1;
}

static const char *option_name(unsigned int i, const void *opts)
{
	return ((const cfg_opt_t *)opts)[i].name;
}

static void unknown_key(cfg_t *cfg, const char *word)
{
	const char *closest = value_closest(word, option_name, cfg->opts);
	char what[128], right[128] = "see ipsecx.conf(5) for what there is";

	if (!strcmp(word, END_OF_FILE)) {
		fail(cfg, "the file ends in the middle of a section",
		     "\"}\" must close it");
		return;
	}

	snprintf(what, sizeof(what), "unknown key \"%.60s\"", word);
	if (closest)
		snprintf(right, sizeof(right), "did you mean \"%s\"?", closest);
	fail(cfg, what, right);
}

/* what would be right, by the beginning of what libconfuse says is wrong */
static const struct {
	const char *start;
	const char *right;
} syntax[] = {
	{ "missing equal", "\"key = value\" would be right" },
	{ "missing opening brace for section", "\"{\" must follow the title" },
	{ "missing opening brace", "a list is {\"one\", \"two\"}" },
	{ "missing title", "\"connection office {\" would be right" },
	{ "found duplicate", "every section needs a name of its own" },
	{ "unexpected closing", "there is a \"}\" too many" },
	{ "premature end", "the file ends in the middle of a section" },
	{ "unterminated", "a string ends with the quote it began with" },
};

static void on_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	const char *right =
		"\"key = value\" or \"section name {\" must be here";
	char what[256];
	size_t i;

	if (!strncmp(fmt, "no such option", 14)) {
		unknown_key(cfg, va_arg(ap, const char *));
		return;
	}
	vsnprintf(what, sizeof(what), fmt, ap);
	for (i = 0; i < sizeof(syntax) / sizeof(*syntax); i++)
		if (!strncmp(what, syntax[i].start, strlen(syntax[i].start)))
			right = syntax[i].right;
	fail(cfg, what, right);
}

static struct config_child *child_new(void)
{
	struct config_child *child = calloc(1, sizeof(*child));

	if (!child)
		return NULL;
	child->routes = true;
	child->replay_window = 1024;
	ike_proposals_default(IKE_PROTO_ESP, &child->esp);
	return child;
}

static struct config_conn *conn_new(void)
{
	struct config_conn *conn = calloc(1, sizeof(*conn));

	if (!conn)
		return NULL;
	conn->dpd = 30;
	ike_proposals_default(IKE_PROTO_IKE, &conn->ike);
	STAILQ_INIT(&conn->children);
	return conn;
}

/* the section that a key is in, and the struct that it fills */
static const struct value_key *section_of(cfg_t *cfg, void **to)
{
	if (!strcmp(cfg_name(cfg), "connection")) {
		if (!now->conn)
			now->conn = conn_new();
		*to = now->conn;
		return conn_keys;
	}
	if (!strcmp(cfg_name(cfg), "child")) {
		if (!now->child)
			now->child = child_new();
		*to = now->child;
		return child_keys;
	}
	*to = now->config;
	return root_keys;
}

/* the value that was read last, and no copy of a secret left behind */
static int on_value(cfg_t *cfg, cfg_opt_t *opt)
{
	unsigned int n = cfg_opt_size(opt);
	char *text = n ? opt->values[n - 1]->string : NULL;
	struct ike_diag diag = { 0 };
	const struct value_key *key;
	void *to;
	int err;

	if (!text || *text == CONSUMED)
		return 0;
	key = section_of(cfg, &to);
	if (!to)
		return fail(cfg, "out of memory", "try again");
	while (strcmp(key->name, opt->name))
		key++;
	err = key->read(key, text, (char *)to + key->to, &diag);
	if (key->read == value_psk) {
		now->secret = true;
		ike_wipe(text, strlen(text));
	}
	if (*text || key->read == value_psk)
		*text = CONSUMED;
	if (!err)
		return 0;
	return fail(cfg, diag.text,
		    diag.hint[0] ? diag.hint : "see ipsecx.conf(5)");
}

static bool ts_has_host(const struct ike_ts_list *list,
			const union net_addr *addr)
{
	struct ike_ts_list host = { .n = 1 };

	if (addr->sa.sa_family == AF_INET6)
		ike_ts_host(&host.ts[0], &addr->v6.sin6_addr, IKE_TS_V6_LEN);
	else if (addr->sa.sa_family == AF_INET)
		ike_ts_host(&host.ts[0], &addr->v4.sin_addr, IKE_TS_V4_LEN);
	else
		return false;
	return ike_ts_list_covers(list, &host);
}

#define TITLE_RIGHT "1 to 63 letters, digits, - _ and . would be right"

static const char *title_check(const char *title)
{
	static const char fine[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

	if (!title || !*title || strlen(title) >= CONFIG_NAME_MAX ||
	    title[strspn(title, fine)])
		return "the name of a section is empty, too long or has odd letters";
	return NULL;
}

static int child_check(cfg_t *cfg, const struct config_child *child)
{
	if (title_check(child->name))
		return fail(cfg, title_check(child->name), TITLE_RIGHT);
	if (!child->device[0])
		return fail(cfg, "the child has no device",
			    "device = ipsec0 would be right");
	if (!child->transport && !child->local_ts.n)
		return fail(
			cfg, "the child has no local_ts",
			"local_ts = {\"10.1.0.0/16\"} for what is behind this end would be right");
	if (!child->transport && !child->remote_ts.n)
		return fail(
			cfg, "the child has no remote_ts",
			"remote_ts = {\"10.2.0.0/16\"} for what is behind the peer would be right");
	return 0;
}

/* esn = yes or no: of the two transforms of type ESN only one stays */
static void keep_esn(struct ike_proposal *p, uint16_t id)
{
	uint8_t i, n = 0;

	for (i = 0; i < p->n; i++)
		if (p->tf[i].type != IKE_TF_ESN || p->tf[i].id == id)
			p->tf[n++] = p->tf[i];
	p->n = n;
}

static bool has_esn(const struct ike_proposal *p)
{
	uint8_t i;

	for (i = 0; i < p->n; i++)
		if (p->tf[i].type == IKE_TF_ESN)
			return true;
	return false;
}

static int child_proposals(cfg_t *cfg, struct config_child *child)
{
	unsigned int i;
	struct ike_diag diag;

	if (child->esp_text.text[0] &&
	    ike_proposals_parse(child->esp_text.text, IKE_PROTO_ESP,
				&child->esp, &diag))
		return fail(cfg, diag.text, diag.hint);
	for (i = 0; child->esn != CONFIG_AUTO && i < child->esp.n; i++) {
		keep_esn(&child->esp.p[i], child->esn == CONFIG_YES);
		if (!has_esn(&child->esp.p[i]))
			return fail(cfg, "esn contradicts a proposal in esp",
				    "one of the two must go");
	}
	return 0;
}

static int on_child(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *section = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	struct config_child *child;
	void *unused;

	section_of(section, &unused);
	child = now->child;
	section_of(cfg, &unused);
	if (!child || !now->conn)
		return fail(cfg, "out of memory", "try again");
	snprintf(child->name, sizeof(child->name), "%s", cfg_title(section));
	if (child_check(section, child) || child_proposals(section, child))
		return -1;
	STAILQ_INSERT_TAIL(&now->conn->children, child, next);
	now->child = NULL;
	return 0;
}

static int conn_check(cfg_t *cfg, const struct config_conn *conn,
		      bool has_remote)
{
	sa_family_t local = conn->local.sa.sa_family;
	sa_family_t remote = conn->remote.sa.sa_family;

	if (title_check(conn->name))
		return fail(cfg, title_check(conn->name), TITLE_RIGHT);
	if (!has_remote)
		return fail(
			cfg, "the connection has no remote",
			"remote = 192.0.2.2, or remote = any for peers that call, would be right");
	if (local && remote && local != remote)
		return fail(
			cfg,
			"local is IPv4 and remote is IPv6, or the other way round",
			"both must be of one family");
	if (ike_id_is_pattern(&conn->local_id))
		return fail(cfg, "local_id stands for more than one",
			    "local_id = \"a.example\" would be right");
	if (!remote && !conn->remote_id.type)
		return fail(cfg, "remote = any without remote_id",
			    "remote_id = \"b.example\" must say who may call");
	if (!conn->psk_len)
		return fail(
			cfg, "the connection has no psk",
			"psk_file = \"/etc/ipsecx/office.psk\" would be right");
	if (STAILQ_EMPTY(&conn->children))
		return fail(
			cfg, "the connection has no child",
			"a section \"child lan { ... }\" in it must say what is protected");
	return 0;
}

/*
 * A route to the peer itself that leads into the device would send the
 * protected packets there too, round and round.
 */
static int conn_check_child(cfg_t *cfg, const struct config_conn *conn,
			    const struct config_child *child)
{
	bool covers = child->transport && !child->remote_ts.n;
	char what[160];

	covers |= ts_has_host(&child->remote_ts, &conn->remote);
	snprintf(what, sizeof(what), "child \"%s\" %s", child->name,
		 child->start && !conn->remote.sa.sa_family ?
			 "has start = yes, but nobody to call" :
			 "would route the peer's own address into its device");
	if (child->start && !conn->remote.sa.sa_family)
		return fail(cfg, what,
			    "remote must be an address, or start = no");
	if (covers && child->routes && !child->link[0])
		return fail(
			cfg, what,
			"link = eth0 for the interface that leads to the peer, or routes = no, would be right");
	return 0;
}

static int on_conn(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *section = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	struct config_child *child;
	struct config_conn *conn;
	struct ike_diag diag;
	void *unused;

	section_of(section, &unused);
	conn = now->conn;
	if (!conn)
		return fail(cfg, "out of memory", "try again");
	snprintf(conn->name, sizeof(conn->name), "%s", cfg_title(section));
	if (conn_check(section, conn, cfg_size(section, "remote")))
		return -1;
	STAILQ_FOREACH(child, &conn->children, next)
		if (conn_check_child(section, conn, child))
			return -1;
	if (conn->ike_text.text[0] &&
	    ike_proposals_parse(conn->ike_text.text, IKE_PROTO_IKE, &conn->ike,
				&diag))
		return fail(section, diag.text, diag.hint);
	STAILQ_INSERT_TAIL(&now->config->conns, conn, next);
	now->config->n_conns++;
	now->conn = NULL;
	return 0;
}

/* keys as libconfuse wants them: all strings, read by us */
static unsigned int fill_options(cfg_opt_t *opts, const struct value_key *keys)
{
	const struct value_key *key;
	unsigned int n = 0;

	for (key = keys; key->name; key++) {
		cfg_opt_t one = CFG_STR(key->name, NULL, CFGF_NODEFAULT);
		cfg_opt_t list = CFG_STR_LIST(key->name, NULL, CFGF_NODEFAULT);

		opts[n] = key->list ? list : one;
		opts[n++].validcb = on_value;
	}
	return n;
}

static cfg_t *grammar_new(void)
{
	const int flags = CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES;
	cfg_opt_t child_opts[KEYS_MAX] = { CFG_END() };
	cfg_opt_t conn_opts[KEYS_MAX] = { CFG_END() };
	cfg_opt_t root_opts[KEYS_MAX] = { CFG_END() };
	cfg_opt_t child = CFG_SEC("child", child_opts, flags);
	cfg_opt_t conn = CFG_SEC("connection", conn_opts, flags);
	cfg_opt_t end = CFG_END();
	unsigned int n;
	cfg_t *cfg;

	child.validcb = on_child;
	conn.validcb = on_conn;
	child_opts[fill_options(child_opts, child_keys)] = end;
	n = fill_options(conn_opts, conn_keys);
	conn_opts[n] = child;
	conn_opts[n + 1] = end;
	n = fill_options(root_opts, root_keys);
	root_opts[n] = conn;
	root_opts[n + 1] = end;
	/* it takes copies of all options */
	cfg = cfg_init(root_opts, CFGF_NONE);
	if (cfg)
		cfg_set_error_function(cfg, on_error);
	return cfg;
}

static void child_free(struct config_child *child)
{
	free(child);
}

static void conn_free(struct config_conn *conn)
{
	struct config_child *child;

	if (!conn)
		return;
	while ((child = STAILQ_FIRST(&conn->children))) {
		STAILQ_REMOVE_HEAD(&conn->children, next);
		child_free(child);
	}
	ike_wipe(conn, sizeof(*conn));
	free(conn);
}

void config_free(struct config *config)
{
	struct config_conn *conn;

	if (!config)
		return;
	while ((conn = STAILQ_FIRST(&config->conns))) {
		STAILQ_REMOVE_HEAD(&config->conns, next);
		conn_free(conn);
	}
	free(config);
}

/* the whole file and the end-of-file key; NULL: too long, or no memory */
static char *slurp(FILE *file, size_t *len)
{
	const char *end = "\n" END_OF_FILE " = yes";
	const size_t room = strlen(end) + 1;
	size_t got, size = 4096;
	char *bigger, *text = malloc(size + room);

	*len = 0;
	while (text && (got = fread(text + *len, 1, size - *len, file))) {
		*len += got;
		if (*len < size)
			continue;
		size *= 2;
		bigger = size > FILE_MAX ? NULL : malloc(size + room);
		if (bigger)
			memcpy(bigger, text, *len);
		ike_wipe(text, *len);
		free(text);
		text = bigger;
	}
	if (text) {
		/* lines are counted: none more than there are */
		end += *len && text[*len - 1] == '\n';
		strcpy(text + *len, end);
		*len += strlen(end);
	}
	return text;
}

static int parse_text(cfg_t *cfg, char *text, size_t len)
{
	FILE *file = fmemopen(text, len, "r");
	int ret;

	if (!file)
		return fail(cfg, "out of memory", "try again");
	/* no copy of a secret in a buffer of the C library's */
	setvbuf(file, NULL, _IONBF, 0);
	ret = cfg_parse_fp(cfg, file);
	fclose(file);
	if (ret != CFG_SUCCESS || !now->config->complete)
		return fail(cfg, "the file ends in the middle of something",
			    "a comment or a string must have its end");
	if (now->config->net.port == now->config->net.natt_port)
		return fail(cfg, "port and natt_port are the same",
			    "two ports are needed, 500 and 4500");
	return 0;
}

static int parse(cfg_t *cfg, FILE *file, const char *name)
{
	size_t len;
	char *text;
	int ret;

	free(cfg->filename);
	cfg->filename = strdup(name);
	text = slurp(file, &len);
	if (!cfg->filename || !text)
		ret = fail(cfg, "the file is too long, or memory is out",
			   "at most 4 MiB would be right");
	else
		ret = parse_text(cfg, text, len);
	if (text)
		ike_wipe(text, len);
	free(text);
	return ret;
}

static int read_stream(FILE *file, const char *name, struct reading *reading)
{
	cfg_t *cfg;
	int ret;

	now = reading;
	reading->error[0] = '\0';
	reading->config = calloc(1, sizeof(*reading->config));
	if (!reading->config)
		return -ENOMEM;
	reading->config->net.port = 500;
	reading->config->net.natt_port = 4500;
	STAILQ_INIT(&reading->config->conns);
	cfg = grammar_new();
	ret = cfg ? parse(cfg, file, name) : -1;
	if (cfg)
		cfg_free(cfg);
	conn_free(reading->conn);
	free(reading->child);
	now = NULL;
	return ret ? -EINVAL : 0;
}

int config_read(FILE *file, const char *name, struct config **config,
		char error[CONFIG_ERROR_MAX])
{
	struct reading reading = { .error = error };
	int err = read_stream(file, name, &reading);

	if (err)
		config_free(reading.config);
	else
		*config = reading.config;
	return err;
}

static int check_mode(FILE *file, const char *path, char *error)
{
	struct stat st;

	if (!fstat(fileno(file), &st) && !(st.st_mode & 077))
		return 0;
	snprintf(
		error, CONFIG_ERROR_MAX,
		"%s:1: others may read this file and there is a psk in it, \"chmod 600 %s\" or psk_file instead of psk would be right",
		path, path);
	return -EACCES;
}

int config_load(const char *path, struct config **config,
		char error[CONFIG_ERROR_MAX])
{
	struct reading reading = { .error = error };
	FILE *file = fopen(path, "re");
	char buf[BUFSIZ];
	int err;

	if (!file) {
		err = -errno;
		snprintf(
			error, CONFIG_ERROR_MAX,
			"%s:0: %s, a readable file must be there (see ipsecx.conf(5))",
			path, strerror(-err));
		return err;
	}
	/* so that no secret stays in a buffer of the C library's */
	setvbuf(file, buf, _IOFBF, sizeof(buf));
	err = read_stream(file, path, &reading);
	if (!err && reading.secret)
		err = check_mode(file, path, error);
	fclose(file);
	ike_wipe(buf, sizeof(buf));
	if (err)
		config_free(reading.config);
	else
		*config = reading.config;
	return err;
}

const struct config_conn *config_conn_find(const struct config *config,
					   const char *name)
{
	const struct config_conn *conn;

	STAILQ_FOREACH(conn, &config->conns, next)
		if (!strcmp(conn->name, name))
			return conn;
	return NULL;
}

const struct config_child *config_child_find(const struct config_conn *conn,
					     const char *name)
{
	const struct config_child *child;

	STAILQ_FOREACH(child, &conn->children, next)
		if (!strcmp(child->name, name))
			return child;
	return NULL;
}
