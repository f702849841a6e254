/* textproto_read.c - protobuf's text format into a protobuf-c message
 * SPDX-License-Identifier: Apache-2.0
 *
 * Words come from the Ragel scanner; this is the syntax above them, one function a rule.  At any moment the
 * message is one that protobuf_c_message_free_unpacked() can take, so that a failing path just returns.
 */
#include "cli/textproto.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "cli/textproto_lex.h"
#include "cli/textproto_map.h"
#include "cli/textproto_type.h"
#include "cli/utf8.h"

struct reader {
	struct textproto_lexer lexer;
	struct textproto_token now; /* the word not yet taken */
	ProtobufCAllocator *allocator;
	struct textproto_map *map;
	struct textproto_error *why;
};

/* The message being filled. */
struct frame {
	ProtobufCMessage *message;
	uint64_t seen; /* bit i: field i of the descriptor was there */
	uint16_t id;   /* of the message in the map */
	unsigned depth;
};

/* ---- errors ---- */

__attribute__((format(printf, 4, 0))) static bool
fail_at(struct reader *r, uint16_t id, struct textproto_place at, const char *format, va_list args)
{
	r->why->at = at;
	textproto_map_path(r->map, id, r->why->field);
	(void)vsnprintf(r->why->text, sizeof r->why->text, format, args);
	return false;
}

static struct textproto_place
place_of(const struct textproto_token *token)
{
	return (struct textproto_place){ token->line, token->column };
}

/* Fails at a word, inside the value or message `id`. */
__attribute__((format(printf, 4, 5))) static bool
fail(struct reader *r, uint16_t id, const struct textproto_token *token, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)fail_at(r, id, place_of(token), format, args);
	va_end(args);
	return false;
}

static bool
fail_quota(struct reader *r, uint16_t id)
{
	return fail(r, id, &r->now, "no memory left for this message");
}

/* How a word is called in a message; strings are never shown, they may be secrets. */
static void
describe(const struct textproto_token *t, char out[48])
{
	switch (t->kind) {
	case TEXTPROTO_END:
		(void)snprintf(out, 48, "the end of the text");
		return;
	case TEXTPROTO_STRING:
	case TEXTPROTO_OPEN_STRING:
		(void)snprintf(out, 48, "a string");
		return;
	case TEXTPROTO_STRAY:
		if (t->text.p[0] > 0x20 && t->text.p[0] < 0x7f)
			break;
		(void)snprintf(out, 48, "octet 0x%02x", t->text.p[0]);
		return;
	case TEXTPROTO_NAME:
	case TEXTPROTO_INTEGER:
	case TEXTPROTO_FRACTION:
	case TEXTPROTO_SYMBOL:
	case TEXTPROTO_BAD_NUMBER:
	case TEXTPROTO_TOKEN_N:
		break;
	}
	(void)snprintf(out, 48, "\"%.*s\"", t->text.n > 40 ? 40 : (int)t->text.n, (const char *)t->text.p);
}

static bool
fail_expected(struct reader *r, uint16_t id, const char *what)
{
	char found[48];

	switch (r->now.kind) {
	case TEXTPROTO_BAD_NUMBER:
		describe(&r->now, found);
		return fail(r, id, &r->now, "%s is not a number", found);
	case TEXTPROTO_OPEN_STRING:
		return fail(r, id, &r->now, "the string is not closed");
	case TEXTPROTO_END:
	case TEXTPROTO_NAME:
	case TEXTPROTO_INTEGER:
	case TEXTPROTO_FRACTION:
	case TEXTPROTO_STRING:
	case TEXTPROTO_SYMBOL:
	case TEXTPROTO_STRAY:
	case TEXTPROTO_TOKEN_N:
		break;
	}
	describe(&r->now, found);
	return fail(r, id, &r->now, "%s stands where %s is needed", found, what);
}

/* ---- words ---- */

static void
step(struct reader *r)
{
	r->now = textproto_lexer_next(&r->lexer);
}

static bool
is_symbol(const struct reader *r, char c)
{
	return r->now.kind == TEXTPROTO_SYMBOL && r->now.text.p[0] == (uint8_t)c;
}

static bool
take_symbol(struct reader *r, char c)
{
	if (!is_symbol(r, c))
		return false;
	step(r);
	return true;
}

/* Copies a name and ends it with NUL; false when it is too long to be one of ours. */
static bool
copy_name(const struct textproto_token *token, char out[64])
{
	if (token->text.n >= 64)
		return false;
	memcpy(out, token->text.p, token->text.n);
	out[token->text.n] = '\0';
	return true;
}

/* ---- numbers ---- */

static unsigned
digit_value(uint8_t c)
{
	return c <= '9' ? c - 48u : (c | 0x20u) - 97u + 10u;
}

/* Decimal, octal (0...) or hexadecimal (0x...); false above UINT64_MAX. */
static bool
magnitude_of(struct ut_slice text, uint64_t *out)
{
	const bool is_hex = text.n > 2 && (text.p[1] | 0x20) == 'x';
	const bool is_octal = !is_hex && text.n > 1 && text.p[0] == '0';
	const uint64_t base = is_hex ? 16 : is_octal ? 8 : 10;
	uint64_t v = 0;

	for (size_t i = is_hex ? 2 : 0; i < text.n; i++) {
		const unsigned d = digit_value(text.p[i]);

		if (v > (UINT64_MAX - d) / base)
			return false;
		v = v * base + d;
	}
	*out = v;
	return true;
}

/* The largest magnitude a type takes with and without a minus sign. */
struct limits {
	uint64_t negative, positive;
};

static struct limits
limits_of(ProtobufCType type)
{
	switch (type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_ENUM:
		return (struct limits){ (uint64_t)INT32_MAX + 1, INT32_MAX };
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
		return (struct limits){ (uint64_t)INT64_MAX + 1, INT64_MAX };
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		return (struct limits){ 0, UINT32_MAX };
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		return (struct limits){ 0, UINT64_MAX };
	case PROTOBUF_C_TYPE_BOOL:
		return (struct limits){ 0, 1 };
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE:
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_BYTES:
	case PROTOBUF_C_TYPE_MESSAGE:
		break;
	}
	return (struct limits){ 0, 0 };
}

/* Stores an integer of four or eight octets in two's complement, or a bool. */
static void
store_integer(ProtobufCType type, void *slot, bool is_negative, uint64_t magnitude)
{
	const uint64_t v = is_negative ? 0 - magnitude : magnitude;
	const uint32_t low = (uint32_t)v;

	if (type == PROTOBUF_C_TYPE_BOOL)
		*(protobuf_c_boolean *)slot = v != 0;
	else if (textproto_type_octets(type) == sizeof v)
		memcpy(slot, &v, sizeof v);
	else
		memcpy(slot, &low, sizeof low);
}

static bool
read_integer(struct reader *r, uint16_t id, const ProtobufCFieldDescriptor *f, void *slot)
{
	const struct limits limits = limits_of(f->type);
	const struct textproto_token first = r->now;
	const bool is_negative = limits.negative != 0 && take_symbol(r, '-');
	uint64_t magnitude;

	if (r->now.kind != TEXTPROTO_INTEGER)
		return fail_expected(r, id, limits.negative != 0 ? "an integer" : "an integer of 0 or more");
	if (!magnitude_of(r->now.text, &magnitude) ||
	    magnitude > (is_negative ? limits.negative : limits.positive))
		return fail(r, id, &first, "%s%.*s is out of range", is_negative ? "-" : "",
			    r->now.text.n > 40 ? 40 : (int)r->now.text.n, (const char *)r->now.text.p);
	store_integer(f->type, slot, is_negative, magnitude);
	step(r);
	return true;
}

/* ---- words as values ---- */

static bool
read_bool(struct reader *r, uint16_t id, const ProtobufCFieldDescriptor *f, void *slot)
{
	static const struct {
		const char *name;
		bool value;
	} names[] = { { "true", true },	  { "True", true },   { "t", true },
		      { "false", false }, { "False", false }, { "f", false } };

	if (r->now.kind == TEXTPROTO_INTEGER)
		return read_integer(r, id, f, slot);
	for (size_t i = 0; r->now.kind == TEXTPROTO_NAME && i < sizeof names / sizeof names[0]; i++) {
		if (!ut_slice_is_equal(r->now.text, ut_slice_str(names[i].name)))
			continue;
		*(protobuf_c_boolean *)slot = names[i].value;
		step(r);
		return true;
	}
	return fail_expected(r, id, "true or false");
}

static bool
fail_enum(struct reader *r, uint16_t id, const ProtobufCEnumDescriptor *type)
{
	char known[128] = "";
	size_t len = 0;

	for (unsigned i = 0; i < type->n_values && len < sizeof known - 1; i++) {
		const int n = snprintf(known + len, sizeof known - len, "%s%s", i == 0 ? "" : ", ",
				       type->values[i].name);

		len += (size_t)n;
	}
	return fail_expected(r, id, known);
}

static bool
read_enum(struct reader *r, uint16_t id, const ProtobufCFieldDescriptor *f, void *slot)
{
	const ProtobufCEnumDescriptor *type = f->descriptor;
	const ProtobufCEnumValue *value;
	char name[64];

	if (r->now.kind == TEXTPROTO_INTEGER || is_symbol(r, '-'))
		return read_integer(r, id, f, slot);
	if (r->now.kind != TEXTPROTO_NAME || !copy_name(&r->now, name))
		return fail_enum(r, id, type);
	value = protobuf_c_enum_descriptor_get_value_by_name(type, name);
	if (value == NULL)
		return fail_enum(r, id, type);
	memcpy(slot, &value->value, sizeof value->value);
	step(r);
	return true;
}

/* ---- strings ---- */

/* Octets that adjacent literals need at most; looks ahead and takes nothing. */
static size_t
literals_octets(const struct reader *r)
{
	struct textproto_lexer ahead = r->lexer;
	size_t n = 0;

	for (struct textproto_token t = r->now; t.kind == TEXTPROTO_STRING; t = textproto_lexer_next(&ahead))
		n += t.text.n - 2;
	return n;
}

/* The place of octet `offset` of a literal, which may run over several lines. */
static struct textproto_token
inside(const struct textproto_token *literal, size_t offset)
{
	struct textproto_token at = *literal;

	for (size_t i = 0; i < offset; i++) {
		at.column++;
		if (literal->text.p[i] != '\n')
			continue;
		at.line++;
		at.column = 1;
	}
	return at;
}

/* Decodes adjacent literals into `out`, which has room for them all. */
static bool
read_literals(struct reader *r, uint16_t id, uint8_t *out, size_t *octets)
{
	size_t n, bad_at;

	*octets = 0;
	for (; r->now.kind == TEXTPROTO_STRING; step(r)) {
		const struct ut_slice body = ut_slice(r->now.text.p + 1, r->now.text.n - 2);

		if (!textproto_string_decode(body, out + *octets, &n, &bad_at)) {
			const struct textproto_token at = inside(&r->now, bad_at + 1);

			return fail(r, id, &at, "not an escape sequence");
		}
		*octets += n;
	}
	if (r->now.kind == TEXTPROTO_OPEN_STRING)
		return fail_expected(r, id, "a string");
	return true;
}

/* Reads a string or bytes value into a block of its own, one octet longer and ended with NUL. */
static bool
read_octets(struct reader *r, uint16_t id, uint8_t **block, size_t *octets)
{
	if (r->now.kind != TEXTPROTO_STRING)
		return fail_expected(r, id, "a string in quotes");
	*block = r->allocator->alloc(r->allocator->allocator_data, literals_octets(r) + 1);
	if (*block == NULL)
		return fail_quota(r, id);
	if (read_literals(r, id, *block, octets)) {
		(*block)[*octets] = '\0';
		return true;
	}
	r->allocator->free(r->allocator->allocator_data, *block);
	return false;
}

static bool
read_string(struct reader *r, uint16_t id, const struct textproto_token *first, void *slot)
{
	uint8_t *block = NULL;
	size_t octets = 0;
	const char *fault = NULL;

	if (!read_octets(r, id, &block, &octets) || block == NULL)
		return false;
	if (memchr(block, '\0', octets) != NULL)
		fault = "a NUL octet in a string";
	else if (!utf8_is_valid(ut_slice(block, octets)))
		fault = "the string is not UTF-8";
	if (fault == NULL) {
		*(char **)slot = (char *)block;
		return true;
	}
	r->allocator->free(r->allocator->allocator_data, block);
	return fail(r, id, first, "%s", fault);
}

static bool
read_bytes(struct reader *r, uint16_t id, void *slot)
{
	ProtobufCBinaryData *to = slot;
	uint8_t *block = NULL;
	size_t octets = 0;

	if (!read_octets(r, id, &block, &octets))
		return false;
	to->data = block;
	to->len = octets;
	return true;
}

static bool
read_scalar(struct reader *r, uint16_t id, const ProtobufCFieldDescriptor *f, void *slot)
{
	const struct textproto_token first = r->now;

	switch (f->type) {
	case PROTOBUF_C_TYPE_BOOL:
		return read_bool(r, id, f, slot);
	case PROTOBUF_C_TYPE_ENUM:
		return read_enum(r, id, f, slot);
	case PROTOBUF_C_TYPE_STRING:
		return read_string(r, id, &first, slot);
	case PROTOBUF_C_TYPE_BYTES:
		return read_bytes(r, id, slot);
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		return read_integer(r, id, f, slot);
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE:
	case PROTOBUF_C_TYPE_MESSAGE:
		break;
	}
	return fail(r, id, &first, "fields of this type are not read from text");
}

/* ---- fields ---- */

static bool read_fields(struct reader *r, struct frame *frame, char closer);

static void *
member(ProtobufCMessage *message, unsigned offset)
{
	return (uint8_t *)message + offset;
}

/* Room for one more element of a repeated field, zeroed and not yet counted; NULL: no memory. */
static void *
next_element(struct reader *r, ProtobufCMessage *message, const ProtobufCFieldDescriptor *f)
{
	const size_t n = *(size_t *)member(message, f->quantifier_offset),
		     each = textproto_type_octets(f->type);
	uint8_t **array = member(message, f->offset);
	uint8_t *bigger;

	if (n == 0 || (n & (n - 1)) == 0) {
		bigger = r->allocator->alloc(r->allocator->allocator_data, (n == 0 ? 1 : 2 * n) * each);
		if (bigger == NULL)
			return NULL;
		if (n != 0)
			memcpy(bigger, *array, n * each);
		r->allocator->free(r->allocator->allocator_data, *array);
		*array = bigger;
	}
	return memset(*array + n * each, 0, each);
}

/* Counts the element or marks the oneof's member, once its slot holds something that can be freed. */
static void
mark_present(ProtobufCMessage *message, const ProtobufCFieldDescriptor *f)
{
	if (f->label == PROTOBUF_C_LABEL_REPEATED)
		++*(size_t *)member(message, f->quantifier_offset);
	else if ((f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0)
		memcpy(member(message, f->quantifier_offset), &f->id, sizeof f->id);
}

static bool
read_message(struct reader *r, const struct frame *around, uint16_t id, const ProtobufCFieldDescriptor *f,
	     void *slot)
{
	const ProtobufCMessageDescriptor *type = f->descriptor;
	struct frame frame = { .id = id, .depth = around->depth + 1 };
	const char closer = is_symbol(r, '<') ? '>' : '}';

	if (!is_symbol(r, '{') && !is_symbol(r, '<'))
		return fail_expected(r, id, "\"{\"");
	if (frame.depth > TEXTPROTO_DEPTH_MAX)
		return fail(r, id, &r->now, "messages are nested too deep");
	frame.message = r->allocator->alloc(r->allocator->allocator_data, type->sizeof_message);
	if (frame.message == NULL)
		return fail_quota(r, id);
	protobuf_c_message_init(type, frame.message);
	memcpy(slot, &frame.message, sizeof frame.message);
	mark_present(around->message, f);
	step(r);
	return read_fields(r, &frame, closer);
}

/* One value; `at` is what a message about its place points to. */
static bool
read_value(struct reader *r, const struct frame *frame, const ProtobufCFieldDescriptor *f,
	   struct textproto_place at)
{
	const bool is_repeated = f->label == PROTOBUF_C_LABEL_REPEATED;
	const size_t index = is_repeated ? *(size_t *)member(frame->message, f->quantifier_offset) : 0;
	const int id = textproto_map_add(r->map, frame->id, f, index, at);
	void *slot;

	if (id < 0)
		return fail(r, frame->id, &r->now, "more than %d values in one text", TEXTPROTO_FIELDS_MAX);
	slot = is_repeated ? next_element(r, frame->message, f) : member(frame->message, f->offset);
	if (slot == NULL)
		return fail_quota(r, (uint16_t)id);
	if (f->type == PROTOBUF_C_TYPE_MESSAGE)
		return read_message(r, frame, (uint16_t)id, f, slot);
	if (!read_scalar(r, (uint16_t)id, f, slot))
		return false;
	mark_present(frame->message, f);
	return true;
}

/* The rest of `[ value, value ]` after the opening bracket. */
static bool
read_list(struct reader *r, const struct frame *frame, const ProtobufCFieldDescriptor *f)
{
	if (take_symbol(r, ']'))
		return true;
	for (;;) {
		if (!read_value(r, frame, f, place_of(&r->now)))
			return false;
		if (take_symbol(r, ']'))
			return true;
		if (!take_symbol(r, ','))
			return fail_expected(r, frame->id, "\",\" or \"]\"");
	}
}

/* Another member of f's oneof that was there already, or NULL. */
static const ProtobufCFieldDescriptor *
find_rival(const struct frame *frame, const ProtobufCFieldDescriptor *f)
{
	const ProtobufCMessageDescriptor *type = frame->message->descriptor;

	if ((f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0)
		return NULL;
	for (unsigned i = 0; i < type->n_fields; i++) {
		const ProtobufCFieldDescriptor *g = &type->fields[i];

		if ((frame->seen >> i & 1) != 0 && (g->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 &&
		    g->quantifier_offset == f->quantifier_offset)
			return g;
	}
	return NULL;
}

/* Refuses a second value of a singular field or of a oneof. */
static bool
note_field(struct reader *r, struct frame *frame, const ProtobufCFieldDescriptor *f)
{
	const ProtobufCMessageDescriptor *type = frame->message->descriptor;
	const uint64_t bit = (uint64_t)1 << (f - type->fields);
	const ProtobufCFieldDescriptor *rival = find_rival(frame, f);

	assert(type->n_fields <= 64);
	if (f->label == PROTOBUF_C_LABEL_REPEATED)
		return true;
	if ((frame->seen & bit) != 0)
		return fail(r, frame->id, &r->now, "%s is given twice", f->name);
	if (rival != NULL)
		return fail(r, frame->id, &r->now, "%s and %s exclude each other", rival->name, f->name);
	frame->seen |= bit;
	return true;
}

static bool
read_name(struct reader *r, struct frame *frame, const ProtobufCFieldDescriptor **f)
{
	const ProtobufCMessageDescriptor *type = frame->message->descriptor;
	char name[64];

	if (r->now.kind != TEXTPROTO_NAME)
		return fail_expected(r, frame->id, "the name of a field");
	*f = copy_name(&r->now, name) ? protobuf_c_message_descriptor_get_field_by_name(type, name) : NULL;
	if (*f == NULL)
		return fail(r, frame->id, &r->now, "%s has no field \"%.*s\"", type->short_name,
			    r->now.text.n > 40 ? 40 : (int)r->now.text.n, (const char *)r->now.text.p);
	return note_field(r, frame, *f);
}

static bool
read_field(struct reader *r, struct frame *frame)
{
	const struct textproto_place at = place_of(&r->now);
	const ProtobufCFieldDescriptor *f = NULL;
	bool is_list;

	if (!read_name(r, frame, &f) || f == NULL)
		return false;
	step(r);
	if (!take_symbol(r, ':') && f->type != PROTOBUF_C_TYPE_MESSAGE)
		return fail_expected(r, frame->id, "\":\"");
	is_list = f->label == PROTOBUF_C_LABEL_REPEATED && take_symbol(r, '[');
	if (!(is_list ? read_list(r, frame, f) : read_value(r, frame, f, at)))
		return false;
	if (!take_symbol(r, ';'))
		(void)take_symbol(r, ',');
	return true;
}

/* Fields up to `closer`, which is taken; '\0': up to the end. */
static bool
read_fields(struct reader *r, struct frame *frame, char closer)
{
	for (;;) {
		if (closer == '\0' ? r->now.kind == TEXTPROTO_END : take_symbol(r, closer))
			return true;
		if (closer != '\0' &&
		    (is_symbol(r, '}') || is_symbol(r, '>') || r->now.kind == TEXTPROTO_END))
			return fail_expected(r, frame->id, closer == '}' ? "\"}\"" : "\">\"");
		if (!read_field(r, frame))
			return false;
	}
}

/* ---- the whole ---- */

/* No word holds a NUL, and no string may. */
static bool
refuse_nul(struct reader *r, struct ut_slice text)
{
	const uint8_t *nul = text.n == 0 ? NULL : memchr(text.p, '\0', text.n);
	struct textproto_token at = { .text = text, .line = 1, .column = 1 };

	if (nul == NULL)
		return true;
	at = inside(&at, (size_t)(nul - text.p));
	return fail(r, TEXTPROTO_MAP_ROOT, &at, "a NUL octet in the text");
}

static bool
read_all(struct reader *r, struct ut_slice text, struct frame *frame)
{
	r->now = (struct textproto_token){ .line = 1, .column = 1 };
	if (text.n > TEXTPROTO_OCTETS_MAX)
		return fail(r, TEXTPROTO_MAP_ROOT, &r->now, "the text is longer than %d octets",
			    TEXTPROTO_OCTETS_MAX);
	if (frame->message == NULL)
		return fail_quota(r, TEXTPROTO_MAP_ROOT);
	if (!refuse_nul(r, text))
		return false;
	r->lexer = textproto_lexer_on(text);
	step(r);
	return read_fields(r, frame, '\0');
}

enum textproto_result
textproto_read(const ProtobufCMessageDescriptor *type, struct ut_slice text, ProtobufCAllocator *allocator,
	       struct textproto_map *map, ProtobufCMessage **out, struct textproto_error *why)
{
	struct reader r = { .allocator = allocator, .map = map, .why = why };
	struct frame frame = { .id = TEXTPROTO_MAP_ROOT };

	frame.message = allocator->alloc(allocator->allocator_data, type->sizeof_message);
	if (frame.message != NULL)
		protobuf_c_message_init(type, frame.message);
	if (read_all(&r, text, &frame)) {
		*out = frame.message;
		return TEXTPROTO_OK;
	}
	protobuf_c_message_free_unpacked(frame.message, allocator);
	return TEXTPROTO_BAD;
}
