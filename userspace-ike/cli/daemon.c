// SPDX-License-Identifier: MIT
/* ipsecx up, down, status, reload: what ipsecxd does. */
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "help.h"
#include "json.h"
#include "text.h"

static json_t *request_new(const char *cmd, const char *const *names)
{
	return json_pack("{s:s, s:s*, s:s*}", "cmd", cmd, "conn", names[0],
			 "child", names[1]);
}

static void scalar_text(struct cli *cli, const json_t *value)
{
	char *text;

	if (json_is_string(value)) {
		text_safe(json_string_value(value), cli->out);
		return;
	}
	text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	text_safe(text ? text : "?", cli->out);
	free(text);
}

static void object_text(struct cli *cli, const char *title, json_t *obj,
			int depth);

/* "key: value", "key: value, value"; objects under lines of their own */
static void member_text(struct cli *cli, const char *key, json_t *value,
			int depth)
{
	json_t *entry;
	size_t i;

	if (json_is_object(value)) {
		object_text(cli, key, value, depth);
		return;
	}
	if (json_is_object(json_array_get(value, 0))) {
		json_array_foreach(value, i, entry) {
			object_text(cli, "child", entry, depth);
		}
		return;
	}
	fprintf(cli->out, "%*s", 2 * depth, "");
	text_safe(key, cli->out);
	fputs(": ", cli->out);
	if (!json_is_array(value))
		scalar_text(cli, value);
	json_array_foreach(value, i, entry) {
		fputs(i ? ", " : "", cli->out);
		scalar_text(cli, entry);
	}
	fputc('\n', cli->out);
}

/* All but what the heading of a connection or child says already. */
static void members_text(struct cli *cli, json_t *obj, int depth)
{
	static const char heading[] = " event conn child state ok ";
	const char *key;
	json_t *value;

	json_object_foreach(obj, key, value) {
		if (!strstr(heading, text_format(" %s ", key)))
			member_text(cli, key, value, depth);
	}
}

/* ipsecxd may say more than this knows: whatever it says is shown. */
static void object_text(struct cli *cli, const char *title, json_t *obj,
			int depth)
{
	const char *name = json_string_value(json_object_get(obj, title));
	const char *state = json_string_value(json_object_get(obj, "state"));

	/* Deeper than any answer is meant to be. */
	if (depth > 8)
		return;
	fprintf(cli->out, "%*s", 2 * depth, "");
	if (depth)
		fprintf(cli->out, "%s%s", title, name ? " " : "");
	text_safe(name ? name : "", cli->out);
	fputs(state ? ": " : ":", cli->out);
	text_safe(state ? state : "", cli->out);
	fputc('\n', cli->out);
	members_text(cli, obj, depth + 1);
}

static void event_text(struct cli *cli, const json_t *event)
{
	const char *text = json_string_value(json_object_get(event, "text"));

	if (text)
		text_safe(text, cli->out);
	else
		scalar_text(cli, event);
	fputc('\n', cli->out);
	fflush(cli->out);
}

static bool is_connection(const json_t *event)
{
	const char *type = json_string_value(json_object_get(event, "event"));

	return type && !strcmp(type, "connection");
}

static void event_show(struct cli *cli, json_t *event, void *data)
{
	if (cli->json)
		json_print(cli, json_incref(event));
	else if (is_connection(event))
		object_text(cli, "conn", event, 0);
	else
		event_text(cli, event);
}

static int ask(struct cli *cli, const char *cmd, const char *const *names)
{
	json_t *result = NULL;
	int rc = ctl_ask(cli, request_new(cmd, names), event_show, NULL,
			 &result);

	if (result && cli->json)
		json_print(cli, json_incref(result));
	else if (result)
		members_text(cli, result, 0);
	json_decref(result);
	return rc;
}

static void connection_add(struct cli *cli, json_t *event, void *list)
{
	if (!is_connection(event))
		return;
	json_object_del(event, "event");
	json_array_append(list, event);
}

/* As JSON all connections are one array, so that jq takes it as it is. */
static int status_json(struct cli *cli, const char *const *names)
{
	json_t *result = NULL, *list = json_array();
	int rc = ctl_ask(cli, request_new("status", names), connection_add,
			 list, &result);

	json_decref(result);
	if (!rc)
		return json_print(cli, list);
	json_decref(list);
	return rc;
}

/* @w->min and @w->max: how many names it takes, of a connection and a child */
int cli_daemon(struct cli *cli, const struct cli_word *w, void *obj)
{
	const char *names[2] = { NULL };
	size_t n = 0;

	if (w->min && !cli->argc)
		return cli_usage(cli, "the name of a connection is missing");
	while (cli->argc && n < w->max)
		names[n++] = cli_next(cli);
	if (cli->argc)
		return cli_usage(cli,
				 "unexpected word '%s'; expected nothing more",
				 cli_shown(cli->argv[0]));
	if (cli->json && !strcmp(w->name, "status"))
		return status_json(cli, names);
	return ask(cli, w->name, names);
}
