/* pptp_behave.c - what real PPTP servers do and the RFC does not foresee
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/peer/pptp_behave.h"

#include <stdlib.h>

enum takes { NOTHING, CODES, MESSAGE };

static const struct pptp_behave_rule rules[PPTP_BEHAVE_N] = {
#define X(token, word, number, takes, sentence) { .name = word, .what = sentence, .rule = number },
	PPTP_BEHAVIOURS(X)
#undef X
};

static const enum takes what_it_takes[PPTP_BEHAVE_N] = {
#define X(token, word, number, takes, sentence) takes,
	PPTP_BEHAVIOURS(X)
#undef X
};

/* Where the fields that are changed lie (RFC 2637 2). */
enum {
	AT_MESSAGE_TYPE = 8,
	AT_RESERVED0 = 10,
	AT_CALL_ID = 12, /* of all messages of a call; in an echo the Identifier */
	AT_SCCRP_RESULT = 14,
	AT_RESERVED1 = 14, /* of CCRQ and StopCCRP */
	AT_REPLY_RESULT = 16,
	AT_OCRP_PEER_CALL_ID = 14,
	AT_ECHORP_RESERVED1 = 18
};
enum { ECHO_IDENTIFIER = 0x0ec80000, MORE_OCTETS = 8 };

/* A control message of the engine's while it is changed. */
struct draft {
	uint8_t octets[PPTP_MESSAGE_OCTETS + MORE_OCTETS];
	size_t n;
};

const struct pptp_behave_rule *
pptp_behave_rule(enum pptp_behaviour b)
{
	return &rules[b];
}

bool
pptp_behave_has(const struct pptp_behave *b, enum pptp_behaviour which)
{
	return (b->set >> which & 1) != 0;
}

size_t
pptp_behave_piece(const struct pptp_behave *b)
{
	enum { SMALL = 7 };

	if (pptp_behave_has(b, PPTP_BEHAVE_OCTETS))
		return 1;
	return pptp_behave_has(b, PPTP_BEHAVE_PIECES) ? SMALL : 0;
}

/* ---- words ---- */

static bool
parse_codes(const char *word, struct pptp_behave_codes *out)
{
	char *end;
	unsigned long result = strtoul(word, &end, 10), error = 0;

	if (end == word)
		return false;
	if (*end == ':')
		error = strtoul(end + 1, &end, 10);
	*out = (struct pptp_behave_codes){ .result = (uint8_t)result, .error = (uint8_t)error };
	return (*end == '\0' || *end == ',') && result <= UINT8_MAX && error <= UINT8_MAX;
}

static bool
parse_message(const char *word, size_t n, uint8_t *out)
{
	for (unsigned type = 1; type < PPTP_MESSAGE_N; type++) {
		const char *letters = pptp_message_letters(type);

		*out = (uint8_t)type;
		if (strlen(letters) == n && memcmp(letters, word, n) == 0)
			return true;
	}
	return false;
}

static bool
parse_value(struct pptp_behave *b, enum pptp_behaviour which, const char *value, size_t n)
{
	switch (what_it_takes[which]) {
	case NOTHING:
		return value == NULL;
	case CODES:
		return value != NULL &&
		       parse_codes(value, which == PPTP_BEHAVE_REFUSE_CALL ? &b->refuse_call
									   : &b->refuse_connection);
	case MESSAGE:
		return value != NULL && parse_message(value, n, &b->messages[which]);
	}
	return false;
}

static bool
parse_one(struct pptp_behave *b, const char *word, size_t n)
{
	const char *is = memchr(word, '=', n);
	const size_t name = is != NULL ? (size_t)(is - word) : n;

	for (unsigned k = 0; k < PPTP_BEHAVE_N; k++) {
		if (strlen(rules[k].name) != name || memcmp(rules[k].name, word, name) != 0)
			continue;
		b->set |= UINT32_C(1) << k;
		return parse_value(b, (enum pptp_behaviour)k, is != NULL ? is + 1 : NULL,
				   is != NULL ? n - name - 1 : 0);
	}
	return false;
}

const char *
pptp_behave_parse(struct pptp_behave *b, const char *words)
{
	while (*words != '\0') {
		const size_t n = strcspn(words, ",");

		if (!parse_one(b, words, n))
			return words;
		words += n + (words[n] == ',');
	}
	return NULL;
}

/* ---- messages of our own ---- */

static void
say(struct ut_put *out, const struct pptp_message *message)
{
	pptp_message_encode(out, message);
}

static void
say_echo(struct ut_put *out)
{
	say(out, &(struct pptp_message){ .type = PPTP_ECHORQ, .identifier = ECHO_IDENTIFIER });
}

static void
say_header(struct ut_put *out, unsigned length, unsigned message_type, unsigned control_type)
{
	ut_put_u16(out, (uint16_t)length);
	ut_put_u16(out, (uint16_t)message_type);
	ut_put_u32(out, PPTP_COOKIE);
	ut_put_u16(out, (uint16_t)control_type);
	ut_put_u16(out, 0);
	for (unsigned k = PPTP_HEADER_OCTETS; k < length; k++)
		ut_put_u8(out, (uint8_t)k);
}

/* A type nobody assigned, a management message (type 2, of which the RFC says nothing), one longer than any. */
static void
say_unknown(struct ut_put *out)
{
	enum { UNASSIGNED = 99, MANAGEMENT = 2, TOO_LONG = 600 };

	say_header(out, PPTP_HEADER_OCTETS + 4, PPTP_CONTROL_MESSAGE, UNASSIGNED);
	say_header(out, PPTP_HEADER_OCTETS, MANAGEMENT, PPTP_ECHORQ);
	say_header(out, TOO_LONG, PPTP_CONTROL_MESSAGE, PPTP_CDN);
}

static void
say_link_news(const struct pptp_behave *b, const struct pptp_behave_talk *t, struct ut_put *out)
{
	const struct pptp_call_id theirs = { t->their_call };

	if (pptp_behave_has(b, PPTP_BEHAVE_SLI))
		say(out, &(struct pptp_message){ .type = PPTP_SLI,
						 .peer_call_id = theirs,
						 .send_accm = UINT32_MAX,
						 .receive_accm = UINT32_MAX });
	if (pptp_behave_has(b, PPTP_BEHAVE_WEN))
		say(out, &(struct pptp_message){
			     .type = PPTP_WEN, .peer_call_id = theirs, .call_errors = { 1, 2, 3 } });
}

/* ---- the engine's messages ---- */

static unsigned
type_of(const uint8_t *octets)
{
	return ut_get_u16(octets + AT_MESSAGE_TYPE);
}

static void
set16(struct draft *d, size_t at, unsigned value)
{
	d->octets[at] = (uint8_t)(value >> 8);
	d->octets[at + 1] = (uint8_t)value;
}

static void
set_codes(struct draft *d, size_t at, struct pptp_behave_codes codes)
{
	d->octets[at] = codes.result;
	d->octets[at + 1] = codes.error;
}

static void
edit_results(const struct pptp_behave *b, struct draft *d)
{
	const unsigned type = type_of(d->octets);
	const size_t at = type == PPTP_SCCRP ? AT_SCCRP_RESULT : AT_REPLY_RESULT;
	const struct pptp_behave_codes none = { 0, 0 };

	if (type != PPTP_SCCRP && type != PPTP_OCRP)
		return;
	if (pptp_behave_has(b, PPTP_BEHAVE_RESULT_ZERO) && d->octets[at] == PPTP_OCRP_CONNECTED)
		set_codes(d, at, none);
	if (pptp_behave_has(b, PPTP_BEHAVE_REFUSE_CONNECTION) && type == PPTP_SCCRP)
		set_codes(d, at, b->refuse_connection);
	if (pptp_behave_has(b, PPTP_BEHAVE_REFUSE_CALL) && type == PPTP_OCRP)
		set_codes(d, at, b->refuse_call);
}

static void
edit_reserved(struct draft *d)
{
	const unsigned type = type_of(d->octets);

	set16(d, AT_RESERVED0, 0xc15c);
	if (type == PPTP_CCRQ || type == PPTP_STOPCCRP)
		set16(d, AT_RESERVED1, 0xc15c);
	if (type == PPTP_ECHORP)
		set16(d, AT_ECHORP_RESERVED1, 0xc15c);
}

static void
clear_instead(struct draft *d, unsigned call_id)
{
	struct ut_put put = ut_put_into(d->octets, sizeof d->octets);

	pptp_message_encode(&put,
			    &(struct pptp_message){ .type = PPTP_CCRQ, .call_id = { (uint16_t)call_id } });
	d->n = put.len;
}

/* A hanging up of our own; that a client asked for is answered as ever. */
static void
edit_end(const struct pptp_behave *b, const struct pptp_behave_talk *t, struct draft *d)
{
	if (type_of(d->octets) != PPTP_CDN)
		return;
	if (!t->is_cleared && pptp_behave_has(b, PPTP_BEHAVE_CLEARS))
		clear_instead(d, t->our_call);
	else if (!t->is_cleared && pptp_behave_has(b, PPTP_BEHAVE_CLEARS_THEIR_ID))
		clear_instead(d, t->their_call);
	else if (pptp_behave_has(b, PPTP_BEHAVE_CDN_THEIR_ID))
		set16(d, AT_CALL_ID, t->their_call);
}

static void
edit_length(struct draft *d)
{
	memset(d->octets + d->n, 0xee, MORE_OCTETS);
	d->n += MORE_OCTETS;
	set16(d, 0, (unsigned)d->n);
}

static void
say_before(const struct pptp_behave *b, const struct pptp_behave_talk *t, unsigned type, struct ut_put *out)
{
	if (pptp_behave_has(b, PPTP_BEHAVE_UNKNOWN))
		say_unknown(out);
	if (pptp_behave_has(b, PPTP_BEHAVE_EARLY_ECHO) && (type == PPTP_SCCRP || type == PPTP_OCRP))
		say_echo(out);
	if (type == PPTP_ECHORQ || type == PPTP_ECHORP)
		say_link_news(b, t, out);
}

static void
say_after(const struct pptp_behave *b, const struct pptp_behave_talk *t, unsigned type, struct ut_put *out)
{
	if (pptp_behave_has(b, PPTP_BEHAVE_EARLY_ECHO) && type == PPTP_SCCRP)
		say_echo(out);
	if (type == PPTP_OCRP)
		say_link_news(b, t, out);
}

static void
send_one(const struct pptp_behave *b, struct pptp_behave_talk *t, struct ut_slice message, struct ut_put *out)
{
	const unsigned type = type_of(message.p);
	struct draft d = { .n = message.n };

	if (type == PPTP_CDN && t->is_cleared && pptp_behave_has(b, PPTP_BEHAVE_NO_CDN))
		return;
	memcpy(d.octets, message.p, message.n);
	if (type == PPTP_OCRP) {
		t->our_call = ut_get_u16(d.octets + AT_CALL_ID);
		t->their_call = ut_get_u16(d.octets + AT_OCRP_PEER_CALL_ID);
	}
	edit_results(b, &d);
	edit_end(b, t, &d);
	if (pptp_behave_has(b, PPTP_BEHAVE_RESERVED))
		edit_reserved(&d);
	if (pptp_behave_has(b, PPTP_BEHAVE_LONG))
		edit_length(&d);
	say_before(b, t, type, out);
	ut_put_slice(out, ut_slice(d.octets, d.n));
	say_after(b, t, type, out);
}

void
pptp_behave_send(const struct pptp_behave *b, struct pptp_behave_talk *t, struct ut_slice messages,
		 struct ut_put *out)
{
	while (messages.n >= PPTP_HEADER_OCTETS) {
		const size_t n = ut_get_u16(messages.p);

		if (n < PPTP_HEADER_OCTETS || n > messages.n || n > PPTP_MESSAGE_OCTETS)
			return;
		send_one(b, t, ut_slice(messages.p, n), out);
		messages = ut_slice(messages.p + n, messages.n - n);
	}
}

/* ---- the client's messages ---- */

static bool
is_stage(const struct pptp_behave *b, enum pptp_behaviour which, unsigned type)
{
	return pptp_behave_has(b, which) && b->messages[which] == type;
}

/* At the stage that a behaviour names nothing is heard any more. */
static enum pptp_behave_then
stage(const struct pptp_behave *b, struct pptp_behave_talk *t, unsigned type, struct ut_put *out)
{
	enum { GARBAGE_OCTETS = 40 };

	if (is_stage(b, PPTP_BEHAVE_GARBAGE, type)) {
		t->is_deaf = true;
		for (unsigned k = 0; k < GARBAGE_OCTETS; k++)
			ut_put_u8(out, (uint8_t)(0x40 + k));
	}
	t->is_deaf = t->is_deaf || is_stage(b, PPTP_BEHAVE_SILENT, type);
	if (is_stage(b, PPTP_BEHAVE_RESET, type))
		return PPTP_BEHAVE_RESETS;
	return is_stage(b, PPTP_BEHAVE_CLOSE, type) ? PPTP_BEHAVE_CLOSES : PPTP_BEHAVE_GOES_ON;
}

static bool
is_our_echo(const uint8_t *message, size_t n)
{
	return type_of(message) == PPTP_ECHORP && n >= AT_CALL_ID + 4 &&
	       ut_get_u32(message + AT_CALL_ID) == ECHO_IDENTIFIER;
}

static enum pptp_behave_then
receive_one(const struct pptp_behave *b, struct pptp_behave_talk *t, struct ut_put *forward,
	    struct ut_put *out)
{
	const unsigned type = type_of(t->message);
	const enum pptp_behave_then then = stage(b, t, type, out);

	if (then != PPTP_BEHAVE_GOES_ON || t->is_deaf)
		return then;
	t->is_cleared = t->is_cleared || type == PPTP_CCRQ;
	if (is_our_echo(t->message, t->have))
		t->echoes++;
	else
		ut_put_slice(forward, ut_slice(t->message, t->have));
	return PPTP_BEHAVE_GOES_ON;
}

/* How many octets the message that is coming has, as far as is known: its Length, or the two octets of that. */
static size_t
wanted(const struct pptp_behave_talk *t)
{
	return t->have < 2 ? 2 : ut_get_u16(t->message);
}

static bool
is_sound(size_t length)
{
	return length >= PPTP_HEADER_OCTETS && length <= PPTP_MESSAGE_OCTETS;
}

enum pptp_behave_then
pptp_behave_receive(const struct pptp_behave *b, struct pptp_behave_talk *t, struct ut_slice octets,
		    struct ut_put *forward, struct ut_put *out)
{
	enum pptp_behave_then then = PPTP_BEHAVE_GOES_ON;

	for (size_t k = 0; k < octets.n && !t->is_deaf && then == PPTP_BEHAVE_GOES_ON; k++) {
		t->message[t->have++] = octets.p[k];
		if (t->have < 2 || (is_sound(wanted(t)) && t->have < wanted(t)))
			continue;
		if (is_sound(wanted(t)))
			then = receive_one(b, t, forward, out);
		else /* the engine may say what it thinks of that */
			ut_put_slice(forward, ut_slice(t->message, t->have));
		t->have = 0;
	}
	return then;
}
