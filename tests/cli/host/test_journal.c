/* test_journal.c - a journal comes again, tells what is wrong with it, and holds no secret
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/cli/host/rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/journal/journal.h"
#include "cli/journal/journal_replay.h"

#define S (UINT64_C(1000000))

static const char tunnel_secret[] = "a tunnel secret that nobody may read";
static const char password[] = "a password that nobody may read";

/* A journal in memory. */
struct kept {
	uint8_t *octets;
	size_t n;
};

struct session {
	struct rig *rig;
	struct journal *journal;
	char path[64];
};

/* ---- making journals ---- */

static struct session
begin(const char *secret, const char *server_secret)
{
	static const struct ut_world_spec calm = { .seed = 1, .delay_us = 5000 };
	struct session s = { .rig = rig_new(&calm), .path = "/tmp/uptun-journal-XXXXXX" };
	struct profile *p = s.rig->profile;
	const int fd = mkstemp(s.path);

	assert_true(fd >= 0 && close(fd) == 0 && unlink(s.path) == 0);
	memcpy(p->sessions[0].password.octets, password, sizeof password - 1);
	p->sessions[0].password.n = sizeof password - 1;
	memcpy(p->l2tp.secret.octets, secret, strlen(secret));
	p->l2tp.secret.n = (uint8_t)strlen(secret);
	memcpy(s.rig->server_secret.octets, server_secret, strlen(server_secret));
	s.rig->server_secret.n = (uint8_t)strlen(server_secret);
	return s;
}

static void
start(struct session *s)
{
	struct kb_error why = { .err = 0 };

	assert_int_equal(journal_open(s->path, s->rig->profile, 1, &s->journal, &why), 0);
	s->rig->observer = &journal_observer;
	s->rig->observer_ctx = s->journal;
	rig_start(s->rig);
}

static struct kept
read_file(const char *path)
{
	struct kept k = { .octets = NULL };
	FILE *in = fopen(path, "rb");

	assert_non_null(in);
	assert_int_equal(fseek(in, 0, SEEK_END), 0);
	k.n = (size_t)ftell(in);
	rewind(in);
	k.octets = malloc(k.n);
	assert_non_null(k.octets);
	assert_int_equal(fread(k.octets, 1, k.n, in), k.n);
	fclose(in);
	return k;
}

static struct kept
end(struct session *s)
{
	struct kept k;
	struct stat st;

	rig_end(s->rig);
	s->journal = journal_close(s->journal);
	assert_int_equal(stat(s->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	k = read_file(s->path);
	unlink(s->path);
	return k;
}

/* Up for a second, and down in good order. */
static struct kept
journal_of(const char *secret)
{
	struct session s = begin(secret, secret);

	start(&s);
	assert_true(rig_run_until(s.rig, HOST_PPP_UP, 1, 5 * S));
	rig_stop_in(s.rig, S);
	assert_true(rig_run(s.rig, 10 * S));
	return end(&s);
}

/* ---- replaying them ---- */

static struct journal_verdict
replay_with(const struct kept *k, struct journal_replay_config config)
{
	struct journal_verdict v;
	FILE *in = fmemopen(k->octets, k->n, "rb");

	assert_non_null(in);
	journal_replay(in, &config, &v);
	fclose(in);
	return v;
}

static struct journal_verdict
replay(const struct kept *k)
{
	return replay_with(k, (struct journal_replay_config){ .secrets = NULL });
}

static struct journal_verdict
replay_with_secret(const struct kept *k, const char *text)
{
	struct l2tp_secret secret = { .n = (uint8_t)strlen(text) };

	memcpy(secret.octets, text, secret.n);
	return replay_with(k, (struct journal_replay_config){ .secrets = &secret, .n_secrets = 1 });
}

static void
expect(struct journal_verdict v, enum journal_replay_result result)
{
	if (v.result != result)
		fail_msg("result %d: %s", (int)v.result, v.text);
}

static bool
holds(const struct kept *k, const void *needle, size_t n)
{
	return memmem(k->octets, k->n, needle, n) != NULL;
}

/* The octets of each record, as the length before it says. */
static size_t
record_at(const struct kept *k, size_t at)
{
	size_t n = 0, i = 0;

	do
		n |= (size_t)(k->octets[at + i] & 0x7f) << 7 * i;
	while (k->octets[at + i++] >= 0x80);
	return i + n;
}

/* ---- tests ---- */

static void
a_plain_tunnel_comes_again(void **state)
{
	struct kept k = journal_of("");
	const struct journal_verdict v = replay(&k);

	(void)state;
	expect(v, JOURNAL_REPRODUCED);
	assert_true(v.has_end && !v.is_cut && !v.is_without_secret);
	assert_true(v.steps > 10);
	free(k.octets);
}

static void
an_authenticated_tunnel_comes_again_with_its_secret(void **state)
{
	struct kept k = journal_of(tunnel_secret);
	const struct journal_verdict v = replay_with_secret(&k, tunnel_secret);

	(void)state;
	expect(v, JOURNAL_REPRODUCED);
	assert_false(v.is_without_secret);
	assert_int_equal(v.masked, 0);
	free(k.octets);
}

static void
an_authenticated_tunnel_comes_again_without_its_secret(void **state)
{
	struct kept k = journal_of(tunnel_secret);
	const struct journal_verdict v = replay(&k);

	(void)state;
	expect(v, JOURNAL_REPRODUCED);
	assert_true(v.is_without_secret);
	assert_int_equal(v.verdicts, 1);
	assert_int_equal(v.masked, L2TP_RESPONSE_OCTETS);
	free(k.octets);
}

static void
a_wrong_secret_is_told(void **state)
{
	struct kept k = journal_of(tunnel_secret);
	const struct journal_verdict v = replay_with_secret(&k, "another");

	(void)state;
	expect(v, JOURNAL_DIFFERS);
	free(k.octets);
}

static void
a_response_that_was_refused_is_refused_again(void **state)
{
	struct session s = begin(tunnel_secret, "the server has another one");
	struct kept k;
	struct journal_verdict v;

	(void)state;
	start(&s);
	assert_true(rig_run(s.rig, 60 * S));
	assert_int_equal(s.rig->end.cause, UT_CAUSE_CHALLENGE);
	k = end(&s);
	v = replay(&k);
	expect(v, JOURNAL_REPRODUCED);
	assert_int_equal(v.verdicts, 1);
	expect(replay_with_secret(&k, tunnel_secret), JOURNAL_REPRODUCED);
	free(k.octets);
}

static void
hidden_values_of_ours_are_compared_by_length(void **state)
{
	struct session s = begin(tunnel_secret, tunnel_secret);
	struct kept k;
	struct journal_verdict v;

	(void)state;
	s.rig->profile->l2tp.hide_avps = true;
	start(&s);
	assert_true(rig_run_until(s.rig, HOST_PPP_UP, 1, 5 * S));
	rig_stop_in(s.rig, S);
	assert_true(rig_run(s.rig, 10 * S));
	k = end(&s);
	expect(replay_with_secret(&k, tunnel_secret), JOURNAL_REPRODUCED);
	v = replay(&k);
	expect(v, JOURNAL_REPRODUCED);
	assert_true(v.masked > L2TP_RESPONSE_OCTETS);
	free(k.octets);
}

static void
a_stop_at_any_moment_comes_again(void **state)
{
	static const char *const secrets[] = { "", tunnel_secret };

	(void)state;
	for (uint64_t at = 0; at < S / 4; at += 5000) {
		struct session s = begin(secrets[at / 5000 % 2], secrets[at / 5000 % 2]);
		struct kept k;

		start(&s);
		rig_stop_in(s.rig, at);
		assert_true(rig_run(s.rig, 10 * S));
		k = end(&s);
		expect(replay(&k), JOURNAL_REPRODUCED);
		free(k.octets);
	}
}

static void
a_tunnel_dialled_again_comes_again(void **state)
{
	struct session s = begin(tunnel_secret, tunnel_secret);
	struct kept k;

	(void)state;
	s.rig->profile->reconnect.enabled = true;
	start(&s);
	assert_true(rig_run_until(s.rig, HOST_PPP_UP, 1, 5 * S));
	rig_server_hangs_up(s.rig);
	assert_true(rig_run_until(s.rig, HOST_PPP_UP, 2, 60 * S));
	rig_stop_in(s.rig, S);
	assert_true(rig_run(s.rig, 10 * S));
	k = end(&s);
	expect(replay(&k), JOURNAL_REPRODUCED);
	expect(replay_with_secret(&k, tunnel_secret), JOURNAL_REPRODUCED);
	free(k.octets);
}

static void
no_secret_is_in_it(void **state)
{
	struct kept k = journal_of(tunnel_secret);

	(void)state;
	for (size_t n = 6; n < sizeof tunnel_secret; n++) {
		assert_false(holds(&k, tunnel_secret + sizeof tunnel_secret - 1 - n, 6));
		assert_false(holds(&k, tunnel_secret, n));
	}
	for (size_t i = 0; i + 6 < sizeof password; i++)
		assert_false(holds(&k, password + i, 6));
	assert_true(holds(&k, "joe", 3)); /* so the search does find */
	free(k.octets);
}

static void
cut_off_anywhere_it_reads_to_its_last_whole_record(void **state)
{
	struct kept k = journal_of("");
	size_t whole = 0, records = 0, next = record_at(&k, 0);
	uint64_t steps = 0;

	(void)state;
	for (size_t n = 1; n < k.n; n++) {
		const struct kept part = { k.octets, n };
		struct journal_verdict v;

		if (n == next) {
			whole = next;
			next += record_at(&k, next);
			records++;
		}
		v = replay(&part);
		if (records == 0) {
			expect(v, JOURNAL_NOT_ONE);
			continue;
		}
		expect(v, JOURNAL_REPRODUCED);
		assert_false(v.has_end);
		assert_int_equal(v.is_cut, n != whole);
		assert_true(v.steps == steps || (n == whole && v.steps == steps + 1));
		steps = v.steps;
	}
	assert_int_equal(next, k.n);
	free(k.octets);
}

static void
every_flipped_octet_is_told(void **state)
{
	struct kept k = journal_of("");

	(void)state;
	for (size_t i = 0; i < k.n; i++) {
		struct journal_verdict v;

		k.octets[i] ^= (uint8_t)(1u << i % 8);
		v = replay(&k);
		if (v.result == JOURNAL_REPRODUCED && v.has_end)
			fail_msg("octet %zu flipped, and nothing is told", i);
		k.octets[i] ^= (uint8_t)(1u << i % 8);
	}
	free(k.octets);
}

static void
a_lost_record_is_told(void **state)
{
	struct kept k = journal_of("");
	size_t at = 0, i = 0;

	(void)state;
	for (; at < k.n; i++) {
		const size_t n = record_at(&k, at);
		struct kept part = { malloc(k.n), k.n - n };
		struct journal_verdict v;

		assert_non_null(part.octets);
		memcpy(part.octets, k.octets, at);
		memcpy(part.octets + at, k.octets + at + n, k.n - at - n);
		v = replay(&part);
		if (v.result == JOURNAL_REPRODUCED && v.has_end)
			fail_msg("record %zu is missing, and nothing is told", i);
		free(part.octets);
		at += n;
	}
	free(k.octets);
}

static void
the_story_is_told_in_the_tables_words(void **state)
{
	struct kept k = journal_of(tunnel_secret);
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	(void)state;
	assert_non_null(out);
	expect(replay_with(&k, (struct journal_replay_config){ .story = out, .is_long = true }),
	       JOURNAL_REPRODUCED);
	fclose(out);
	assert_non_null(strstr(text, "wait-ctl-reply, Receive SCCRP: acceptable\n"));
	assert_non_null(
	    strstr(text, "-> Send SCCCN, Send tunnel-open event to waiting sessions; established"));
	assert_non_null(strstr(text, "RFC 2661 7.2.1 r"));
	assert_non_null(
	    strstr(text, "not \"not acceptable\", since the answer was \"acceptable\": -> Send StopCCN"));
	assert_non_null(strstr(text, "SCCRP of tunnel"));
	free(text);
	free(k.octets);
}

static void
a_journal_is_never_written_over(void **state)
{
	struct session s = begin("", "");
	struct journal *another = NULL;
	struct kb_error why = { .err = 0 };
	struct kept k;

	(void)state;
	start(&s);
	assert_true(journal_open(s.path, s.rig->profile, 1, &another, &why) < 0);
	assert_null(another);
	assert_non_null(strstr(why.text, "is there already"));
	rig_stop_in(s.rig, 0);
	assert_true(rig_run(s.rig, 10 * S));
	k = end(&s);
	expect(replay(&k), JOURNAL_REPRODUCED);
	free(k.octets);
}

static void
it_is_told_by_its_content(void **state)
{
	struct session s = begin("", "");
	struct kept k;

	(void)state;
	start(&s);
	assert_true(journal_is_file(s.path));
	assert_false(journal_is_file("/dev/null"));
	assert_false(journal_is_file("/proc/self/exe"));
	rig_stop_in(s.rig, 0);
	assert_true(rig_run(s.rig, 10 * S));
	k = end(&s);
	free(k.octets);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_tunnel_comes_again),
		cmocka_unit_test(an_authenticated_tunnel_comes_again_with_its_secret),
		cmocka_unit_test(an_authenticated_tunnel_comes_again_without_its_secret),
		cmocka_unit_test(a_wrong_secret_is_told),
		cmocka_unit_test(a_response_that_was_refused_is_refused_again),
		cmocka_unit_test(hidden_values_of_ours_are_compared_by_length),
		cmocka_unit_test(a_stop_at_any_moment_comes_again),
		cmocka_unit_test(a_tunnel_dialled_again_comes_again),
		cmocka_unit_test(no_secret_is_in_it),
		cmocka_unit_test(cut_off_anywhere_it_reads_to_its_last_whole_record),
		cmocka_unit_test(every_flipped_octet_is_told),
		cmocka_unit_test(a_lost_record_is_told),
		cmocka_unit_test(the_story_is_told_in_the_tables_words),
		cmocka_unit_test(a_journal_is_never_written_over),
		cmocka_unit_test(it_is_told_by_its_content),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
