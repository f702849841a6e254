/* textproto_cases.h - texts, what our reader makes of them, and whether protoc agrees
 * SPDX-License-Identifier: Apache-2.0
 *
 * All are kinds.All (kinds.proto).  Shared by test_textproto.c and test_textproto_oracle.c.
 */
#ifndef TESTS_CLI_TEXTPROTO_CASES_H
#define TESTS_CLI_TEXTPROTO_CASES_H

#include <stdint.h>

enum verdict {
	BOTH_READ,
	BOTH_REFUSE,
	WE_REFUSE /* protoc reads it: a place where we are stricter on purpose */
};

struct text_case {
	const char *what, *text;
	enum verdict verdict;
	uint32_t line, column; /* of the error */
	const char *field, *error;
};

/* clang-format off */
static const struct text_case text_cases[] = {
/* ---- layout ---- */
{ "nothing", "", BOTH_READ, 0, 0, NULL, NULL },
{ "white space and comments only", " \t\r\n\v\f# all of it { \"\n#", BOTH_READ, 0, 0, NULL, NULL },
{ "a comment behind a value", "u32: 1 # one\nflag: true", BOTH_READ, 0, 0, NULL, NULL },
{ "a comment between the words", "u32 # a\n : # b\n 1", BOTH_READ, 0, 0, NULL, NULL },
{ "octets of all kinds in a comment", "# \x01 \xff \"\nu32: 1", BOTH_READ, 0, 0, NULL, NULL },
{ "separators", "u32: 1; i32: 2, flag: true", BOTH_READ, 0, 0, NULL, NULL },
{ "a separator at the end", "u32: 1;", BOTH_READ, 0, 0, NULL, NULL },
{ "a separator behind a message", "inner { a: 1, }; u32: 1", BOTH_READ, 0, 0, NULL, NULL },
{ "a separator twice", "u32: 1;;", BOTH_REFUSE, 1, 8, "", "\";\" stands where the name of a field is needed" },
{ "a separator first", ",u32: 1", BOTH_REFUSE, 1, 1, "", "\",\" stands where the name of a field is needed" },
{ "no space behind a number", "u32:1i32:2", BOTH_REFUSE, 1, 5, "u32", "\"1i32\" is not a number" },
{ "no space behind a hexadecimal number", "u32:0x1g:2", BOTH_REFUSE, 1, 5, "u32", "\"0x1g\" is not a number" },
{ "no space behind a fraction", "u32:1.0_:2", BOTH_REFUSE, 1, 5, "u32", "\"1.0_\" is not a number" },
{ "a string right behind a number", "u32:1'a'", BOTH_REFUSE, 1, 6, "", "a string stands where the name of a field is needed" },
{ "a bracket right behind a number", "inner{a:1}inners[{a:2}]", BOTH_READ, 0, 0, NULL, NULL },
{ "no space behind a string", "text:'a'u32:1", BOTH_READ, 0, 0, NULL, NULL },
{ "a slash comment", "u32: 1 // one", BOTH_REFUSE, 1, 8, "", "\"/\" stands where the name of a field is needed" },
{ "a control character", "u32: 1\n \x01", BOTH_REFUSE, 2, 2, "", "octet 0x01 stands where the name of a field is needed" },
{ "an octet above ASCII", "u32: 1 \xc3\xa4", BOTH_REFUSE, 1, 8, "", "octet 0xc3 stands where the name of a field is needed" },
{ "a byte order mark", "\xef\xbb\xbfu32: 1", BOTH_REFUSE, 1, 1, "", "octet 0xef stands where the name of a field is needed" },

/* ---- fields ---- */
{ "an unknown field", "u32: 1\n  nope: 2", BOTH_REFUSE, 2, 3, "", "All has no field \"nope\"" },
{ "an unknown field inside", "inner { nope: 2 }", BOTH_REFUSE, 1, 9, "inner", "Inner has no field \"nope\"" },
{ "another case", "U32: 1", BOTH_REFUSE, 1, 1, "", "All has no field \"U32\"" },
{ "a number for a name", "4: 1", BOTH_REFUSE, 1, 1, "", "\"4\" stands where the name of a field is needed" },
{ "an extension", "[x.y]: 1", BOTH_REFUSE, 1, 1, "", "\"[\" stands where the name of a field is needed" },
{ "a name of 70 letters", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: 1", BOTH_REFUSE, 1, 1, "",
  "All has no field \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"" },
{ "no colon", "u32 1", BOTH_REFUSE, 1, 5, "", "\"1\" stands where \":\" is needed" },
{ "two colons", "u32:: 1", BOTH_REFUSE, 1, 5, "u32", "\":\" stands where an integer of 0 or more is needed" },
{ "no value", "u32:", BOTH_REFUSE, 1, 5, "u32", "the end of the text stands where an integer of 0 or more is needed" },
{ "given twice", "u32: 1\nu32: 1", BOTH_REFUSE, 2, 1, "", "u32 is given twice" },
{ "given twice, first 0", "u32: 0\nu32: 1", WE_REFUSE, 2, 1, "", "u32 is given twice" },
{ "given twice, first empty", "text: ''\ntext: 'a'", WE_REFUSE, 2, 1, "", "text is given twice" },
{ "a message given twice", "inner {} inner {}", BOTH_REFUSE, 1, 10, "", "inner is given twice" },
{ "two of a oneof", "number: 1\nword: 'x'", BOTH_REFUSE, 2, 1, "", "number and word exclude each other" },
{ "two of a oneof, first 0", "number: 0 nest {}", BOTH_REFUSE, 1, 11, "", "number and nest exclude each other" },
{ "one of a oneof twice", "word: 'x' word: 'y'", BOTH_REFUSE, 1, 11, "", "word is given twice" },
{ "a oneof's 0", "zero: 0", BOTH_READ, 0, 0, NULL, NULL },
{ "a oneof's empty string", "word: ''", BOTH_READ, 0, 0, NULL, NULL },
{ "a oneof's empty bytes", "blob: \"\"", BOTH_READ, 0, 0, NULL, NULL },
{ "a oneof's message", "nest { a: 1 }", BOTH_READ, 0, 0, NULL, NULL },
{ "members of two oneofs", "number: 1 zero: 2", BOTH_READ, 0, 0, NULL, NULL },

/* ---- integers ---- */
{ "bases", "i32: 0x7f s32: 017 u32: 0XfF u64: 0 f32: 00", BOTH_READ, 0, 0, NULL, NULL },
{ "the largest", "i32: 2147483647 s32: 2147483647 sf32: 2147483647 u32: 4294967295 f32: 0xffffffff "
  "i64: 9223372036854775807 s64: 0x7fffffffffffffff sf64: 0777777777777777777777 u64: 18446744073709551615 "
  "f64: 01777777777777777777777", BOTH_READ, 0, 0, NULL, NULL },
{ "the smallest", "i32: -2147483648 s32: -0x80000000 sf32: -020000000000 i64: -9223372036854775808 "
  "s64: -9223372036854775808 sf64: -0x8000000000000000", BOTH_READ, 0, 0, NULL, NULL },
{ "minus zero", "i32: -0", BOTH_READ, 0, 0, NULL, NULL },
{ "a minus standing off", "i32: - # here\n 5", BOTH_READ, 0, 0, NULL, NULL },
{ "i32 one too large", "i32: 2147483648", BOTH_REFUSE, 1, 6, "i32", "2147483648 is out of range" },
{ "i32 one too small", "i32: -2147483649", BOTH_REFUSE, 1, 6, "i32", "-2147483649 is out of range" },
{ "u32 one too large", "u32: 0x100000000", BOTH_REFUSE, 1, 6, "u32", "0x100000000 is out of range" },
{ "i64 one too large", "i64: 9223372036854775808", BOTH_REFUSE, 1, 6, "i64", "9223372036854775808 is out of range" },
{ "i64 one too small", "i64: -9223372036854775809", BOTH_REFUSE, 1, 6, "i64", "-9223372036854775809 is out of range" },
{ "u64 one too large", "u64: 18446744073709551616", BOTH_REFUSE, 1, 6, "u64", "18446744073709551616 is out of range" },
{ "far too large", "u64: 99999999999999999999999999999999999999999999999999", BOTH_REFUSE, 1, 6, "u64",
  "9999999999999999999999999999999999999999 is out of range" },
{ "a negative unsigned", "u32: -1", BOTH_REFUSE, 1, 6, "u32", "\"-\" stands where an integer of 0 or more is needed" },
{ "minus zero unsigned", "u32: -0", BOTH_REFUSE, 1, 6, "u32", "\"-\" stands where an integer of 0 or more is needed" },
{ "two minuses", "i32: --1", BOTH_REFUSE, 1, 7, "i32", "\"-\" stands where an integer is needed" },
{ "a plus", "i32: +1", BOTH_REFUSE, 1, 6, "i32", "\"+\" stands where an integer is needed" },
{ "not octal", "u32: 019", BOTH_REFUSE, 1, 6, "u32", "\"019\" is not a number" },
{ "hex without digits", "u32: 0x", BOTH_REFUSE, 1, 6, "u32", "\"0x\" is not a number" },
{ "a fraction", "u32: 1.0", BOTH_REFUSE, 1, 6, "u32", "\"1.0\" stands where an integer of 0 or more is needed" },
{ "an exponent", "u32: 1e3", BOTH_REFUSE, 1, 6, "u32", "\"1e3\" stands where an integer of 0 or more is needed" },
{ "an exponent cut short", "u32: 1e", BOTH_REFUSE, 1, 6, "u32", "\"1e\" is not a number" },
{ "an f", "u32: 1f", BOTH_REFUSE, 1, 6, "u32", "\"1f\" stands where an integer of 0 or more is needed" },
{ "a point alone", "u32: .", BOTH_REFUSE, 1, 6, "u32", "\".\" stands where an integer of 0 or more is needed" },
{ "a name for a number", "u32: one", BOTH_REFUSE, 1, 6, "u32", "\"one\" stands where an integer of 0 or more is needed" },
{ "a string for a number", "u32: '1'", BOTH_REFUSE, 1, 6, "u32", "a string stands where an integer of 0 or more is needed" },
{ "a float field", "real: 1.5", WE_REFUSE, 1, 7, "real", "fields of this type are not read from text" },

/* ---- bools and enums ---- */
{ "bool words", "flags: [true, True, t, false, False, f]", BOTH_READ, 0, 0, NULL, NULL },
{ "bool numbers", "flags: [0, 1, 0x1, 01, 00]", BOTH_READ, 0, 0, NULL, NULL },
{ "bool 2", "flag: 2", BOTH_REFUSE, 1, 7, "flag", "2 is out of range" },
{ "bool TRUE", "flag: TRUE", BOTH_REFUSE, 1, 7, "flag", "\"TRUE\" stands where true or false is needed" },
{ "a negative bool", "flag: -1", BOTH_REFUSE, 1, 7, "flag", "\"-\" stands where true or false is needed" },
{ "enum words", "colors: [RED, GREEN, BLUE]", BOTH_READ, 0, 0, NULL, NULL },
{ "enum numbers", "colors: [0, 1, -7, 0x1]", BOTH_READ, 0, 0, NULL, NULL },
{ "an enum number without a name", "color: 99", BOTH_READ, 0, 0, NULL, NULL },
{ "an enum out of range", "color: 2147483648", BOTH_REFUSE, 1, 8, "color", "2147483648 is out of range" },
{ "an unknown enum word", "color: PINK", BOTH_REFUSE, 1, 8, "color", "\"PINK\" stands where BLUE, RED, GREEN is needed" },
{ "an enum in quotes", "color: 'RED'", BOTH_REFUSE, 1, 8, "color", "a string stands where BLUE, RED, GREEN is needed" },

/* ---- strings ---- */
{ "both quotes", "texts: 'it\"s' texts: \"it's\"", BOTH_READ, 0, 0, NULL, NULL },
{ "adjacent literals", "text: 'a' \"b\"\n 'c' # d\n 'd' u32: 1", BOTH_READ, 0, 0, NULL, NULL },
{ "simple escapes", "text: '\\a\\b\\f\\n\\r\\t\\v\\\\\\?\\'\\\"'", BOTH_READ, 0, 0, NULL, NULL },
{ "octal escapes", "octets: '\\0\\1\\12\\123\\1234\\377\\18\\08'", BOTH_READ, 0, 0, NULL, NULL },
{ "hex escapes", "octets: '\\x0\\x41\\xfF\\x414\\xg'", BOTH_REFUSE, 1, 26, "octets", "not an escape sequence" },
{ "good hex escapes", "octets: '\\x0\\x41\\xfF\\x414\\x4g'", BOTH_READ, 0, 0, NULL, NULL },
{ "unicode escapes", "text: '\\u0041\\u00e4\\u20ac\\U0001f600\\U0010ffff'", BOTH_READ, 0, 0, NULL, NULL },
{ "a surrogate pair", "text: '\\ud83d\\ude00'", BOTH_READ, 0, 0, NULL, NULL },
{ "a surrogate alone in bytes", "octets: '\\ud83d\\u0041'", BOTH_READ, 0, 0, NULL, NULL },
{ "a surrogate alone in a string", "text: '\\ud83d'", WE_REFUSE, 1, 7, "text", "the string is not UTF-8" },
{ "UTF-8 as it is", "text: '\xe2\x82\xac'", BOTH_READ, 0, 0, NULL, NULL },
{ "octets as they are", "octets: '\x01\xff\r'", BOTH_READ, 0, 0, NULL, NULL },
{ "over two lines", "text: 'a\nb' u32: 1", BOTH_REFUSE, 1, 7, "text", "the string is not closed" },
{ "over two lines with a backslash", "text: 'a\\\nb' u32: 1", BOTH_REFUSE, 1, 7, "text", "the string is not closed" },
{ "a wrong escape", "text: 'ab\\q'", BOTH_REFUSE, 1, 10, "text", "not an escape sequence" },
{ "a wrong escape in the second literal", "text: 'ab'\n'\\q'", BOTH_REFUSE, 2, 2, "text", "not an escape sequence" },
{ "a capital X", "octets: '\\X41'", BOTH_REFUSE, 1, 10, "octets", "not an escape sequence" },
{ "a short \\u", "text: '\\u123'", BOTH_REFUSE, 1, 8, "text", "not an escape sequence" },
{ "a short \\U", "text: '\\U0001f60'", BOTH_REFUSE, 1, 8, "text", "not an escape sequence" },
{ "\\U above the last code point", "text: '\\U00110000'", WE_REFUSE, 1, 8, "text", "not an escape sequence" },
{ "an octal escape above 377", "octets: '\\400'", WE_REFUSE, 1, 10, "octets", "not an escape sequence" },
{ "NUL in a string", "text: 'a\\0b'", WE_REFUSE, 1, 7, "text", "a NUL octet in a string" },
{ "not UTF-8", "text: 'a\\xffb'", WE_REFUSE, 1, 7, "text", "the string is not UTF-8" },
{ "an open string", "u32: 1\ntext: 'abc", BOTH_REFUSE, 2, 7, "text", "the string is not closed" },
{ "an open string behind a backslash", "text: 'abc\\", BOTH_REFUSE, 1, 7, "text", "the string is not closed" },
{ "a quote escaped away", "text: 'abc\\'", BOTH_REFUSE, 1, 7, "text", "the string is not closed" },
{ "the other quote", "text: 'abc\"", BOTH_REFUSE, 1, 7, "text", "the string is not closed" },
{ "an open second literal", "text: 'abc' 'd", BOTH_REFUSE, 1, 13, "text", "the string is not closed" },
{ "a name for a string", "text: abc", BOTH_REFUSE, 1, 7, "text", "\"abc\" stands where a string in quotes is needed" },
{ "a number for bytes", "octets: 5", BOTH_REFUSE, 1, 9, "octets", "\"5\" stands where a string in quotes is needed" },

/* ---- messages ---- */
{ "braces", "inner { a: 1 leaf { s: 'x' } }", BOTH_READ, 0, 0, NULL, NULL },
{ "angles", "inner < a: 1 leaf < s: 'x' > >", BOTH_READ, 0, 0, NULL, NULL },
{ "a colon before the brace", "inner: { leaf: < > }", BOTH_READ, 0, 0, NULL, NULL },
{ "braces that do not match", "inner { a: 1 >", BOTH_REFUSE, 1, 14, "inner", "\">\" stands where \"}\" is needed" },
{ "angles that do not match", "inner < a: 1 }", BOTH_REFUSE, 1, 14, "inner", "\"}\" stands where \">\" is needed" },
{ "not closed", "inner {\n a: 1\n", BOTH_REFUSE, 3, 1, "inner", "the end of the text stands where \"}\" is needed" },
{ "closed twice", "inner { } }", BOTH_REFUSE, 1, 11, "", "\"}\" stands where the name of a field is needed" },
{ "a scalar for a message", "inner: 1", BOTH_REFUSE, 1, 8, "inner", "\"1\" stands where \"{\" is needed" },
{ "a message for a scalar", "u32 { }", BOTH_REFUSE, 1, 5, "", "\"{\" stands where \":\" is needed" },
{ "deep inside", "inners { } inners { leaves {} leaves { s: 5 } }", BOTH_REFUSE, 1, 43, "inners[1].leaves[1].s",
  "\"5\" stands where a string in quotes is needed" },

/* ---- lists ---- */
{ "a list of numbers", "ints: [1, -2, 0x3]", BOTH_READ, 0, 0, NULL, NULL },
{ "an empty list", "ints: [] texts: [ ]", BOTH_READ, 0, 0, NULL, NULL },
{ "a list and single values", "ints: 1 ints: [2, 3] ints: 4;", BOTH_READ, 0, 0, NULL, NULL },
{ "a list of strings", "texts: ['a' 'b', \"c\"] blobs: ['\\0', '']", BOTH_READ, 0, 0, NULL, NULL },
{ "a list of messages", "inners: [{ a: 1 }, < a: 2 >] inners [{}]", BOTH_READ, 0, 0, NULL, NULL },
{ "many in a list", "longs: [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]", BOTH_READ, 0, 0, NULL, NULL },
{ "a comma too many", "ints: [1, ]", BOTH_REFUSE, 1, 11, "ints[1]", "\"]\" stands where an integer is needed" },
{ "a comma missing", "ints: [1 2]", BOTH_REFUSE, 1, 10, "", "\"2\" stands where \",\" or \"]\" is needed" },
{ "a semicolon in a list", "ints: [1; 2]", BOTH_REFUSE, 1, 9, "", "\";\" stands where \",\" or \"]\" is needed" },
{ "a list not closed", "ints: [1", BOTH_REFUSE, 1, 9, "", "the end of the text stands where \",\" or \"]\" is needed" },
{ "a list for one value", "u32: [1]", BOTH_REFUSE, 1, 6, "u32", "\"[\" stands where an integer of 0 or more is needed" },
{ "a list for one message", "inner: [{}]", BOTH_REFUSE, 1, 8, "inner", "\"[\" stands where \"{\" is needed" },
{ "a wrong element", "ints: 1\nints: [2,\n x]", BOTH_REFUSE, 3, 2, "ints[2]", "\"x\" stands where an integer is needed" },
{ "a list in a list", "ints: [[1]]", BOTH_REFUSE, 1, 8, "ints[0]", "\"[\" stands where an integer is needed" },
};
/* clang-format on */

enum { TEXT_CASES_N = sizeof text_cases / sizeof text_cases[0] };

#endif
