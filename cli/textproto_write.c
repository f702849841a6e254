/* textproto_write.c - a protobuf-c message as protobuf's text format
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/textproto.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "cli/textproto_type.h"

struct writer {
	struct ut_put *w;
	enum textproto_secrets secrets;
	unsigned depth;
};

static void write_fields(const struct writer *out, const ProtobufCMessage *message);

__attribute__((format(printf, 2, 3))) static void
put_format(struct ut_put *w, const char *format, ...)
{
	char text[96];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	assert(n >= 0 && (size_t)n < sizeof text);
	ut_put_slice(w, ut_slice(text, (size_t)n));
}

static void
put_indent(const struct writer *out)
{
	for (unsigned i = 0; i < out->depth; i++)
		ut_put_slice(out->w, ut_slice_str("  "));
}

/* ASCII as it is, all else as three octal digits, which no following octet can lengthen. */
static void
put_quoted(struct ut_put *w, struct ut_slice s)
{
	ut_put_u8(w, '"');
	for (size_t i = 0; i < s.n; i++) {
		const uint8_t c = s.p[i];

		if (c == '"' || c == '\\')
			ut_put_u8(w, '\\');
		if (c >= 0x20 && c < 0x7f)
			ut_put_u8(w, c);
		else
			put_format(w, "\\%03o", c);
	}
	ut_put_u8(w, '"');
}

static void
put_enum(struct ut_put *w, const ProtobufCEnumDescriptor *type, const void *slot)
{
	const ProtobufCEnumValue *value;
	int32_t number;

	memcpy(&number, slot, sizeof number);
	value = protobuf_c_enum_descriptor_get_value(type, number);
	if (value != NULL)
		ut_put_slice(w, ut_slice_str(value->name));
	else
		put_format(w, "%" PRId32, number);
}

static void
put_scalar(struct ut_put *w, const ProtobufCFieldDescriptor *f, const void *slot)
{
	switch (f->type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
		put_format(w, "%" PRId32, *(const int32_t *)slot);
		return;
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
		put_format(w, "%" PRId64, *(const int64_t *)slot);
		return;
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		put_format(w, "%" PRIu32, *(const uint32_t *)slot);
		return;
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		put_format(w, "%" PRIu64, *(const uint64_t *)slot);
		return;
	case PROTOBUF_C_TYPE_BOOL:
		put_format(w, *(const protobuf_c_boolean *)slot ? "true" : "false");
		return;
	case PROTOBUF_C_TYPE_ENUM:
		put_enum(w, f->descriptor, slot);
		return;
	case PROTOBUF_C_TYPE_STRING:
		put_quoted(w, ut_slice_str(*(char *const *)slot));
		return;
	case PROTOBUF_C_TYPE_BYTES: {
		const ProtobufCBinaryData *bytes = slot;

		put_quoted(w, ut_slice(bytes->data, bytes->len));
		return;
	}
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE:
	case PROTOBUF_C_TYPE_MESSAGE:
		break;
	}
	assert(false); /* the schema has no such field */
}

static void
write_message(const struct writer *out, const ProtobufCFieldDescriptor *f, const ProtobufCMessage *message)
{
	const struct writer inner = { out->w, out->secrets, out->depth + 1 };

	put_indent(out);
	put_format(out->w, "%s {\n", f->name);
	write_fields(&inner, message);
	put_indent(out);
	put_format(out->w, "}\n");
}

static void
write_value(const struct writer *out, const ProtobufCFieldDescriptor *f, const void *slot)
{
	if (f->type == PROTOBUF_C_TYPE_MESSAGE) {
		write_message(out, f, *(ProtobufCMessage *const *)slot);
		return;
	}
	put_indent(out);
	if (f->type == PROTOBUF_C_TYPE_BYTES && out->secrets == TEXTPROTO_SECRETS_HIDDEN) {
		put_format(out->w, "# %s: %zu octets, not shown\n", f->name,
			   ((const ProtobufCBinaryData *)slot)->len);
		return;
	}
	put_format(out->w, "%s: ", f->name);
	put_scalar(out->w, f, slot);
	ut_put_u8(out->w, '\n');
}

static void
write_repeated(const struct writer *out, const ProtobufCMessage *message, const ProtobufCFieldDescriptor *f)
{
	const uint8_t *base = (const uint8_t *)message;
	const size_t n = *(const size_t *)(const void *)(base + f->quantifier_offset);
	const uint8_t *array = *(const uint8_t *const *)(const void *)(base + f->offset);

	for (size_t i = 0; i < n; i++)
		write_value(out, f, array + i * textproto_type_octets(f->type));
}

/* Is a singular field without presence other than its default? */
static bool
has_value(const ProtobufCFieldDescriptor *f, const void *slot)
{
	static const uint8_t zero[sizeof(uint64_t)];

	if (f->type == PROTOBUF_C_TYPE_STRING)
		return *(char *const *)slot != NULL && **(char *const *)slot != '\0';
	if (f->type == PROTOBUF_C_TYPE_BYTES)
		return ((const ProtobufCBinaryData *)slot)->len != 0;
	return memcmp(slot, zero, textproto_type_octets(f->type)) != 0;
}

static bool
is_present(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *f)
{
	const uint8_t *base = (const uint8_t *)message;
	uint32_t which;

	if ((f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0)
		return has_value(f, base + f->offset);
	memcpy(&which, base + f->quantifier_offset, sizeof which);
	return which == f->id;
}

static void
write_fields(const struct writer *out, const ProtobufCMessage *message)
{
	const ProtobufCMessageDescriptor *type = message->descriptor;

	for (unsigned i = 0; i < type->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &type->fields[i];

		if (f->label == PROTOBUF_C_LABEL_REPEATED)
			write_repeated(out, message, f);
		else if (is_present(message, f))
			write_value(out, f, (const uint8_t *)message + f->offset);
	}
}

void
textproto_write(const ProtobufCMessage *message, enum textproto_secrets secrets, struct ut_put *w)
{
	const struct writer out = { .w = w, .secrets = secrets, .depth = 0 };

	write_fields(&out, message);
}
