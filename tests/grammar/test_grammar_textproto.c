/* test_grammar_textproto.c - every transition of cli/textproto_grammar.rl is taken
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/grammar/grammar.h"

#include "tests/grammar/textproto.traced.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

enum { OUT_OCTETS = 64 };

/* Each word, number and way to break it off; what follows a prefix is grammar_try_all()'s. */
static const char *const texts[] = {
	"# words\n", " \t name_1", "-0",     "0777",	 "0789",       "0x1fG",	  "12ab",
	"12.5e+10f", "12.e5F",	   ".5e-3f", ".25F",	 "7e9f",       "7F",	  "1.x",
	".5e",	     "1e+",	   "0x",     "'it\\'s'", "\"a\\\"b\"", "'open\\", "\"open\\",
	"0.5ex",     "1e5x",	   "0f",     "017x",	 "0e1",	       "08x",	  "{}<>[]:;,-",
};

static const char *const strings[] = {
	"plain text",
	"\\n\\?\\'\\\"\\\\",
	"\\1\\17\\377",
	"\\477",
	"\\777",
	"\\x1\\xfF",
	"\\u00e9",
	"\\U0001F600",
	"\\U0010ffff",
	"\\ud83d\\ude00",
	"\\U0000d83D\\uDc00",
	"\\U00110000",
	"\\uDbFf\\uDfFf",
	"\\U000F0000",
	"\\ud83d",
	"\\q",
};

static void
lex(struct ut_slice text)
{
	struct textproto_lexer lexer = textproto_lexer_on(text);

	while (textproto_lexer_next(&lexer).kind != TEXTPROTO_END)
		;
}

static void
decode_string(struct ut_slice body)
{
	uint8_t out[OUT_OCTETS];
	size_t octets, bad_at;

	assert_true(body.n <= sizeof out);
	if (textproto_string_decode(body, out, &octets, &bad_at))
		assert_true(octets <= body.n);
	else
		assert_true(bad_at < body.n);
}

static void
every_transition_of_the_words_is_taken(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		grammar_try_all(ut_slice_str(texts[i]), lex);
	GRAMMAR_CHECK(textproto_token);
}

static void
every_transition_inside_a_string_is_taken(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++)
		grammar_try_all(ut_slice_str(strings[i]), decode_string);
	GRAMMAR_CHECK(textproto_string);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_transition_of_the_words_is_taken),
		cmocka_unit_test(every_transition_inside_a_string_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
