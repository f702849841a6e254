/* test_textproto.c - protobuf's text format: what is read, what is refused and where
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cli/quota.h"
#include "cli/textproto.h"
#include "kinds.pb-c.h"
#include "tests/cli/textproto_cases.h"

enum { QUOTA = 1024 * 1024 };

/* Reads a text that ends where its heap block ends, so that ASan sees a step too far; the message or NULL. */
static Kinds__All *
read_text(struct ut_slice text, struct quota *quota, struct textproto_map *map, struct textproto_error *why)
{
	uint8_t *exact = malloc(text.n == 0 ? 1 : text.n);
	ProtobufCMessage *message = NULL;

	assert_non_null(exact);
	if (text.n != 0)
		memcpy(exact, text.p, text.n);
	if (textproto_read(&kinds__all__descriptor, ut_slice(exact, text.n), &quota->pb, map, &message,
			   why) != TEXTPROTO_OK)
		assert_null(message);
	free(exact);
	return (Kinds__All *)message;
}

static void
each_text_is_read_or_refused_at_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < TEXT_CASES_N; i++) {
		const struct text_case *c = &text_cases[i];
		struct textproto_map *map = textproto_map_new();
		struct textproto_error why;
		struct quota quota;
		Kinds__All *m;

		quota_init(&quota, QUOTA);
		m = read_text(ut_slice_str(c->text), &quota, map, &why);
		if ((m != NULL) != (c->verdict == BOTH_READ))
			fail_msg("%s: %s", c->what, m != NULL ? "was read" : why.text);
		if (m == NULL && (why.at.line != c->line || why.at.column != c->column ||
				  strcmp(why.field, c->field) != 0 || strcmp(why.text, c->error) != 0))
			fail_msg("%s: %u:%u: [%s] %s", c->what, why.at.line, why.at.column, why.field,
				 why.text);
		protobuf_c_message_free_unpacked((ProtobufCMessage *)m, &quota.pb);
		assert_int_equal(quota.left, QUOTA);
		(void)textproto_map_free(map);
	}
}

/* No prefix crashes, leaks, or is refused without a place inside the text (or just behind it). */
static void
every_prefix_is_read_or_refused_with_a_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < TEXT_CASES_N; i++) {
		for (size_t n = 0; n <= strlen(text_cases[i].text); n++) {
			struct textproto_map *map = textproto_map_new();
			struct textproto_error why = { .at = { 0, 0 } };
			struct quota quota;
			Kinds__All *m;

			quota_init(&quota, QUOTA);
			m = read_text(ut_slice(text_cases[i].text, n), &quota, map, &why);
			assert_true(m != NULL || (why.at.line >= 1 && why.at.column >= 1 &&
						  why.at.column <= n + 1 && why.text[0] != '\0'));
			protobuf_c_message_free_unpacked((ProtobufCMessage *)m, &quota.pb);
			assert_int_equal(quota.left, QUOTA);
			(void)textproto_map_free(map);
		}
	}
}

/* What the writer prints reads back as the same octets; hidden secrets never show. */
static void
what_is_written_reads_back_the_same(void **state)
{
	static uint8_t text[8192], first[4096], second[4096];

	(void)state;
	for (size_t i = 0; i < TEXT_CASES_N; i++) {
		struct textproto_map *map = textproto_map_new();
		struct ut_put w = ut_put_into(text, sizeof text);
		struct textproto_error why;
		struct quota quota;
		Kinds__All *a, *b;

		quota_init(&quota, QUOTA);
		a = read_text(ut_slice_str(text_cases[i].text), &quota, map, &why);
		if (a != NULL) {
			const size_t n = kinds__all__pack(a, first);

			textproto_write(&a->base, TEXTPROTO_SECRETS_WRITTEN, &w);
			assert_false(w.full);
			(void)textproto_map_free(map);
			map = textproto_map_new();
			b = read_text(ut_slice(text, w.len), &quota, map, &why);
			if (b == NULL)
				fail_msg("%s: %s", text_cases[i].what, why.text);
			assert_int_equal(kinds__all__pack(b, second), n);
			assert_memory_equal(first, second, n);
			kinds__all__free_unpacked(b, &quota.pb);
			kinds__all__free_unpacked(a, &quota.pb);
		}
		(void)textproto_map_free(map);
	}
}

static void
secrets_are_not_written_unless_asked_for(void **state)
{
	struct textproto_map *map = textproto_map_new();
	struct textproto_error why;
	struct quota quota;
	char text[256];
	struct ut_put w = ut_put_into(text, sizeof text - 1);
	Kinds__All *m;

	(void)state;
	quota_init(&quota, QUOTA);
	m = read_text(ut_slice_str("octets: 'hush' inner { a: 1 }"), &quota, map, &why);
	assert_non_null(m);
	textproto_write(&m->base, TEXTPROTO_SECRETS_HIDDEN, &w);
	text[w.len] = '\0';
	assert_string_equal(text, "# octets: 4 octets, not shown\ninner {\n  a: 1\n}\n");
	kinds__all__free_unpacked(m, &quota.pb);
	(void)textproto_map_free(map);
}

static void
a_writer_without_room_latches(void **state)
{
	struct textproto_map *map = textproto_map_new();
	struct textproto_error why;
	struct quota quota;
	char text[8];
	struct ut_put w = ut_put_into(text, sizeof text);
	Kinds__All *m;

	(void)state;
	quota_init(&quota, QUOTA);
	m = read_text(ut_slice_str("text: 'longer than eight'"), &quota, map, &why);
	assert_non_null(m);
	textproto_write(&m->base, TEXTPROTO_SECRETS_WRITTEN, &w);
	assert_true(w.full);
	kinds__all__free_unpacked(m, &quota.pb);
	(void)textproto_map_free(map);
}

static void
fields_are_found_again_by_path(void **state)
{
	static const char text[] = "u32: 1\n"
				   "inners { a: 1 }\n"
				   "inners: [{ a: 2 }, {\n"
				   "   leaves { s: 'x' } }]\n"
				   "ints: [1,\n"
				   "  2]\n";
	static const struct {
		const char *path;
		uint32_t line, column;
	} cases[] = {
		{ "u32", 1, 1 },	  { "inners[0].a", 2, 10 },	      { "inners[1]", 3, 10 },
		{ "inners[2]", 3, 20 },	  { "inners[2].leaves[0].s", 4, 13 }, { "ints[1]", 6, 3 },
		{ "inners[2].a", 3, 20 }, /* not there: the message around it */
		{ "inner.leaf.s", 1, 1 }, /* nothing around it either */
	};
	struct textproto_map *map = textproto_map_new();
	struct textproto_error why;
	struct quota quota;
	Kinds__All *m;

	(void)state;
	quota_init(&quota, QUOTA);
	m = read_text(ut_slice_str(text), &quota, map, &why);
	assert_non_null(m);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct textproto_place at = textproto_map_find(map, cases[i].path);

		if (at.line != cases[i].line || at.column != cases[i].column)
			fail_msg("%s: %u:%u", cases[i].path, at.line, at.column);
	}
	kinds__all__free_unpacked(m, &quota.pb);
	(void)textproto_map_free(map);
}

/* Expects a refusal with this sentence. */
static void
expect_refusal(struct ut_slice text, size_t octets, const char *error, uint32_t line, uint32_t column)
{
	struct textproto_map *map = textproto_map_new();
	struct textproto_error why;
	struct quota quota;

	quota_init(&quota, octets);
	assert_null(read_text(text, &quota, map, &why));
	assert_string_equal(why.text, error);
	assert_int_equal(why.at.line, line);
	assert_int_equal(why.at.column, column);
	assert_int_equal(quota.left, octets);
	(void)textproto_map_free(map);
}

static void
a_nul_is_refused_wherever_it_stands(void **state)
{
	(void)state;
	expect_refusal(ut_slice("\0", 1), QUOTA, "a NUL octet in the text", 1, 1);
	expect_refusal(ut_slice("u32: 1\n# \0", 10), QUOTA, "a NUL octet in the text", 2, 3);
	expect_refusal(ut_slice("text: '\0'", 9), QUOTA, "a NUL octet in the text", 1, 8);
}

static void
too_much_of_anything_is_refused(void **state)
{
	const size_t n = TEXTPROTO_OCTETS_MAX + 1;
	char *text = malloc(n);

	(void)state;
	assert_non_null(text);
	memset(text, ' ', n);
	expect_refusal(ut_slice(text, n), QUOTA, "the text is longer than 65536 octets", 1, 1);
	for (size_t i = 0; i < 4097; i++)
		memcpy(text + 8 * i, "ints: 1\n", 8);
	expect_refusal(ut_slice(text, n - 1), QUOTA, "more than 4096 values in one text", 4097, 7);
	free(text);
}

/* Every allocation fails in turn: refused with a place, nothing leaks. */
static void
a_spent_quota_is_a_refusal(void **state)
{
	static const char text[] = "inners { leaves { s: 'abc' } } texts: ['a', 'b', 'c'] octets: 'x'";
	unsigned refused = 0;

	(void)state;
	for (size_t octets = 0; octets < 2048; octets++) {
		struct textproto_map *map = textproto_map_new();
		struct textproto_error why;
		struct quota quota;
		Kinds__All *m;

		quota_init(&quota, octets);
		m = read_text(ut_slice_str(text), &quota, map, &why);
		assert_int_equal(m == NULL, quota.is_exhausted);
		if (m == NULL) {
			assert_string_equal(why.text, "no memory left for this message");
			assert_true(why.at.line >= 1);
			refused++;
		}
		protobuf_c_message_free_unpacked((ProtobufCMessage *)m, &quota.pb);
		assert_int_equal(quota.left, octets);
		(void)textproto_map_free(map);
	}
	assert_in_range(refused, 100, 2047);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_text_is_read_or_refused_at_its_place),
		cmocka_unit_test(every_prefix_is_read_or_refused_with_a_place),
		cmocka_unit_test(what_is_written_reads_back_the_same),
		cmocka_unit_test(secrets_are_not_written_unless_asked_for),
		cmocka_unit_test(a_writer_without_room_latches),
		cmocka_unit_test(fields_are_found_again_by_path),
		cmocka_unit_test(a_nul_is_refused_wherever_it_stands),
		cmocka_unit_test(too_much_of_anything_is_refused),
		cmocka_unit_test(a_spent_quota_is_a_refusal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
