/* test_api_numbers.c - numbers, names and types of the schema stay what they were: others have built on them
 * SPDX-License-Identifier: Apache-2.0
 *
 * usage: test_api_numbers [--print]
 *
 * tests/data/api-numbers lists "Message.field = number type label" and "Enum.WORD = number".  Each line of it must still
 * hold; what is new is appended with --print, in the change that adds it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "uptun.pb-c.h"

enum { TYPES_MAX = 64, LINE_OCTETS = 160 };

/* What is reachable from the roots, each once. */
struct types {
	const ProtobufCMessageDescriptor *messages[TYPES_MAX];
	const ProtobufCEnumDescriptor *enums[TYPES_MAX];
	size_t messages_n, enums_n;
};

static void
add_enum(struct types *t, const ProtobufCEnumDescriptor *type)
{
	for (size_t i = 0; i < t->enums_n; i++)
		if (t->enums[i] == type)
			return;
	assert_true(t->enums_n < TYPES_MAX);
	t->enums[t->enums_n++] = type;
}

static void
add_message(struct types *t, const ProtobufCMessageDescriptor *type)
{
	for (size_t i = 0; i < t->messages_n; i++)
		if (t->messages[i] == type)
			return;
	assert_true(t->messages_n < TYPES_MAX);
	t->messages[t->messages_n++] = type;
	for (unsigned i = 0; i < type->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &type->fields[i];

		if (f->type == PROTOBUF_C_TYPE_MESSAGE)
			add_message(t, f->descriptor);
		if (f->type == PROTOBUF_C_TYPE_ENUM)
			add_enum(t, f->descriptor);
	}
}

static const char *
type_name(const ProtobufCFieldDescriptor *f)
{
	switch (f->type) {
	case PROTOBUF_C_TYPE_INT32:
		return "int32";
	case PROTOBUF_C_TYPE_UINT32:
		return "uint32";
	case PROTOBUF_C_TYPE_UINT64:
		return "uint64";
	case PROTOBUF_C_TYPE_FIXED64:
		return "fixed64";
	case PROTOBUF_C_TYPE_BOOL:
		return "bool";
	case PROTOBUF_C_TYPE_STRING:
		return "string";
	case PROTOBUF_C_TYPE_BYTES:
		return "bytes";
	case PROTOBUF_C_TYPE_ENUM:
		return ((const ProtobufCEnumDescriptor *)f->descriptor)->name;
	case PROTOBUF_C_TYPE_MESSAGE:
		return ((const ProtobufCMessageDescriptor *)f->descriptor)->name;
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE:
		break;
	}
	return "other";
}

static const char *
label_name(const ProtobufCFieldDescriptor *f)
{
	if (f->label == PROTOBUF_C_LABEL_REPEATED)
		return "repeated";
	return (f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 ? "oneof" : "single";
}

static void
print_all(FILE *out)
{
	struct types t = { .messages_n = 0 };

	add_message(&t, &uptun__request__descriptor);
	add_message(&t, &uptun__to_client__descriptor);
	for (size_t i = 0; i < t.messages_n; i++)
		for (unsigned k = 0; k < t.messages[i]->n_fields; k++) {
			const ProtobufCFieldDescriptor *f = &t.messages[i]->fields[k];

			(void)fprintf(out, "%s.%s = %u %s %s\n", t.messages[i]->name, f->name,
				      (unsigned)f->id, type_name(f), label_name(f));
		}
	for (size_t i = 0; i < t.enums_n; i++)
		for (unsigned k = 0; k < t.enums[i]->n_values; k++)
			(void)fprintf(out, "%s.%s = %d\n", t.enums[i]->name, t.enums[i]->values[k].name,
				      t.enums[i]->values[k].value);
}

static void
what_was_published_still_holds(void **state)
{
	char line[LINE_OCTETS], wanted[LINE_OCTETS + 2], *now = NULL;
	size_t octets = 0, lines = 0;
	FILE *file = fopen("tests/data/api-numbers", "r"), *out = open_memstream(&now, &octets);

	(void)state;
	assert_non_null(file);
	(void)fputc('\n', out);
	print_all(out);
	assert_int_equal(fclose(out), 0);
	while (fgets(line, sizeof line, file) != NULL) {
		if (line[0] == '#' || line[0] == '\n')
			continue;
		(void)snprintf(wanted, sizeof wanted, "\n%s", line);
		if (strstr(now, wanted) == NULL)
			fail_msg("changed, or gone: %s", line);
		lines++;
	}
	(void)fclose(file);
	assert_true(lines > 100);
	free(now);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_was_published_still_holds) };

	if (argc > 1 && strcmp(argv[1], "--print") == 0) {
		print_all(stdout);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
