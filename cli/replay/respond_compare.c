/* respond_compare.c - what a captured client sent and what ours would have sent, side by side
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/respond.h"

#include <stdlib.h>

enum { RESYNC_MAX = 8, NAME_WIDTH = 12 };

/* A client's messages in the order of their numbers, each once, without acknowledgements, HELLOs and echoes. */
struct side {
	enum ut_protocol protocol;
	struct respond_letter v[RESPOND_LETTERS_MAX];
	size_t n, at;
};

static void
side_add(struct side *s, const struct respond_letter *m)
{
	size_t i = s->n;

	while (i > 0 && s->v[i - 1].header.ns > m->header.ns)
		i--;
	if (i > 0 && s->v[i - 1].header.ns == m->header.ns) {
		s->v[i - 1].times++;
		return;
	}
	memmove(&s->v[i + 1], &s->v[i], (s->n - i) * sizeof s->v[0]);
	s->v[i] = *m;
	s->n++;
}

static bool
is_compared(enum ut_protocol protocol, unsigned type)
{
	if (protocol == UT_L2TP)
		return type != L2TP_ZLB && type != L2TP_HELLO;
	return type != PPTP_ECHORQ && type != PPTP_ECHORP && type != RESPOND_TCP_CLOSED;
}

static void
side_fill(struct side *s, const struct respond_answer *answer, enum ut_protocol protocol,
	  const struct respond_letters *letters)
{
	s->protocol = protocol;
	s->n = s->at = 0;
	for (size_t i = 0; i < letters->n; i++) {
		const struct respond_letter *m = &letters->v[i];

		if (answer->is_hidden && m->time_us > answer->until_us)
			break;
		if (m->is_of_client && is_compared(protocol, m->type))
			side_add(s, m);
	}
}

/* NULL: there is none left. */
static const struct respond_letter *
take(struct side *s)
{
	return s->at < s->n ? &s->v[s->at++] : NULL;
}

static bool
is_pair(const struct side *a, size_t skip_a, const struct side *b, size_t skip_b)
{
	return a->at + skip_a < a->n && b->at + skip_b < b->n &&
	       a->v[a->at + skip_a].type == b->v[b->at + skip_b].type;
}

/* How many messages of each side stand before the next pair; false: there is no pair near. */
static bool
find_pair(const struct side *then, const struct side *now, unsigned *skip_then, unsigned *skip_now)
{
	for (unsigned sum = 0; sum <= RESYNC_MAX; sum++) {
		for (*skip_then = 0; *skip_then <= sum; ++*skip_then) {
			*skip_now = sum - *skip_then;
			if (is_pair(then, *skip_then, now, *skip_now))
				return true;
		}
	}
	return false;
}

/* ---- printing ---- */

static void
print_message(FILE *out, enum ut_protocol protocol, const struct respond_letter *m)
{
	const char *name;
	char number[16];

	if (m == NULL) {
		fprintf(out, "%10s  %-*s", "-", NAME_WIDTH, "-");
		return;
	}
	name = protocol == UT_L2TP ? l2tp_message_name(m->type) : pptp_message_letters(m->type);
	if (name == NULL) {
		(void)snprintf(number, sizeof number, "type %u", m->type);
		name = number;
	}
	fprintf(out, "%10.3f  %-*s", (double)m->time_us / 1e6, NAME_WIDTH, name);
}

static void
print_avps(FILE *out, const char *whose, uint64_t avps)
{
	bool is_first = true;

	for (unsigned type = 0; type < 64; type++) {
		const char *name = (avps >> type & 1) != 0 ? l2tp_avp_name(type) : NULL;

		if (name == NULL)
			continue;
		fprintf(out, "%s%s", is_first ? whose : ", ", name);
		is_first = false;
	}
}

static bool
is_end(enum ut_protocol protocol, const struct respond_letter *m)
{
	if (protocol == UT_PPTP)
		return m->type == PPTP_STOPCCRQ;
	return m->type == L2TP_STOPCCN || m->type == L2TP_CDN;
}

/* 1 if it counts as a difference. */
static unsigned
print_pair(FILE *out, enum ut_protocol protocol, const struct respond_letter *then,
	   const struct respond_letter *now)
{
	const bool differs = is_end(protocol, then) && then->result != now->result;

	print_message(out, protocol, then);
	print_message(out, protocol, now);
	if (differs)
		fprintf(out, " DIFFERS: result %u, ours %u;", then->result, now->result);
	if (then->times != now->times)
		fprintf(out, " sent %u times, ours %u;", then->times, now->times);
	print_avps(out, " only captured: ", then->present & ~now->present);
	print_avps(out, " only ours: ", now->present & ~then->present);
	fputc('\n', out);
	return differs;
}

static unsigned
print_single(FILE *out, enum ut_protocol protocol, const struct respond_letter *then,
	     const struct respond_letter *now)
{
	print_message(out, protocol, then);
	print_message(out, protocol, now);
	fprintf(out, " DIFFERS: %s\n", then != NULL ? "ours does not send it" : "ours sends it");
	return 1;
}

/* NULL: there is nothing to say. */
static const char *
secret_words(enum respond_secret secret)
{
	switch (secret) {
	case RESPOND_SECRET_IDLE:
		break;
	case RESPOND_SECRET_MISSING:
		return "authenticated: without --secret-file the server's proof is judged as the captured "
		       "client "
		       "judged it";
	case RESPOND_SECRET_FITS:
		return "authenticated: the server's proof is judged with the secret given";
	case RESPOND_SECRET_FOREIGN:
		return "the secret given is not that of this tunnel: the server's proof is judged as the "
		       "captured "
		       "client judged it";
	case RESPOND_SECRET_UNUSABLE:
		return "the captured client's challenge has not the 16 octets that ours has: the server's "
		       "proof is "
		       "judged as the captured client judged it";
	}
	return NULL;
}

static void
print_heading(FILE *out, const struct respond_talk *talk, const struct respond_answer *answer)
{
	char client[CAPTURE_END_OCTETS], server[CAPTURE_END_OCTETS];

	capture_end_print(client, &talk->client);
	capture_end_print(server, &talk->server);
	if (talk->protocol == UT_L2TP)
		fprintf(out, "%s -> %s, tunnel %u/%u\n", client, server, talk->client_tid, talk->server_tid);
	else
		fprintf(out, "%s -> %s, PPTP\n", client, server);
	if (secret_words(answer->secret) != NULL)
		fprintf(out, "  %s\n", secret_words(answer->secret));
	if (answer->is_hidden)
		fprintf(out, "  the server hid what it said: nothing is fed and compared from there on\n");
	if (talk->letters.is_full)
		fprintf(out, "  only the first %d messages are looked at\n", RESPOND_LETTERS_MAX);
	if (talk->streams[0].is_lost || talk->streams[1].is_lost)
		fprintf(out, "  the capture has a hole: nothing is read behind it\n");
	fprintf(out, "%10s  %-*s%10s  %-*s\n", "seconds", NAME_WIDTH, "captured", "seconds", NAME_WIDTH,
		"ours");
}

static unsigned
compare(FILE *out, struct side *then, struct side *now)
{
	unsigned skip_then, skip_now, differences = 0;
	const struct respond_letter *m;

	while (find_pair(then, now, &skip_then, &skip_now)) {
		while (skip_then-- > 0)
			differences += print_single(out, then->protocol, take(then), NULL);
		while (skip_now-- > 0)
			differences += print_single(out, then->protocol, NULL, take(now));
		m = take(then);
		differences += print_pair(out, then->protocol, m, take(now));
	}
	while ((m = take(then)) != NULL)
		differences += print_single(out, then->protocol, m, NULL);
	while ((m = take(now)) != NULL)
		differences += print_single(out, then->protocol, NULL, m);
	return differences;
}

bool
respond_compare(FILE *out, const struct respond_talk *talk, const struct respond_answer *answer,
		unsigned *differences)
{
	struct side *sides = malloc(2 * sizeof *sides);
	unsigned n;

	if (sides == NULL)
		return false;
	side_fill(&sides[0], answer, talk->protocol, &talk->letters);
	side_fill(&sides[1], answer, talk->protocol, &answer->sent);
	print_heading(out, talk, answer);
	n = compare(out, &sides[0], &sides[1]);
	fprintf(out, "  %u difference%s\n", n, n == 1 ? "" : "s");
	*differences += n;
	free(sides);
	return true;
}
