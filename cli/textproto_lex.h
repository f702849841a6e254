/* textproto_lex.h - protobuf's text format, word by word; private to the reader
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_TEXTPROTO_LEX_H
#define CLI_TEXTPROTO_LEX_H

#include "codec/bytes.h"

enum textproto_token_kind {
	TEXTPROTO_END,
	TEXTPROTO_NAME,
	TEXTPROTO_INTEGER,
	TEXTPROTO_FRACTION, /* a number with a point, an exponent or an f */
	TEXTPROTO_STRING,   /* one literal, quotes included */
	TEXTPROTO_SYMBOL,   /* one of { } < > [ ] : ; , - */
	TEXTPROTO_BAD_NUMBER,
	TEXTPROTO_OPEN_STRING,
	TEXTPROTO_STRAY, /* an octet that begins no word */
	TEXTPROTO_TOKEN_N
};

struct textproto_token {
	enum textproto_token_kind kind;
	struct ut_slice text;  /* borrowed from the lexer's text */
	uint32_t line, column; /* of its first octet; from 1, columns in octets */
};

/* A value: a copy goes on from the same place. */
struct textproto_lexer {
	const uint8_t *at, *end;
	const uint8_t *line_start;
	uint32_t line;
};

/* Text of at most UINT32_MAX - 1 octets; it must outlive the lexer and its tokens. */
struct textproto_lexer textproto_lexer_on(struct ut_slice text);

/* Steps over white space and comments and takes the next word; TEXTPROTO_END again and again at the end. */
struct textproto_token textproto_lexer_next(struct textproto_lexer *lexer);

/* Decodes what stands between the quotes of a literal into `out`, which has room for `body.n` octets, and
 * sets `*octets`.  False for a wrong escape: `*bad_at` is its offset in `body`, `*octets` is untouched. */
bool textproto_string_decode(struct ut_slice body, uint8_t *out, size_t *octets, size_t *bad_at) UT_MUST_USE;

#endif
