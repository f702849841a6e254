/* message_check.c - what protobuf-c lets pass and we do not
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/message_check.h"

#include <stdio.h>

#include "cli/profile_error.h"
#include "cli/quota.h"
#include "cli/utf8.h"
#include "uptun.pb-c.h"

struct path {
	char text[160];
};

/* The path of a field in the message at `around`; cut off where it does not fit. */
static struct path
path_of(const struct path *around, const ProtobufCFieldDescriptor *f, size_t index)
{
	const char *dot = around->text[0] == '\0' ? "" : ".";
	struct path path = *around;
	const size_t len = strlen(path.text), room = sizeof path.text - len;

	if (f->label == PROTOBUF_C_LABEL_REPEATED)
		(void)snprintf(path.text + len, room, "%s%s[%zu]", dot, f->name, index);
	else
		(void)snprintf(path.text + len, room, "%s%s", dot, f->name);
	return path;
}

static enum profile_result check_message(const ProtobufCMessage *message, const struct path *path,
					 struct profile_error *why);

/* protobuf-c keeps no length, but the block it came in is one octet longer than the string was. */
static enum profile_result
check_string(const ProtobufCFieldDescriptor *f, const char *s, const struct path *path,
	     struct profile_error *why)
{
	if (s == NULL || s == f->default_value)
		return PROFILE_OK;
	if (quota_block_octets(s) != strlen(s) + 1)
		return profile_fail(why, path->text, "a NUL octet in a string");
	if (!utf8_is_valid(ut_slice_str(s)))
		return profile_fail(why, path->text, "not UTF-8");
	return PROFILE_OK;
}

static enum profile_result
check_value(const ProtobufCFieldDescriptor *f, const void *slot, const struct path *path,
	    struct profile_error *why)
{
	if (f->type == PROTOBUF_C_TYPE_STRING)
		return check_string(f, *(const char *const *)slot, path, why);
	if (f->type == PROTOBUF_C_TYPE_MESSAGE && *(const ProtobufCMessage *const *)slot != NULL)
		return check_message(*(const ProtobufCMessage *const *)slot, path, why);
	return PROFILE_OK;
}

static bool
is_other_member(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *f)
{
	uint32_t which;

	if ((f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0)
		return false;
	memcpy(&which, (const uint8_t *)message + f->quantifier_offset, sizeof which);
	return which != f->id;
}

static enum profile_result
check_repeated(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *f, const struct path *around,
	       struct profile_error *why)
{
	const uint8_t *base = (const uint8_t *)message;
	const size_t n = *(const size_t *)(const void *)(base + f->quantifier_offset);
	const void *const *array = *(const void *const *const *)(const void *)(base + f->offset);

	if (f->type != PROTOBUF_C_TYPE_STRING && f->type != PROTOBUF_C_TYPE_MESSAGE)
		return PROFILE_OK;
	for (size_t i = 0; i < n; i++) {
		const struct path path = path_of(around, f, i);

		if (check_value(f, &array[i], &path, why) != PROFILE_OK)
			return PROFILE_BAD;
	}
	return PROFILE_OK;
}

static enum profile_result
check_field(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *f, const struct path *around,
	    struct profile_error *why)
{
	struct path path;

	if (f->label == PROTOBUF_C_LABEL_REPEATED)
		return check_repeated(message, f, around, why);
	if (is_other_member(message, f))
		return PROFILE_OK;
	path = path_of(around, f, 0);
	return check_value(f, (const uint8_t *)message + f->offset, &path, why);
}

/* What is in a profile asks for something; what is around it may be newer than we are. */
static bool
refuses_unknown(const ProtobufCMessageDescriptor *type)
{
	static const ProtobufCMessageDescriptor *const strict[] = {
		&uptun__profile__descriptor,	 &uptun__l2tp__descriptor,     &uptun__pptp__descriptor,
		&uptun__ppp_session__descriptor, &uptun__timeouts__descriptor, &uptun__reconnect__descriptor,
	};

	for (size_t i = 0; i < sizeof strict / sizeof strict[0]; i++)
		if (type == strict[i])
			return true;
	return false;
}

/* Recursion ends with the schema, which has no recursive message. */
static enum profile_result
check_message(const ProtobufCMessage *message, const struct path *path, struct profile_error *why)
{
	const ProtobufCMessageDescriptor *type = message->descriptor;

	if (message->n_unknown_fields != 0 && refuses_unknown(type))
		return profile_fail(why, path->text, "%s has no field number %u", type->short_name,
				    (unsigned)message->unknown_fields[0].tag);
	for (unsigned i = 0; i < type->n_fields; i++)
		if (check_field(message, &type->fields[i], path, why) != PROFILE_OK)
			return PROFILE_BAD;
	return PROFILE_OK;
}

enum profile_result
message_check(const ProtobufCMessage *message, struct profile_error *why)
{
	const struct path root = { "" };

	return check_message(message, &root, why);
}
