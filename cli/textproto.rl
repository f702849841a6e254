/* textproto.rl - protobuf's text format, word by word: the scanners' host
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/textproto_lex.h"

#include <assert.h>

/* ---- words ---- */

%%{
	machine textproto_token;
	alphtype unsigned char;

	action name        { kind = TEXTPROTO_NAME; fbreak; }
	action integer     { kind = TEXTPROTO_INTEGER; fbreak; }
	action fraction    { kind = TEXTPROTO_FRACTION; fbreak; }
	action string      { kind = TEXTPROTO_STRING; fbreak; }
	action symbol      { kind = TEXTPROTO_SYMBOL; fbreak; }
	action bad_number  { kind = TEXTPROTO_BAD_NUMBER; fbreak; }
	action open_string { kind = TEXTPROTO_OPEN_STRING; fbreak; }
	action stray       { kind = TEXTPROTO_STRAY; fbreak; }

	include textproto_token_grammar "textproto_grammar.rl";
	write data noerror nofinal;
}%%

struct textproto_lexer
textproto_lexer_on(struct ut_slice text)
{
	return (struct textproto_lexer){ .at = text.p, .end = text.p + text.n, .line_start = text.p, .line = 1 };
}

/* Moves to `to`, counting the lines begun on the way. */
static void
advance(struct textproto_lexer *lexer, const uint8_t *to)
{
	for (; lexer->at < to; lexer->at++) {
		if (*lexer->at != '\n')
			continue;
		lexer->line++;
		lexer->line_start = lexer->at + 1;
	}
}

static struct textproto_token
token_at(const struct textproto_lexer *lexer, enum textproto_token_kind kind, size_t octets)
{
	return (struct textproto_token){ .kind = kind,
					 .text = ut_slice(lexer->at, octets),
					 .line = lexer->line,
					 .column = (uint32_t)(lexer->at - lexer->line_start) + 1 };
}

struct textproto_token
textproto_lexer_next(struct textproto_lexer *lexer)
{
	enum textproto_token_kind kind = TEXTPROTO_END;
	const uint8_t *p = lexer->at, *pe = lexer->end, *eof = pe;
	const uint8_t *ts = NULL, *te = NULL;
	struct textproto_token token;
	int cs, act;

	if (p == pe)
		return token_at(lexer, TEXTPROTO_END, 0);
	%% machine textproto_token;
	%% write init;
	%% write exec;
	(void)act;
	if (kind == TEXTPROTO_END) {
		advance(lexer, lexer->end);
		return token_at(lexer, TEXTPROTO_END, 0);
	}
	advance(lexer, ts);
	token = token_at(lexer, kind, (size_t)(te - ts));
	advance(lexer, te);
	return token;
}

/* ---- the inside of a string ---- */

static uint32_t
digits(const uint8_t *p, const uint8_t *end, unsigned base)
{
	uint32_t v = 0;

	for (; p < end; p++)
		v = v * base + (*p <= '9' ? *p - 48u : (*p | 0x20u) - 97u + 10u);
	return v;
}

static uint8_t
simple_escape(uint8_t c)
{
	static const uint8_t pairs[][2] = { { 'a', '\a' }, { 'b', '\b' }, { 'f', '\f' }, { 'n', '\n' },
					    { 'r', '\r' }, { 't', '\t' }, { 'v', '\v' } };

	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
		if (pairs[i][0] == c)
			return pairs[i][1];
	return c;
}

/* Writes a code point up to 0x10ffff as one to four octets; returns the end. */
static uint8_t *
put_code_point(uint8_t *out, uint32_t c)
{
	if (c < 0x80) {
		*out++ = (uint8_t)c;
		return out;
	}
	if (c < 0x800) {
		*out++ = (uint8_t)(0xc0 | c >> 6);
		*out++ = (uint8_t)(0x80 | (c & 0x3f));
		return out;
	}
	if (c >= 0x10000) {
		*out++ = (uint8_t)(0xf0 | c >> 18);
		*out++ = (uint8_t)(0x80 | (c >> 12 & 0x3f));
	} else {
		*out++ = (uint8_t)(0xe0 | c >> 12);
	}
	*out++ = (uint8_t)(0x80 | (c >> 6 & 0x3f));
	*out++ = (uint8_t)(0x80 | (c & 0x3f));
	return out;
}

/* The code point of a surrogate pair; the two are the last four digits before each end. */
static uint32_t
pair_value(const uint8_t *head_end, const uint8_t *tail_end)
{
	const uint32_t head = digits(head_end - 4, head_end, 16), tail = digits(tail_end - 4, tail_end, 16);

	return 0x10000 + ((head & 0x3ff) << 10 | (tail & 0x3ff));
}

%%{
	machine textproto_string;
	alphtype unsigned char;

	action copy {
		memcpy(w, ts, (size_t)(te - ts));
		w += te - ts;
	}
	action simple     { *w++ = simple_escape(ts[1]); }
	action octal      { *w++ = (uint8_t)digits(ts + 1, te, 8); }
	action hex        { *w++ = (uint8_t)digits(ts + 2, te, 16); }
	action unicode    { w = put_code_point(w, digits(ts + 2, te, 16)); }
	action surrogates { w = put_code_point(w, pair_value(te - 6, te)); }
	action bad_escape { bad = ts; fbreak; }

	include textproto_string_grammar "textproto_grammar.rl";
	write data noerror nofinal;
}%%

bool
textproto_string_decode(struct ut_slice body, uint8_t *out, size_t *octets, size_t *bad_at)
{
	const uint8_t *p = body.p, *pe = body.p + body.n, *eof = pe;
	const uint8_t *ts = NULL, *te = NULL, *bad = NULL;
	uint8_t *w = out;
	int cs, act;

	%% machine textproto_string;
	%% write init;
	%% write exec;
	(void)act;
	if (bad != NULL) {
		*bad_at = (size_t)(bad - body.p);
		return false;
	}
	assert((size_t)(w - out) <= body.n);
	*octets = (size_t)(w - out);
	return true;
}
