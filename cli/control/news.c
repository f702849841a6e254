/* news.c - what the daemon's events say, as `uptun up` would print it
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/news.h"

#include "cli/control/words.h"
#include "cli/json.h"
#include "cli/plain_text.h"
#include "cli/say.h"

enum { HEAD_WIDTH = 12, TEXT_AND_TIME_WIDTH = 70, GAP_WIDTH = 2, TEXT_OCTETS = 1024 };

/* What a kind of change is called: in text, and in JSON, where docs/json.md has it too. */
struct kind_words {
	const char *head, *event;
	enum output_level level;
};

enum { KINDS_N = UPTUN__TUNNEL_CHANGE__KIND__WARNING + 1 };

static const struct kind_words kinds[KINDS_N] = {
	[UPTUN__TUNNEL_CHANGE__KIND__ACCEPTED] = { "accepted", "accepted", OUTPUT_LEVEL_N },
	[UPTUN__TUNNEL_CHANGE__KIND__ATTEMPT] = { "attempt", "attempt", OUTPUT_MILESTONES },
	[UPTUN__TUNNEL_CHANGE__KIND__RESOLVED] = { "resolved", "resolved", OUTPUT_MILESTONES },
	[UPTUN__TUNNEL_CHANGE__KIND__DATA_PATH] = { "data path", "data_path", OUTPUT_NOTES },
	[UPTUN__TUNNEL_CHANGE__KIND__IPSEC] = { "ipsec", "ipsec", OUTPUT_MILESTONES },
	[UPTUN__TUNNEL_CHANGE__KIND__DIALLING] = { "dialling", "dialling", OUTPUT_NOTES },
	[UPTUN__TUNNEL_CHANGE__KIND__TUNNEL_UP] = { "tunnel", "tunnel_up", OUTPUT_MILESTONES },
	[UPTUN__TUNNEL_CHANGE__KIND__SESSION_UP] = { "session", "session_up", OUTPUT_MILESTONES },
	[UPTUN__TUNNEL_CHANGE__KIND__PPP_UP] = { "ppp", "ppp_up", OUTPUT_MILESTONES },
	[UPTUN__TUNNEL_CHANGE__KIND__ROUTE_ADDED] = { "route", "route", OUTPUT_MILESTONES },
	[UPTUN__TUNNEL_CHANGE__KIND__ROUTE_REMOVED] = { "route", "route", OUTPUT_MILESTONES },
	[UPTUN__TUNNEL_CHANGE__KIND__SESSION_ENDED] = { "session", "session_ended", OUTPUT_MILESTONES },
	[UPTUN__TUNNEL_CHANGE__KIND__TUNNEL_ENDED] = { "tunnel", "tunnel_ended", OUTPUT_MILESTONES },
	[UPTUN__TUNNEL_CHANGE__KIND__PPP_ENDED] = { "ppp", "ppp_ended", OUTPUT_MILESTONES },
	[UPTUN__TUNNEL_CHANGE__KIND__BACKOFF] = { "waiting", "backoff", OUTPUT_MILESTONES },
	[UPTUN__TUNNEL_CHANGE__KIND__WARNING] = { "warning", "warning", OUTPUT_MILESTONES },
};

/* A daemon newer than this program may say more. */
static const struct kind_words unknown = { "note", "note", OUTPUT_NOTES };

static const struct kind_words *
words_of(const Uptun__TunnelChange *change)
{
	return (unsigned)change->kind < KINDS_N ? &kinds[change->kind] : &unknown;
}

/* The first attempt is no news, as with `uptun up`. */
static enum output_level
level_of(const Uptun__TunnelChange *change)
{
	if (change->kind == UPTUN__TUNNEL_CHANGE__KIND__ATTEMPT && change->tunnel != NULL &&
	    change->tunnel->attempt <= 1)
		return OUTPUT_NOTES;
	return words_of(change)->level;
}

/* ---- text ---- */

static void
put_blanks(size_t used, size_t width)
{
	(void)printf("%*s", (int)(used < width ? width - used : 0), "");
}

static void
put_line(const struct news *n, const char *name, const char *head, const char *text, const char *time)
{
	char safe[TEXT_OCTETS];

	plain_text_copy(name, safe, sizeof safe);
	(void)fputs(safe, stdout);
	put_blanks(plain_text_width(safe), n->name_width);
	plain_text_copy(text, safe, sizeof safe);
	(void)printf("  %-*s%s", HEAD_WIDTH, head, safe);
	if (time[0] != '\0') {
		(void)printf("%*s", GAP_WIDTH, "");
		put_blanks(plain_text_width(safe) + GAP_WIDTH + strlen(time), TEXT_AND_TIME_WIDTH);
	}
	(void)printf("%s\n", time);
}

static void
put_step(const struct news *n, const Uptun__Event *e, const char *time)
{
	const Uptun__Step *s = e->step;
	char text[TEXT_OCTETS];

	(void)snprintf(text, sizeof text, "%s: %s, %s%s%s; %s  [%s]", s->machine, s->state, s->event,
		       s->answer[0] != '\0' ? ": " : "", s->answer, s->next, s->source);
	put_line(n, e->name, "step", text, time);
}

static void
put_text(const struct news *n, const Uptun__Event *e)
{
	char time[WORDS_OCTETS];

	output_duration(e->since_start_us, time, sizeof time);
	if (e->what_case == UPTUN__EVENT__WHAT_CHANGE && level_of(e->change) <= n->level)
		put_line(n, e->name, words_of(e->change)->head, e->change->text, time);
	else if (e->what_case == UPTUN__EVENT__WHAT_STEP && n->level >= OUTPUT_STEPS)
		put_step(n, e, time);
	else if (e->what_case == UPTUN__EVENT__WHAT_ENDED && (e->ended->status == 0 || e->ended->status == 5))
		put_line(n, e->name, "ended", e->ended->text, time);
	else if (e->what_case == UPTUN__EVENT__WHAT_ENDED)
		say("%s: %s", e->name, e->ended->text);
}

/* ---- JSON ---- */

static void
open_object(struct json *j, const char *event, const char *name, size_t index, uint32_t tunnel,
	    uint64_t time_us)
{
	json_open(j, stdout);
	json_text(j, "event", event);
	json_text(j, "profile", name);
	json_number(j, "profile_index", index);
	json_number(j, "tunnel", tunnel);
	json_number(j, "since_start_us", time_us);
}

static void
put_session(struct json *j, const Uptun__SessionStatus *s)
{
	json_text(j, "interface", s->interface);
	json_text(j, "local", s->local);
	json_text(j, "remote", s->remote);
	json_texts(j, "dns", (const char *const *)s->dns, s->n_dns);
	json_number(j, "mtu", s->mtu);
	json_number(j, "mppe_bits", s->mppe_bits);
}

static bool
is_of_session(const Uptun__TunnelChange *c)
{
	return c->kind == UPTUN__TUNNEL_CHANGE__KIND__SESSION_UP ||
	       c->kind == UPTUN__TUNNEL_CHANGE__KIND__PPP_UP ||
	       c->kind == UPTUN__TUNNEL_CHANGE__KIND__SESSION_ENDED ||
	       c->kind == UPTUN__TUNNEL_CHANGE__KIND__PPP_ENDED;
}

static void
put_change(struct json *j, const Uptun__TunnelChange *c)
{
	if (is_of_session(c))
		json_number(j, "session", c->session);
	if (c->kind == UPTUN__TUNNEL_CHANGE__KIND__PPP_UP && c->tunnel != NULL &&
	    c->session < c->tunnel->n_session)
		put_session(j, c->tunnel->session[c->session]);
	if (c->end != NULL)
		json_text(j, "cause", c->end->cause);
	json_text(j, "text", c->text);
}

static void
put_json(const struct news *n, const Uptun__Event *e, size_t index)
{
	struct json j;

	if (e->what_case == UPTUN__EVENT__WHAT_CHANGE && level_of(e->change) <= n->level) {
		open_object(&j, words_of(e->change)->event, e->name, index, e->tunnel, e->since_start_us);
		put_change(&j, e->change);
	} else if (e->what_case == UPTUN__EVENT__WHAT_ENDED) {
		open_object(&j, "ended", e->name, index, e->tunnel, e->since_start_us);
		json_integer(&j, "status", e->ended->status);
		json_text(&j, "cause", e->ended->cause);
		json_text(&j, "text", e->ended->text);
	} else {
		return;
	}
	json_close(&j);
}

/* ---- both ---- */

void
news_accepted(const struct news *n, const char *name, size_t index, uint32_t tunnel)
{
	char text[WORDS_OCTETS];
	struct json j;

	if (n->json) {
		open_object(&j, "accepted", name, index, tunnel, 0);
		json_close(&j);
	} else {
		(void)snprintf(text, sizeof text, "as tunnel %u", (unsigned)tunnel);
		put_line(n, name, "accepted", text, "");
	}
	(void)fflush(stdout);
}

void
news_print(const struct news *n, const Uptun__Event *event, size_t index)
{
	if (n->json)
		put_json(n, event, index);
	else
		put_text(n, event);
	(void)fflush(stdout);
}
