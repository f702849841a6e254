/* test_gaps.c - captures of faultless conversations, with holes anywhere: nobody is accused for what is not there
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/track.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { FRAMES_MAX = 400, OCTETS_MAX = 2048, RUN_MAX = 8, SEEDS = 300, TOLD_OCTETS = 512 };

struct frame {
	struct capture_packet packet;
	uint8_t octets[OCTETS_MAX];
};

static struct frame frames[FRAMES_MAX];

/* What was found wrong. */
struct told {
	char text[TOLD_OCTETS];
	size_t n;
};

static void
tell(void *ctx, const struct track_news *news)
{
	struct told *const t = ctx;

	for (size_t i = 0; i < news->findings_n && t->n + TRACK_SENTENCE < sizeof t->text; i++)
		if (news->findings[i].level == TRACK_VIOLATION)
			t->n += (size_t)snprintf(t->text + t->n, sizeof t->text - t->n, "frame %d: %s\n",
						 news->packet != NULL ? (int)news->packet->frame : 0,
						 news->findings[i].text);
}

static void
session_over(void *ctx, const struct track_session *session)
{
	(void)ctx;
	(void)session;
}

static void
connection_over(void *ctx, const struct track_connection *connection)
{
	(void)ctx;
	(void)connection;
}

static size_t
read_capture(const char *name)
{
	char path[256], why[CAPTURE_ERROR_OCTETS];
	struct capture *c;
	size_t n = 0;

	snprintf(path, sizeof path, CAPTURES "/%s.pcap", name);
	c = capture_open(path, why);
	assert_non_null(c);
	while (n < FRAMES_MAX && capture_next(c, &frames[n].packet) == CAPTURE_PACKET) {
		struct ut_slice *const payload = &frames[n].packet.payload;

		assert_in_range(payload->n, 0, OCTETS_MAX);
		if (payload->n != 0)
			memcpy(frames[n].octets, payload->p, payload->n);
		payload->p = frames[n].octets;
		n++;
	}
	assert_in_range(n, 1, FRAMES_MAX - 1);
	capture_close(c);
	return n;
}

/* `n` frames in this order; `what` names the case. */
static void
replay(const char *what, size_t n, const size_t order[FRAMES_MAX])
{
	struct told told = { .n = 0 };
	const struct track_sink sink = {
		.ctx = &told, .tell = tell, .session_over = session_over, .connection_over = connection_over
	};
	struct tracker *const t = tracker_new(&sink, (struct track_limits){ .connections = 0 });

	assert_non_null(t);
	for (size_t i = 0; i < n; i++)
		tracker_take(t, &frames[order[i]].packet);
	tracker_finish(t);
	if (tracker_totals(t)->violations != 0)
		fail_msg("%s: %s", what, told.text);
	tracker_free(t);
}

/* Those of the `n` frames that are not `lost`. */
static void
replay_without(const char *what, size_t n, const bool lost[FRAMES_MAX])
{
	size_t order[FRAMES_MAX], left = 0;

	for (size_t i = 0; i < n; i++)
		if (!lost[i])
			order[left++] = i;
	replay(what, left, order);
}

/* Without the frames from `from` to before `to`. */
static void
replay_with_hole(const char *name, size_t n, size_t from, size_t to)
{
	bool lost[FRAMES_MAX] = { false };
	char what[96];

	for (size_t i = from; i < to; i++)
		lost[i] = true;
	snprintf(what, sizeof what, "%s without frames %zu to %zu", name, from + 1, to);
	replay_without(what, n, lost);
}

/* A quarter of them, chosen by `seed`. */
static void
replay_with_holes(const char *name, size_t n, unsigned seed)
{
	bool lost[FRAMES_MAX];
	uint32_t random = seed;
	char what[96];

	for (size_t i = 0; i < n; i++) {
		random = random * 1664525 + 1013904223;
		lost[i] = random >> 30 == 0;
	}
	snprintf(what, sizeof what, "%s with losses of seed %u", name, seed);
	replay_without(what, n, lost);
}

/* A quarter of them changed places with others near by, as captures of several queues have it. */
static void
replay_reordered(const char *name, size_t n, unsigned seed)
{
	size_t order[FRAMES_MAX];
	uint32_t random = seed;
	char what[96];

	for (size_t i = 0; i < n; i++)
		order[i] = i;
	for (size_t i = 0; i < n / 4; i++) {
		size_t a, b, moved;

		random = random * 1664525 + 1013904223;
		a = (random >> 8) % n;
		b = a + 1 + (random >> 30);
		b = b < n ? b : n - 1;
		moved = order[a];
		order[a] = order[b];
		order[b] = moved;
	}
	snprintf(what, sizeof what, "%s reordered with seed %u", name, seed);
	replay(what, n, order);
}

static const char *const names[] = { "l2tp-both-hide",	  "l2tp-plain",	  "l2tp-bad-network",
				     "l2tp-hidden",	  "l2tp-refused", "l2tp-two-sessions",
				     "l2tp-wrong-secret", "pptp-plain",	  "pptp-refused" };

static void
a_hole_of_any_length_accuses_nobody(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const size_t n = read_capture(names[i]);

		for (size_t from = 0; from < n; from++)
			for (size_t run = 1; run <= RUN_MAX && from + run <= n; run++)
				replay_with_hole(names[i], n, from, from + run);
	}
}

static void
losses_all_over_a_capture_accuse_nobody(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const size_t n = read_capture(names[i]);

		for (unsigned seed = 1; seed <= SEEDS; seed++)
			replay_with_holes(names[i], n, seed);
	}
}

static void
frames_in_another_order_accuse_nobody(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const size_t n = read_capture(names[i]);

		for (unsigned seed = 1; seed <= SEEDS; seed++)
			replay_reordered(names[i], n, seed);
	}
}

static void
a_capture_that_begins_or_ends_anywhere_accuses_nobody(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const size_t n = read_capture(names[i]);

		for (size_t at = 0; at < n; at++) {
			replay_with_hole(names[i], n, 0, at);
			replay_with_hole(names[i], n, at, n);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hole_of_any_length_accuses_nobody),
		cmocka_unit_test(frames_in_another_order_accuse_nobody),
		cmocka_unit_test(losses_all_over_a_capture_accuse_nobody),
		cmocka_unit_test(a_capture_that_begins_or_ends_anywhere_accuses_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
