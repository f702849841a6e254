/* cmd_status.c - uptun status: how the daemon's tunnels are, once or again and again
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "cli/control/screen.h"
#include "cli/control/show.h"
#include "cli/control/status_watch.h"
#include "cli/control/talk.h"
#include "cli/say.h"

struct view {
	struct talk talk;
	uint32_t tunnel; /* 0: all */
	bool json;
	bool has_ended; /* the one tunnel has */
};

/* ---- once ---- */

static int
show_all(struct view *v, FILE *out)
{
	struct tunnels tunnels;
	const int status = talk_list(&v->talk, &tunnels);

	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; v->json && i < tunnels.n; i++)
		show_json(tunnels.at[i], words_now_ms(), false, out);
	if (!v->json && tunnels.n == 0)
		(void)fputs(SHOW_NOTHING, out);
	else if (!v->json && !show_table(tunnels.at, tunnels.n, words_now_ms(), out))
		say("no memory for all of them");
	tunnels_fini(&tunnels);
	return STATUS_OK;
}

static int
show_one(struct view *v, FILE *out)
{
	Uptun__Status order = UPTUN__STATUS__INIT;
	Uptun__Request request = UPTUN__REQUEST__INIT;
	struct api_message *m;
	int status;

	order.tunnel = v->tunnel;
	request.order_case = UPTUN__REQUEST__ORDER_STATUS;
	request.status = &order;
	status = talk_ask(&v->talk, &request, UPTUN__REPLY__RESULT_STATUS, &m);
	if (status != STATUS_OK)
		return status;
	if (v->json)
		show_json(api_reply(m)->status, words_now_ms(), false, out);
	else
		show_tunnel(api_reply(m)->status, words_now_ms(), out);
	(void)api_message_free(m);
	return STATUS_OK;
}

static int
show(struct view *v, FILE *out)
{
	return v->tunnel != 0 ? show_one(v, out) : show_all(v, out);
}

/* ---- one, again and again ---- */

static int
draw(struct view *v)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	int status;

	if (out == NULL) {
		say("no memory");
		return STATUS_SYSTEM;
	}
	status = show_one(v, out);
	if (fclose(out) == 0 && status == STATUS_OK)
		screen_draw(stdout, text, 0);
	free(text);
	return status;
}

static int
append(struct view *v, bool is_first)
{
	int status;

	if (!is_first && !v->json)
		(void)fputc('\n', stdout);
	status = show_one(v, stdout);
	(void)fflush(stdout);
	return status;
}

static void
take_event(struct view *v, const Uptun__Event *event)
{
	if (event->what_case != UPTUN__EVENT__WHAT_ENDED || event->tunnel != v->tunnel)
		return;
	v->has_ended = true;
	if (v->json)
		show_ended_json(event, stdout);
	else
		show_ended(event, stdout);
}

/* Until something changes, or it is time anyway; what comes at once is seen at once.  0 or negative: said why. */
static int
wait_for_change(struct view *v, int timeout_ms)
{
	struct api_message *m;
	int r = talk_next(&v->talk, timeout_ms, &m);

	while (r > 0) {
		take_event(v, api_event(m));
		(void)api_message_free(m);
		r = v->has_ended ? 0 : talk_next(&v->talk, STATUS_CALM_MS, &m);
	}
	return r;
}

static int
watch_one(struct view *v)
{
	const bool is_screen = !v->json && screen_is_there(stdout);
	Uptun__Watch order = UPTUN__WATCH__INIT;

	order.tunnel = v->tunnel;
	int status = talk_watch(&v->talk, &order);

	for (bool is_first = true; status == STATUS_OK && !v->has_ended; is_first = false) {
		status = is_screen ? draw(v) : append(v, is_first);
		if (status == STATUS_OK &&
		    wait_for_change(v, is_screen ? STATUS_REDRAW_MS : STATUS_FOR_EVER) < 0)
			status = STATUS_SYSTEM;
	}
	return status;
}

/* ---- the command ---- */

static int
watch(struct view *v)
{
	return v->tunnel != 0 ? watch_one(v) : status_watch_all(&v->talk, v->json);
}

int
cmd_status(int argc, char **argv)
{
	struct view v = { .tunnel = 0 };
	struct options options;
	int status = talk_options(COMMAND_STATUS, argc, argv, 1, &options);

	if (status == STATUS_OK)
		status = talk_open(&v.talk, &options);
	if (status != STATUS_OK)
		return status;
	v.json = options_count(&options, OPTION_JSON) > 0;
	if (options.operands_n > 0)
		status = talk_find(&v.talk, options.operands[0], &v.tunnel);
	if (status == STATUS_OK)
		status = options_count(&options, OPTION_WATCH) > 0 ? watch(&v) : show(&v, stdout);
	talk_close(&v.talk);
	return status;
}
