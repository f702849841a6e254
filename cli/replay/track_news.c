/* track_news.c - what the tracker tells, put together
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/track_internal.h"

#include <stdarg.h>

static const char *const whats[TRACK_WHAT_N] = {
#define X(token, word) [TRACK_WHAT_##token] = word,
	TRACK_WHATS(X)
#undef X
};
static const char *const endings[] = {
#define X(token, words) [TRACK_ENDING_##token] = words,
	TRACK_ENDINGS(X)
#undef X
};

const char *
track_what_word(enum track_what what)
{
	return whats[what];
}

const char *
track_ending_words(enum track_ending ending)
{
	return endings[ending];
}

static const char *
role_of_call(const struct track_connection *c, unsigned end)
{
	if (c->protocol == TRACK_L2TP)
		return end == c->caller ? "LAC" : "LNS";
	return end == c->caller ? "PNS" : "PAC";
}

const char *
track_role(const struct track_connection *c, unsigned end)
{
	if (c->caller != TRACK_NOBODY)
		return role_of_call(c, end);
	if (c->opener == TRACK_NOBODY)
		return end == 0 ? "A" : "B";
	if (c->protocol == TRACK_L2TP)
		return end == c->opener ? "initiator" : "responder";
	return end == c->opener ? "originator" : "receiver";
}

struct track_news *
track_news_begin(struct tracker *t, const struct capture_packet *packet, enum track_protocol protocol)
{
	struct track_news *const n = &t->news;

	n->packet = packet;
	n->time_ns = t->now_ns > t->first_ns ? t->now_ns - t->first_ns : 0;
	n->connection = NULL;
	n->session = NULL;
	n->from = TRACK_NOBODY;
	n->protocol = protocol;
	n->what = TRACK_WHAT_STRAY;
	n->missing = 0;
	n->has_header = n->is_gre = n->has_fault = false;
	n->secret = NULL;
	n->pptp = NULL;
	n->ppp = NULL;
	n->steps_n = n->steps_more = n->findings_n = 0;
	n->message.type = L2TP_ZLB;
	n->message.present = 0;
	return n;
}

static bool
is_wanted(const struct tracker *t, const struct track_news *n)
{
	return t->sink.wants_data || n->findings_n != 0 || n->steps_n != 0 ||
	       (n->what != TRACK_WHAT_DATA && n->what != TRACK_WHAT_STRAY);
}

void
track_news_tell(struct tracker *t)
{
	if (is_wanted(t, &t->news))
		t->sink.tell(t->sink.ctx, &t->news);
	track_say_all_over(t);
	track_l2tp_wipe(t);
}

static void
count(struct tracker *t, enum track_level level)
{
	switch (level) {
	case TRACK_NOTE:
		t->totals.notes++;
		break;
	case TRACK_KNOWN:
		t->totals.known++;
		break;
	case TRACK_VIOLATION:
		t->totals.violations++;
		if (t->news.connection != NULL)
			t->news.connection->violations++;
		break;
	}
}

void
track_find(struct tracker *t, enum track_level level, const char *rule, const char *format, ...)
{
	struct track_news *const n = &t->news;
	struct track_finding *f;
	va_list args;

	count(t, level);
	if (n->findings_n == TRACK_FINDINGS)
		return;
	f = &n->findings[n->findings_n++];
	f->level = level;
	f->rule = rule;
	va_start(args, format);
	(void)vsnprintf(f->text, sizeof f->text, format, args);
	va_end(args);
}
