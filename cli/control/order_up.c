/* order_up.c - uptun up --daemon: has the daemon bring profiles up
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/order_up.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "cli/control/news.h"
#include "cli/control/talk.h"
#include "cli/plain_text.h"
#include "cli/profile_message.h"
#include "cli/say.h"
#include "cli/signals.h"

/* What becomes of one profile. */
struct fate {
	uint32_t tunnel; /* 0: it was refused */
	uint32_t up;	 /* its sessions that are up, bit = place */
	unsigned sessions_n;
	bool has_ended;
};

struct order {
	struct talk talk;
	struct news news;
	struct run *run;
	int signal_fd;
	bool stays; /* --foreground */
	int status; /* of the first that failed */
	struct fate fates[RUN_PROFILES_MAX];
};

static void
note_status(struct order *o, int status)
{
	if (o->status == STATUS_OK)
		o->status = status;
}

/* ---- handing over ---- */

static void
take_reply(struct order *o, size_t i, const Uptun__UpReply *up)
{
	o->fates[i].tunnel = up->tunnel;
	o->fates[i].has_ended = false;
	for (size_t w = 0; w < up->n_warning; w++)
		say_warning(NULL, up->warning[w]);
	news_accepted(&o->news, o->run->profiles[i].name, i, up->tunnel);
}

static int
hand_over(struct order *o, size_t i, Uptun__Profile *profile)
{
	Uptun__Up up = UPTUN__UP__INIT;
	Uptun__Request request = UPTUN__REQUEST__INIT;
	struct api_message *m;
	int status;

	up.profile = profile;
	up.watch = true;
	up.while_connected = o->stays;
	request.order_case = UPTUN__REQUEST__ORDER_UP;
	request.up = &up;
	status = talk_ask(&o->talk, &request, UPTUN__REPLY__RESULT_UP, &m);
	if (status != STATUS_OK)
		return status;
	take_reply(o, i, api_reply(m)->up);
	(void)api_message_free(m);
	return STATUS_OK;
}

/* Its steps are told only to who asks. */
static int
ask_for_steps(struct order *o, uint32_t tunnel)
{
	Uptun__Watch order = UPTUN__WATCH__INIT;

	order.tunnel = tunnel;
	order.steps = true;
	return talk_watch(&o->talk, &order);
}

static void
begin(struct order *o, size_t i)
{
	struct profile_parts *parts = profile_parts_new(&o->run->profiles[i]);
	int status = STATUS_SYSTEM;

	o->fates[i] = (struct fate){ .sessions_n = o->run->profiles[i].sessions_n, .has_ended = true };
	if (parts == NULL)
		say("no memory");
	else
		status = hand_over(o, i, profile_parts_message(parts));
	profile_parts_free(parts);
	if (status == STATUS_OK && o->news.level >= OUTPUT_STEPS)
		status = ask_for_steps(o, o->fates[i].tunnel);
	note_status(o, status);
}

/* ---- what becomes of them ---- */

static bool
is_up(const struct fate *f)
{
	return f->up == (uint32_t)((UINT64_C(1) << f->sessions_n) - 1);
}

static bool
is_decided(const struct order *o, const struct fate *f)
{
	return f->has_ended || (!o->stays && is_up(f));
}

static bool
are_all_decided(const struct order *o)
{
	for (size_t i = 0; i < o->run->n; i++)
		if (!is_decided(o, &o->fates[i]))
			return false;
	return true;
}

static void
note_change(struct fate *f, const Uptun__TunnelChange *c)
{
	const uint32_t bit = c->session < f->sessions_n ? UINT32_C(1) << c->session : 0;

	if (c->kind == UPTUN__TUNNEL_CHANGE__KIND__PPP_UP)
		f->up |= bit;
	else if (c->kind == UPTUN__TUNNEL_CHANGE__KIND__PPP_ENDED)
		f->up &= ~bit;
}

static void
take_event(struct order *o, const Uptun__Event *e)
{
	size_t i = 0;

	while (i < o->run->n && (e->tunnel == 0 || o->fates[i].tunnel != e->tunnel))
		i++;
	if (i == o->run->n)
		return;
	news_print(&o->news, e, i);
	if (e->what_case == UPTUN__EVENT__WHAT_CHANGE)
		note_change(&o->fates[i], e->change);
	if (e->what_case != UPTUN__EVENT__WHAT_ENDED)
		return;
	o->fates[i].has_ended = true;
	note_status(o, e->ended->status);
}

/* ---- signals ---- */

static void
take_down(struct order *o, uint32_t tunnel)
{
	Uptun__Down order = UPTUN__DOWN__INIT;
	Uptun__Request request = UPTUN__REQUEST__INIT;
	struct api_message *m;

	order.tunnel = tunnel;
	request.order_case = UPTUN__REQUEST__ORDER_DOWN;
	request.down = &order;
	if (talk_ask(&o->talk, &request, UPTUN__REPLY__RESULT_DOWN, &m) == STATUS_OK)
		(void)api_message_free(m);
}

static void
take_signal(struct order *o)
{
	note_status(o, STATUS_USER);
	for (size_t i = 0; i < o->run->n; i++)
		if (!is_decided(o, &o->fates[i]))
			take_down(o, o->fates[i].tunnel);
}

/* ---- following ---- */

/* What there is to hear now, until all is decided.  0, or negative: said why. */
static int
hear(struct order *o)
{
	struct api_message *m;
	int r = 0;

	while (!are_all_decided(o) && (r = talk_next(&o->talk, 0, &m)) > 0) {
		take_event(o, api_event(m));
		(void)api_message_free(m);
	}
	return r;
}

static void
follow(struct order *o)
{
	struct pollfd fds[] = { { .fd = api_client_fd(o->talk.client), .events = POLLIN },
				{ .fd = o->signal_fd, .events = POLLIN } };

	while (true) {
		if (hear(o) < 0) {
			note_status(o, STATUS_SYSTEM);
			return;
		}
		if (are_all_decided(o))
			return;
		if (poll(fds, 2, -1) < 0 && errno != EINTR) {
			say("cannot wait for the daemon: %s", strerror(errno));
			note_status(o, STATUS_SYSTEM);
			return;
		}
		if (fds[1].revents != 0 && signals_take(o->signal_fd) != 0)
			take_signal(o);
	}
}

/* ---- the command ---- */

static size_t
widest_name(const struct run *run)
{
	size_t widest = 0;

	for (size_t i = 0; i < run->n; i++)
		if (plain_text_width(run->profiles[i].name) > widest)
			widest = plain_text_width(run->profiles[i].name);
	return widest;
}

static int
carry_out(struct order *o, const struct options *options)
{
	int status = talk_open(&o->talk, options);

	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; i < o->run->n; i++)
		begin(o, i);
	follow(o);
	talk_close(&o->talk);
	return o->status;
}

int
order_up(struct run *run, const struct options *options)
{
	struct order o = { .run = run,
			   .stays = options_count(options, OPTION_FOREGROUND) > 0,
			   .news = {
			       .json = run->json, .level = run->level, .name_width = widest_name(run) } };
	int status = run_prepare(run, false, &o.signal_fd);

	if (status != STATUS_OK)
		return status;
	status = carry_out(&o, options);
	(void)close(o.signal_fd);
	return status;
}
