/* talk.c - asking the daemon, and telling people what went wrong
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/talk.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cli/say.h"

/* ---- the command line ---- */

int
talk_options(enum command_id command, int argc, char **argv, int operands, struct options *out)
{
	struct option_error why;

	if (options_parse(command, argc, argv, out, &why) != OPTIONS_OK) {
		say("%s", why.text);
		return STATUS_SYSTEM;
	}
	if (out->operands_n <= operands && out->rest_n == 0)
		return STATUS_OK;
	say("%s: \"%s\" is one word too many; uptun %s --help", commands[command].name,
	    out->operands_n > operands ? out->operands[operands] : out->rest[0], commands[command].name);
	return STATUS_SYSTEM;
}

/* ---- the connection ---- */

/* Whose the socket is, as far as this can be seen. */
static void
say_not_allowed(const char *path)
{
	struct stat st;
	const struct group *group = stat(path, &st) == 0 ? getgrgid(st.st_gid) : NULL;

	if (group != NULL && group->gr_gid == 0)
		say("you may not give orders to the daemon at %s: only root may; run this as root, or have "
		    "the daemon started with --group, for members of that group",
		    path);
	else if (group != NULL)
		say("you may not give orders to the daemon at %s: only root and members of the group \"%s\" "
		    "may; run this as root, or have root add you with usermod -aG %s USER",
		    path, group->gr_name, group->gr_name);
	else
		say("you may not give orders to the daemon at %s: only root and members of its group may",
		    path);
}

int
talk_open(struct talk *t, const struct options *options)
{
	const char *path = options_value(options, OPTION_SOCKET);
	struct kb_error why = { .err = 0 };
	int r;

	if (path == NULL)
		path = API_SOCKET_PATH;
	r = api_client_open(path, &t->client, &why);
	if (r == 0)
		return STATUS_OK;
	if (r == -EACCES || r == -EPERM)
		say_not_allowed(path);
	else
		say("%s", why.text);
	return STATUS_SYSTEM;
}

void
talk_close(struct talk *t)
{
	t->client = api_client_free(t->client);
}

/* ---- asking ---- */

static int
say_error(const Uptun__Error *error)
{
	if (error->field[0] != '\0')
		say("%s: %s", error->field, error->text);
	else if (error->code == UPTUN__ERROR__CODE__NO_SUCH_TUNNEL)
		say("%s; uptun list shows those there are", error->text);
	else
		say("%s", error->text);
	return error->code == UPTUN__ERROR__CODE__NO_SUCH_TUNNEL ? STATUS_NO_TUNNEL : STATUS_SYSTEM;
}

static int
judge(const Uptun__Reply *reply, Uptun__Reply__ResultCase wanted)
{
	if (reply->result_case == wanted)
		return STATUS_OK;
	if (reply->result_case == UPTUN__REPLY__RESULT_ERROR)
		return say_error(reply->error);
	say("the daemon answered something else than was asked");
	return STATUS_SYSTEM;
}

int
talk_ask(struct talk *t, Uptun__Request *request, Uptun__Reply__ResultCase wanted, struct api_message **out)
{
	struct kb_error why = { .err = 0 };
	struct api_message *m;
	int status;

	if (api_client_ask(t->client, request, API_TIMEOUT_MS, &m, &why) < 0) {
		say("%s", why.text);
		return STATUS_SYSTEM;
	}
	status = judge(api_reply(m), wanted);
	if (status != STATUS_OK)
		m = api_message_free(m);
	*out = m;
	return status;
}

int
talk_watch(struct talk *t, const Uptun__Watch *order)
{
	Uptun__Watch watch = *order;
	Uptun__Request request = UPTUN__REQUEST__INIT;
	struct api_message *m;

	request.order_case = UPTUN__REQUEST__ORDER_WATCH;
	request.watch = &watch;
	const int status = talk_ask(t, &request, UPTUN__REPLY__RESULT_WATCH, &m);
	if (status == STATUS_OK)
		(void)api_message_free(m);
	return status;
}

int
talk_next(struct talk *t, int timeout_ms, struct api_message **out)
{
	struct kb_error why = { .err = 0 };
	const int r = api_client_next(t->client, timeout_ms, out, &why);

	if (r < 0)
		say("%s", why.text);
	return r;
}

/* ---- all tunnels ---- */

void
tunnels_fini(struct tunnels *tunnels)
{
	for (size_t i = 0; i < tunnels->pages_n; i++)
		(void)api_message_free(tunnels->pages[i]);
	free(tunnels->pages);
	free(tunnels->at);
	*tunnels = (struct tunnels){ .n = 0 };
}

/* The page is the list's from now on, also on failure. */
static bool
keep_page(struct tunnels *to, struct api_message *page)
{
	const Uptun__ListReply *list = api_reply(page)->list;
	struct api_message **pages = realloc(to->pages, (to->pages_n + 1) * sizeof *pages);
	const Uptun__TunnelStatus **at;

	if (pages == NULL) {
		(void)api_message_free(page);
		return false;
	}
	to->pages = pages;
	to->pages[to->pages_n++] = page;
	at = realloc(to->at, (to->n + list->n_tunnel + 1) * sizeof *at);
	if (at == NULL)
		return false;
	to->at = at;
	for (size_t i = 0; i < list->n_tunnel; i++)
		to->at[to->n++] = list->tunnel[i];
	return true;
}

/* Where the next page begins, or 0; it must lie behind this one, or there would be no end. */
static uint32_t
next_of(const struct api_message *page, uint32_t from)
{
	const uint32_t next = api_reply(page)->list->next;

	return next > from ? next : 0;
}

int
talk_page(struct talk *t, uint32_t from, uint32_t *next, struct api_message **out)
{
	Uptun__List list = UPTUN__LIST__INIT;
	Uptun__Request request = UPTUN__REQUEST__INIT;

	list.from = from;
	request.order_case = UPTUN__REQUEST__ORDER_LIST;
	request.list = &list;
	const int status = talk_ask(t, &request, UPTUN__REPLY__RESULT_LIST, out);
	*next = status == STATUS_OK ? next_of(*out, from) : 0;
	return status;
}

int
talk_list(struct talk *t, struct tunnels *out)
{
	struct api_message *page;
	uint32_t from = 0;
	int status;

	*out = (struct tunnels){ .n = 0 };
	do {
		status = talk_page(t, from, &from, &page);
		if (status == STATUS_OK && !keep_page(out, page)) {
			say("no memory");
			status = STATUS_SYSTEM;
		}
	} while (status == STATUS_OK && from != 0);
	if (status != STATUS_OK)
		tunnels_fini(out);
	return status;
}

/* 0: the word is no id. */
static uint32_t
number_of(const char *word)
{
	uint64_t v = 0;

	for (const char *c = word; *c != '\0'; c++) {
		if (*c < '0' || *c > '9' || v > UINT32_MAX)
			return 0;
		v = v * 10 + (uint64_t)(*c - '0');
	}
	return v <= UINT32_MAX ? (uint32_t)v : 0;
}

int
talk_find(struct talk *t, const char *word, uint32_t *id)
{
	struct tunnels tunnels;
	int status;

	*id = number_of(word);
	if (*id != 0)
		return STATUS_OK;
	status = talk_list(t, &tunnels);
	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; i < tunnels.n; i++)
		if (strcmp(tunnels.at[i]->name, word) == 0)
			*id = tunnels.at[i]->tunnel;
	tunnels_fini(&tunnels);
	if (*id != 0)
		return STATUS_OK;
	say("there is no tunnel \"%s\", or it has ended; uptun list shows those there are", word);
	return STATUS_NO_TUNNEL;
}
