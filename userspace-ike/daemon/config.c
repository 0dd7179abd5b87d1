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

#define KEY(word, reader, obj, member, ...)                              \
	{                                                                \
		.name = word, .read = reader,                            \
		.to = offsetof(struct obj, member),                      \
		.size = sizeof(((struct obj *)0)->member), ##__VA_ARGS__ \
	}
#define NUMBER(word, least, most, obj, member) \
	KEY(word, value_number, obj, member, .min = least, .max = most)
#define YES_NO(word, obj, member)                                    \
	KEY(word, value_word, obj, member, .words = { "no", "yes" }, \
	    .right = "yes or no")
#define IFNAME .right = "an interface name of at most 15 bytes such as ipsec0"
#define ADDR   .right = "an IPv4 or IPv6 address such as 192.0.2.1"
#define ADDR_OR_ANY \
	.words = { "any" }, .right = "an IPv4 or IPv6 address, or any"

static const struct value_key root_keys[] = {
	NUMBER("port", 1, PORT_MAX, config, net.port),
	NUMBER("natt_port", 1, PORT_MAX, config, net.natt_port),
	NUMBER("fwmark", 1, UINT32_MAX, config, net.fwmark),
	KEY("listen", value_listen, config, net, .list = true, ADDR),
	YES_NO(END_OF_FILE, config, complete),
	{ .name = NULL }
};

static const struct value_key conn_keys[] = {
	KEY("local", value_addr, config_conn, ike.local, ADDR_OR_ANY),
	KEY("remote", value_addr, config_conn, ike.remote, ADDR_OR_ANY),
	KEY("local_id", value_id, config_conn, ike.local_id),
	KEY("remote_id", value_id, config_conn, ike.remote_id),
	KEY("psk", value_psk, config_conn, ike),
	KEY("psk_file", value_psk_file, config_conn, ike),
	KEY("ike", value_proposals, config_conn, ike.ike, .list = true,
	    .min = IKE_PROTO_IKE),
	KEY("encap", value_word, config_conn, ike.encap,
	    .words = { "auto", "yes" },
	    .right = "yes, or auto for when there is a NAT"),
	NUMBER("dpd", 0, DAY, config_conn, ike.dpd),
	{ .name = NULL }
};

static const struct value_key child_keys[] = {
	KEY("device", value_ifname, config_child, device, IFNAME),
	KEY("link", value_ifname, config_child, link, IFNAME),
	KEY("local_ts", value_ts, config_child, ike.local_ts, .list = true),
	KEY("remote_ts", value_ts, config_child, ike.remote_ts, .list = true),
	KEY("mode", value_word, config_child, ike.transport,
	    .words = { "tunnel", "transport" }, .right = "tunnel or transport"),
	KEY("esp", value_proposals, config_child, ike.esp, .list = true,
	    .min = IKE_PROTO_ESP),
	KEY("esn", value_word, config_child, esn,
	    .words = { "auto", "yes", "no" }, .right = "auto, yes or no"),
	YES_NO("start", config_child, ike.start),
	YES_NO("routes", config_child, routes),
	KEY("source", value_addr, config_child, source, ADDR),
	NUMBER("mtu", 576, 65535, config_child, mtu),
	NUMBER("replay_window", 0, 8192, config_child, replay_window),
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

/* Sections that are open or will be; false: no memory. */
static bool sections_ready(void)
{
	if (!now->conn) {
		now->conn = calloc(1, sizeof(*now->conn));
		if (!now->conn)
			return false;
		now->conn->ike.dpd = 30;
		STAILQ_INIT(&now->conn->children);
	}
	if (!now->child) {
		now->child = calloc(1, sizeof(*now->child));
		if (!now->child)
			return false;
		now->child->routes = true;
		now->child->replay_window = 1024;
	}
	return true;
}

/* the keys of a section, and the struct that they fill */
static const struct value_key *section_of(cfg_t *cfg, void **to)
{
	if (!strcmp(cfg_name(cfg), "connection")) {
		*to = now->conn;
		return conn_keys;
	}
	if (!strcmp(cfg_name(cfg), "child")) {
		*to = now->child;
		return child_keys;
	}
	*to = now->config;
	return root_keys;
}

/* a value; libconfuse keeps no copy of it, which may be a secret */
static int on_value(cfg_t *cfg, cfg_opt_t *opt, const char *text, void *result)
{
	struct ike_diag diag = { 0 };
	const struct value_key *key;
	void *to;

	*(const char **)result = "";
	key = section_of(cfg, &to);
	while (strcmp(key->name, opt->name))
		key++;
	now->secret |= key->read == value_psk;
	if (!key->read(key, text, (char *)to + key->to, &diag))
		return 0;
	return fail(cfg, diag.text,
		    diag.hint[0] ? diag.hint : "see ipsecx.conf(5)");
}

static bool ts_has_host(const struct ike_ts_list *list,
			const struct ike_addr *addr)
{
	struct ike_ts_list host = { .n = 1 };

	if (!addr->len)
		return false;
	ike_ts_host(&host.ts[0], addr->ip, addr->len);
	return ike_ts_list_covers(list, &host);
}

/* what a section must not be, and what would be right */
struct rule {
	bool broken;
	const char *what;
	const char *right;
};

static int check(cfg_t *cfg, const struct rule *rule, size_t n)
{
	for (; n; n--, rule++)
		if (rule->broken)
			return fail(cfg, rule->what, rule->right);
	return 0;
}

static bool title_is_odd(const char *title)
{
	static const char fine[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

	return !title || !*title || strlen(title) >= IKE_NAME_MAX ||
	       title[strspn(title, fine)];
}

#define TITLE_RULE(cfg)                                                                \
	{                                                                              \
		title_is_odd(cfg_title(cfg)),                                          \
			"the name of a section is empty, too long or has odd letters", \
			"1 to 63 letters, digits, - _ and . would be right"            \
	}

static int child_check(cfg_t *cfg, const struct config_child *child)
{
	bool tunnel = !child->ike.transport;
	const struct rule rules[] = {
		TITLE_RULE(cfg),
		{ !child->device[0], "the child has no device",
		  "device = ipsec0 would be right" },
		{ tunnel && !child->ike.local_ts.n, "the child has no local_ts",
		  "local_ts = {\"10.1.0.0/16\"} for what is behind this end would be right" },
		{ tunnel && !child->ike.remote_ts.n,
		  "the child has no remote_ts",
		  "remote_ts = {\"10.2.0.0/16\"} for what is behind the peer would be right" },
	};

	return check(cfg, rules, sizeof(rules) / sizeof(*rules));
}

/*
 * esn = yes or no: of the two transforms of type ESN only one stays.
 *
 * Return: whether it was there.
 */
static bool keep_esn(struct ike_proposal *p, uint16_t id)
{
	uint8_t i, n = 0;
	bool there = false;

	for (i = 0; i < p->n; i++) {
		if (p->tf[i].type == IKE_TF_ESN && p->tf[i].id != id)
			continue;
		there |= p->tf[i].type == IKE_TF_ESN;
		p->tf[n++] = p->tf[i];
	}
	p->n = n;
	return there;
}

static int child_proposals(cfg_t *cfg, struct config_child *child)
{
	struct ike_proposals *esp = &child->ike.esp;
	unsigned int i;

	if (!esp->n)
		ike_proposals_default(IKE_PROTO_ESP, esp);
	for (i = 0; child->esn != CONFIG_ESN_AUTO && i < esp->n; i++)
		if (!keep_esn(&esp->p[i], child->esn == CONFIG_ESN_YES))
			return fail(cfg, "esn contradicts a proposal in esp",
				    "one of the two must go");
	return 0;
}

static int on_child(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *section = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	struct config_child *child = now->child;

	if (child_check(section, child) || child_proposals(section, child))
		return -1;
	strcpy(child->ike.name, cfg_title(section));
	STAILQ_INSERT_TAIL(&now->conn->children, child, next);
	now->child = NULL;
	return sections_ready() ? 0 : fail(cfg, "out of memory", "try again");
}

static int conn_check(cfg_t *cfg, const struct config_conn *conn)
{
	uint8_t local = conn->ike.local.len, remote = conn->ike.remote.len;
	const struct rule rules[] = {
		TITLE_RULE(cfg),
		{ !cfg_size(cfg, "remote"), "the connection has no remote",
		  "remote = 192.0.2.2, or remote = any for peers that call, would be right" },
		{ local && remote && local != remote,
		  "local is IPv4 and remote is IPv6, or the other way round",
		  "both must be of one family" },
		{ ike_id_is_pattern(&conn->ike.local_id),
		  "local_id stands for more than one",
		  "local_id = \"a.example\" would be right" },
		{ !remote && !conn->ike.remote_id.type,
		  "remote = any without remote_id",
		  "remote_id = \"b.example\" must say who may call" },
		{ !conn->ike.psk_len, "the connection has no psk",
		  "psk_file = \"/etc/ipsecx/office.psk\" would be right" },
		{ STAILQ_EMPTY(&conn->children), "the connection has no child",
		  "a section \"child lan { ... }\" in it must say what is protected" },
	};

	return check(cfg, rules, sizeof(rules) / sizeof(*rules));
}

/*
 * A route to the peer itself that leads into the device would send the
 * protected packets there too, round and round.
 */
static int conn_check_child(cfg_t *cfg, const struct config_conn *conn,
			    const struct config_child *child)
{
	bool covers = ts_has_host(&child->ike.remote_ts, &conn->ike.remote) ||
		      (child->ike.transport && !child->ike.remote_ts.n);
	bool nobody = child->ike.start && !conn->ike.remote.len;
	char what[160];
	const struct rule rules[] = {
		{ nobody, what, "remote must be an address, or start = no" },
		{ covers && child->routes && !child->link[0], what,
		  "link = eth0 for the interface that leads to the peer, or routes = no, would be right" },
	};

	snprintf(what, sizeof(what), "child \"%s\" %s", child->ike.name,
		 nobody ? "has start = yes, but nobody to call" :
			  "would route the peer's own address into its device");
	return check(cfg, rules, 2);
}

static int on_conn(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *section = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	struct config_conn *conn = now->conn;
	struct config_child *child;

	if (conn_check(section, conn))
		return -1;
	STAILQ_FOREACH(child, &conn->children, next)
		if (conn_check_child(section, conn, child))
			return -1;
	strcpy(conn->ike.name, cfg_title(section));
	if (!conn->ike.ike.n)
		ike_proposals_default(IKE_PROTO_IKE, &conn->ike.ike);
	STAILQ_INSERT_TAIL(&now->config->conns, conn, next);
	now->config->n_conns++;
	now->conn = NULL;
	return sections_ready() ? 0 : fail(cfg, "out of memory", "try again");
}

/* keys as libconfuse wants them: all strings, read by us */
static unsigned int fill_options(cfg_opt_t *opts, const struct value_key *keys)
{
	const struct value_key *key;
	unsigned int n = 0;

	for (key = keys; key->name; key++) {
		cfg_opt_t one =
			CFG_STR_CB(key->name, NULL, CFGF_NODEFAULT, on_value);
		cfg_opt_t list = CFG_STR_LIST_CB(key->name, NULL,
						 CFGF_NODEFAULT, on_value);

		opts[n++] = key->list ? list : one;
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

static void conn_free(struct config_conn *conn)
{
	struct config_child *child;

	if (!conn)
		return;
	while ((child = STAILQ_FIRST(&conn->children))) {
		STAILQ_REMOVE_HEAD(&conn->children, next);
		free(child);
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
	char *text = slurp(file, &len);
	int ret;

	free(cfg->filename);
	cfg->filename = strdup(name);
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

/* others may read a file with a psk in it */
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

/* @check_psk: refuse a file with a psk in it that others may read */
static int read_stream(FILE *file, const char *name, bool check_psk,
		       struct config **config, char *error)
{
	struct reading reading = {
		.config = calloc(1, sizeof(**config)),
		.error = error,
	};
	cfg_t *cfg = grammar_new();
	int err = -ENOMEM;

	now = &reading;
	error[0] = '\0';
	if (cfg && reading.config && sections_ready()) {
		reading.config->net.port = 500;
		reading.config->net.natt_port = 4500;
		STAILQ_INIT(&reading.config->conns);
		err = parse(cfg, file, name) ? -EINVAL : 0;
	}
	if (cfg)
		cfg_free(cfg);
	conn_free(reading.conn);
	free(reading.child);
	now = NULL;
	if (!err && check_psk && reading.secret)
		err = check_mode(file, name, error);
	if (err)
		config_free(reading.config);
	else
		*config = reading.config;
	return err;
}

int config_read(FILE *file, const char *name, struct config **config,
		char error[CONFIG_ERROR_MAX])
{
	return read_stream(file, name, false, config, error);
}

int config_load(const char *path, struct config **config,
		char error[CONFIG_ERROR_MAX])
{
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
	err = read_stream(file, path, true, config, error);
	fclose(file);
	ike_wipe(buf, sizeof(buf));
	return err;
}

struct config_conn *config_conn_find(const struct config *config,
				     const char *name)
{
	struct config_conn *conn;

	STAILQ_FOREACH(conn, &config->conns, next)
		if (!strcmp(conn->ike.name, name))
			return conn;
	return NULL;
}

struct config_child *config_child_find(const struct config_conn *conn,
				       const char *name)
{
	struct config_child *child;

	STAILQ_FOREACH(child, &conn->children, next)
		if (!strcmp(child->ike.name, name))
			return child;
	return NULL;
}
