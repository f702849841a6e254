/* profile_read.c - profiles from files, binary or text
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/profile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/message_check.h"
#include "cli/profile_error.h"
#include "cli/profile_file.h"
#include "cli/profile_message.h"
#include "cli/quota.h"
#include "cli/textproto.h"

/* ---- where fields stood ---- */

enum { OVERRIDES_MAX = 64 };

struct profile_source {
	struct textproto_map *map; /* NULL: a binary file, which has no lines */
	unsigned overridden_n;
	char overridden[OVERRIDES_MAX][64];
};

struct profile_source *
profile_source_free(struct profile_source *source)
{
	if (source != NULL)
		(void)textproto_map_free(source->map);
	free(source);
	return NULL;
}

static struct profile_source *
source_new(void)
{
	return calloc(1, sizeof(struct profile_source));
}

void
profile_source_override(struct profile_source *source, const char *field)
{
	if (source == NULL || source->overridden_n == OVERRIDES_MAX)
		return;
	(void)snprintf(source->overridden[source->overridden_n++], sizeof source->overridden[0], "%s", field);
}

/* Is `field` the overridden one, or below it? */
static bool
is_below(const char *field, const char *overridden)
{
	const size_t n = strlen(overridden);

	return strncmp(field, overridden, n) == 0 && strchr(".[", field[n]) != NULL;
}

void
profile_source_locate(const struct profile_source *source, struct profile_error *why)
{
	struct textproto_place at;

	why->line = why->column = 0;
	if (source == NULL || source->map == NULL)
		return;
	for (unsigned i = 0; i < source->overridden_n; i++)
		if (is_below(why->field, source->overridden[i]))
			return;
	at = textproto_map_find(source->map, why->field);
	why->line = at.line;
	why->column = at.column;
}

/* ---- binary ---- */

static enum profile_result
take_unpacked(struct profile *p, const Uptun__Profile *message, struct profile_error *why)
{
	if (message_check(&message->base, why) != PROFILE_OK)
		return PROFILE_BAD;
	return profile_from_message(p, message, why);
}

enum profile_result
profile_read_binary(struct profile *p, struct ut_slice octets, struct profile_error *why)
{
	enum profile_result result;
	Uptun__Profile *message;
	struct quota quota;

	if (octets.n > PROFILE_FILE_MAX)
		return profile_fail(why, "", "longer than %d octets", PROFILE_FILE_MAX);
	quota_init(&quota, PROFILE_QUOTA_OCTETS);
	message = uptun__profile__unpack(&quota.pb, octets.n, octets.p);
	if (message == NULL)
		return profile_fail(why, "",
				    quota.is_exhausted ? "takes more memory than a profile may"
						       : "not a binary uptun.Profile, or cut short");
	result = take_unpacked(p, message, why);
	uptun__profile__free_unpacked(message, &quota.pb);
	if (result != PROFILE_OK)
		profile_fini(p);
	return result;
}

/* ---- text ---- */

static enum profile_result
parse_text(struct ut_slice text, struct quota *quota, struct textproto_map *map, Uptun__Profile **out,
	   struct profile_error *why)
{
	ProtobufCMessage *message;
	struct textproto_error fault;
	enum profile_result result;

	if (textproto_read(&uptun__profile__descriptor, text, &quota->pb, map, &message, &fault) ==
	    TEXTPROTO_OK) {
		*out = (Uptun__Profile *)message;
		return PROFILE_OK;
	}
	result = profile_fail(why, fault.field, "%s", fault.text);
	why->line = fault.at.line;
	why->column = fault.at.column;
	return result;
}

static enum profile_result
read_text(struct profile *p, struct ut_slice text, struct profile_source *source, struct profile_error *why)
{
	enum profile_result result;
	Uptun__Profile *message = NULL;
	struct quota quota;

	source->map = textproto_map_new();
	if (source->map == NULL)
		return profile_fail(why, "", "no memory");
	quota_init(&quota, PROFILE_QUOTA_OCTETS);
	if (parse_text(text, &quota, source->map, &message, why) != PROFILE_OK)
		return PROFILE_BAD;
	result = profile_from_message(p, message, why);
	if (result != PROFILE_OK)
		profile_source_locate(source, why);
	uptun__profile__free_unpacked(message, &quota.pb);
	return result;
}

enum profile_result
profile_read_text(struct profile *p, struct ut_slice text, struct profile_source **out,
		  struct profile_error *why)
{
	struct profile_source *source = source_new();

	if (source == NULL)
		return profile_fail(why, "", "no memory");
	if (read_text(p, text, source, why) == PROFILE_OK) {
		*out = source;
		return PROFILE_OK;
	}
	(void)profile_source_free(source);
	profile_fini(p);
	return PROFILE_BAD;
}

/* ---- files ---- */

/* A binary profile holds the tag of `server`, 0x12, or another control character; a text never needs one. */
bool
profile_is_text(struct ut_slice content)
{
	for (size_t i = 0; i < content.n; i++)
		if (content.p[i] == 0x7f ||
		    (content.p[i] < 0x20 && !(content.p[i] >= '\t' && content.p[i] <= '\r')))
			return false;
	return true;
}

enum kind { KIND_BINARY, KIND_TEXT };

static bool
has_suffix(const char *path, const char *suffix)
{
	const size_t n = strlen(path), m = strlen(suffix);

	return n > m && strcmp(path + n - m, suffix) == 0;
}

static enum kind
kind_of(const char *path, struct ut_slice content)
{
	if (has_suffix(path, ".pb"))
		return KIND_BINARY;
	if (has_suffix(path, ".textproto") || has_suffix(path, ".txtpb"))
		return KIND_TEXT;
	return profile_is_text(content) ? KIND_TEXT : KIND_BINARY;
}

static enum profile_result
read_content(struct profile *p, const char *path, struct ut_slice content, struct profile_source **source,
	     struct profile_error *why)
{
	struct profile_source *none;

	if (kind_of(path, content) == KIND_TEXT)
		return profile_read_text(p, content, source, why);
	none = source_new();
	if (none == NULL)
		return profile_fail(why, "", "no memory");
	if (profile_read_binary(p, content, why) == PROFILE_OK) {
		*source = none;
		return PROFILE_OK;
	}
	(void)profile_source_free(none);
	return PROFILE_BAD;
}

static bool
has_secret_inside(const struct profile *p)
{
	bool found = p->l2tp.secret.n != 0;

	for (unsigned i = 0; i < p->sessions_n; i++)
		found = found || p->sessions[i].password.n != 0;
	return found;
}

static enum profile_result
read_into(struct profile *p, const char *path, uint8_t *buffer, struct profile_source **source,
	  struct profile_listener listener, struct profile_error *why)
{
	struct profile_file file;
	enum profile_result result;
	const int err = profile_file_read(path, buffer, PROFILE_FILE_MAX, &file);

	if (err == EFBIG)
		return profile_fail(why, "", "longer than %d octets", PROFILE_FILE_MAX);
	if (err != 0)
		return profile_fail(why, "", "cannot be read: %s", strerror(err));
	result = read_content(p, path, ut_slice(buffer, file.octets), source, why);
	if (result == PROFILE_OK && file.is_open_to_others && has_secret_inside(p))
		profile_warn(listener, "%s holds a secret and others can read it: chmod 600 it", path);
	return result;
}

enum profile_result
profile_read(struct profile *p, const char *path, struct profile_source **source,
	     struct profile_listener listener, struct profile_error *why)
{
	uint8_t *buffer = malloc(PROFILE_FILE_MAX);
	enum profile_result result;

	if (buffer == NULL)
		return profile_fail(why, "", "no memory");
	result = read_into(p, path, buffer, source, listener, why);
	ut_wipe(buffer, PROFILE_FILE_MAX);
	free(buffer);
	return result;
}
