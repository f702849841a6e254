/* journal_difference.c - the first place where two messages of one type differ
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/journal/journal_difference.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static void __attribute__((format(printf, 2, 3)))
add_to_path(struct journal_difference *d, const char *format, ...)
{
	const size_t n = strlen(d->field);
	va_list args;

	va_start(args, format);
	(void)vsnprintf(d->field + n, sizeof d->field - n, format, args);
	va_end(args);
}

/* ---- values as text ---- */

static void
print_octets(const ProtobufCBinaryData *octets, size_t from, char *out, size_t cap)
{
	enum { SHOWN = 24 };
	size_t at = (size_t)snprintf(out, cap, "%zu octets%s", octets->len, from > 0 ? ", from there" : ":");

	for (size_t i = from; i < octets->len && i < from + SHOWN; i++)
		at += (size_t)snprintf(out + at, cap - at, " %02x", octets->data[i]);
	if (octets->len > from + SHOWN)
		(void)snprintf(out + at, cap - at, " ...");
}

static void
print_enum(const ProtobufCEnumDescriptor *type, int value, char *out, size_t cap)
{
	const ProtobufCEnumValue *v = protobuf_c_enum_descriptor_get_value(type, value);

	if (v != NULL)
		(void)snprintf(out, cap, "%s", v->name);
	else
		(void)snprintf(out, cap, "%d", value);
}

static size_t
octets_of(ProtobufCType type)
{
	switch (type) {
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		return sizeof(uint64_t);
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_MESSAGE:
		return sizeof(void *);
	case PROTOBUF_C_TYPE_BYTES:
		return sizeof(ProtobufCBinaryData);
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_BOOL:
	case PROTOBUF_C_TYPE_ENUM:
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE:
		break;
	}
	return sizeof(uint32_t);
}

static void
print_number(const ProtobufCFieldDescriptor *f, const void *slot, char *out, size_t cap)
{
	uint32_t v32;
	uint64_t v64;

	if (octets_of(f->type) == sizeof v64) {
		memcpy(&v64, slot, sizeof v64);
		(void)snprintf(out, cap, "%" PRIu64, v64);
		return;
	}
	memcpy(&v32, slot, sizeof v32);
	if (f->type == PROTOBUF_C_TYPE_ENUM)
		print_enum(f->descriptor, (int)v32, out, cap);
	else if (f->type == PROTOBUF_C_TYPE_SINT32 || f->type == PROTOBUF_C_TYPE_INT32)
		(void)snprintf(out, cap, "%" PRId32, (int32_t)v32);
	else
		(void)snprintf(out, cap, "%" PRIu32, v32);
}

/* ---- comparing ---- */

static bool
differ_in_octets(const ProtobufCBinaryData *a, const ProtobufCBinaryData *b, struct journal_difference *out)
{
	size_t i = 0;

	while (i < a->len && i < b->len && a->data[i] == b->data[i])
		i++;
	if (i == a->len && i == b->len)
		return false;
	if (i > 0)
		add_to_path(out, " at octet %zu", i);
	print_octets(a, i, out->expected, sizeof out->expected);
	print_octets(b, i, out->came, sizeof out->came);
	return true;
}

static bool
differ_in_presence(const ProtobufCMessage *a, const ProtobufCMessage *b, struct journal_difference *out)
{
	if ((a == NULL) == (b == NULL))
		return false;
	(void)snprintf(out->expected, sizeof out->expected, "%s", a != NULL ? "some" : "none");
	(void)snprintf(out->came, sizeof out->came, "%s", b != NULL ? "some" : "none");
	return true;
}

static bool
differ_in_text(const char *a, const char *b, struct journal_difference *out)
{
	if (strcmp(a, b) == 0)
		return false;
	(void)snprintf(out->expected, sizeof out->expected, "another text");
	(void)snprintf(out->came, sizeof out->came, "this program's");
	return true;
}

static bool
differ_in_value(const ProtobufCFieldDescriptor *f, const void *a, const void *b,
		struct journal_difference *out)
{
	if (f->type == PROTOBUF_C_TYPE_MESSAGE) {
		const ProtobufCMessage *const ma = *(ProtobufCMessage *const *)a,
					      *const mb = *(ProtobufCMessage *const *)b;

		return differ_in_presence(ma, mb, out) || (ma != NULL && journal_differ(ma, mb, out));
	}
	if (f->type == PROTOBUF_C_TYPE_BYTES)
		return differ_in_octets(a, b, out);
	if (f->type == PROTOBUF_C_TYPE_STRING)
		return differ_in_text(*(char *const *)a, *(char *const *)b, out);
	if (memcmp(a, b, octets_of(f->type)) == 0)
		return false;
	print_number(f, a, out->expected, sizeof out->expected);
	print_number(f, b, out->came, sizeof out->came);
	return true;
}

static bool
differ_in_list(const ProtobufCFieldDescriptor *f, const uint8_t *a, const uint8_t *b,
	       struct journal_difference *out)
{
	const size_t na = *(const size_t *)(const void *)(a + f->quantifier_offset),
		     nb = *(const size_t *)(const void *)(b + f->quantifier_offset),
		     path = strlen(out->field), each = octets_of(f->type);
	const uint8_t *va = *(uint8_t *const *)(const void *)(a + f->offset),
		      *vb = *(uint8_t *const *)(const void *)(b + f->offset);

	for (size_t i = 0; i < na && i < nb; i++) {
		add_to_path(out, "[%zu]", i);
		if (differ_in_value(f, va + i * each, vb + i * each, out))
			return true;
		out->field[path] = '\0';
	}
	if (na == nb)
		return false;
	(void)snprintf(out->expected, sizeof out->expected, "%zu of them", na);
	(void)snprintf(out->came, sizeof out->came, "%zu", nb);
	return true;
}

bool
journal_differ(const ProtobufCMessage *expected, const ProtobufCMessage *came, struct journal_difference *out)
{
	const ProtobufCMessageDescriptor *type = expected->descriptor;
	const uint8_t *a = (const uint8_t *)expected, *b = (const uint8_t *)came;
	const size_t path = strlen(out->field);

	for (unsigned i = 0; i < type->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &type->fields[i];

		add_to_path(out, "%s%s", path > 0 ? "." : "", f->name);
		if (f->label == PROTOBUF_C_LABEL_REPEATED
			? differ_in_list(f, a, b, out)
			: differ_in_value(f, a + f->offset, b + f->offset, out))
			return true;
		out->field[path] = '\0';
	}
	return false;
}
