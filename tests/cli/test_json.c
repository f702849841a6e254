/* test_json.c - the JSON writer, and text from outside
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/plain_text.h"

static const struct {
	const char *what, *text, *json, *shown;
} cases[] = {
	{ "plain", "abc", "\"abc\"", "abc" },
	{ "empty", "", "\"\"", "" },
	{ "quotes and backslash", "a\"b\\c/", "\"a\\\"b\\\\c/\"", "a\"b\\c/" },
	{ "named controls", "\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"", "?????" },
	{ "other controls", "\x01\x1b[31m\x7f", "\"\\u0001\\u001b[31m\\u007f\"", "??[31m?" },
	{ "C1 control", "\xc2\x9b", "\"\\u009b\"", "?" },
	{ "UTF-8", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"",
	  "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80" },
	{ "stray octet", "a\xff", "\"a\\ufffd\"", "a\xef\xbf\xbd" },
	{ "cut off", "\xe2\x82", "\"\\ufffd\\ufffd\"", "\xef\xbf\xbd\xef\xbf\xbd" },
	{ "overlong", "\xc0\x80", "\"\\ufffd\\ufffd\"", "\xef\xbf\xbd\xef\xbf\xbd" },
	{ "surrogate", "\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
};

static void
any_text_becomes_a_json_string(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *line = NULL, wanted[128];
		size_t n = 0;
		FILE *out = open_memstream(&line, &n);
		struct json j;

		json_open(&j, out);
		json_text(&j, "t", cases[i].text);
		json_close(&j);
		assert_int_equal(fclose(out), 0);
		(void)snprintf(wanted, sizeof wanted, "{\"t\":%s}\n", cases[i].json);
		assert_string_equal(line, wanted);
		free(line);
	}
}

static void
any_text_is_safe_to_print(void **state)
{
	char shown[64];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		plain_text_copy(cases[i].text, shown, sizeof shown);
		assert_string_equal(shown, cases[i].shown);
	}
}

static void
a_copy_is_cut_at_a_whole_character(void **state)
{
	char shown[4];

	(void)state;
	plain_text_copy("ab\xe2\x82\xac", shown, sizeof shown);
	assert_string_equal(shown, "ab");
	plain_text_copy("abcdef", shown, sizeof shown);
	assert_string_equal(shown, "abc");
}

static void
members_of_every_type_stand_in_order(void **state)
{
	const char *const texts[] = { "a", "b\"" };
	char *line = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&line, &n);
	struct json j;

	(void)state;
	json_open(&j, out);
	json_number(&j, "n", UINT64_MAX);
	json_integer(&j, "i", -1);
	json_bool(&j, "y", true);
	json_text(&j, "null", NULL);
	json_texts(&j, "none", NULL, 0);
	json_texts(&j, "two", texts, 2);
	json_close(&j);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(line, "{\"n\":18446744073709551615,\"i\":-1,\"y\":true,\"null\":null,\"none\":[],"
				  "\"two\":[\"a\",\"b\\\"\"]}\n");
	free(line);
}

static void
members_have_members(void **state)
{
	char *line = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&line, &n);
	struct json j;

	(void)state;
	json_open(&j, out);
	json_object_open(&j, "empty");
	json_object_close(&j);
	json_array_open(&j, "list");
	json_object_open(&j, NULL);
	json_seconds(&j, "s", 1000002);
	json_number(&j, "n", 0);
	json_object_close(&j);
	json_text(&j, NULL, "b");
	json_array_close(&j);
	json_bool(&j, "y", false);
	json_close(&j);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(line, "{\"empty\":{},\"list\":[{\"s\":1.000002,\"n\":0},\"b\"],\"y\":false}\n");
	free(line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_text_becomes_a_json_string),
		cmocka_unit_test(any_text_is_safe_to_print),
		cmocka_unit_test(a_copy_is_cut_at_a_whole_character),
		cmocka_unit_test(members_of_every_type_stand_in_order),
		cmocka_unit_test(members_have_members),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
