/* profile_secret.c - secrets of a profile from their files
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/profile.h"

#include <errno.h>
#include <stdio.h>

#include "cli/profile_error.h"
#include "cli/profile_file.h"

/* A secret, and the newline that is not part of it. */
enum { BUFFER_OCTETS = PROFILE_SECRET_MAX + 1 };

static size_t
without_newline(const uint8_t *octets, size_t n)
{
	return n > 0 && octets[n - 1] == '\n' ? n - 1 : n;
}

static void
warn_of_file(const char *path, const struct profile_file *file, const uint8_t *octets, size_t n,
	     struct profile_listener listener)
{
	if (file->is_open_to_others)
		profile_warn(listener, "%s holds a secret and others can read it: chmod 600 it", path);
	if (n > 0 && octets[n - 1] == '\r')
		profile_warn(listener, "%s: the secret ends in a carriage return, which is part of it", path);
}

static enum profile_result
load_into(struct profile_secret *secret, const char *field, uint8_t *buffer, struct profile_listener listener,
	  struct profile_error *why)
{
	struct profile_file file;
	const int err = profile_file_read(secret->file, buffer, BUFFER_OCTETS, &file);
	size_t n;

	if (err != 0 && err != EFBIG)
		return profile_fail(why, field, "%s: %s", secret->file, strerror(err));
	n = err == 0 ? without_newline(buffer, file.octets) : BUFFER_OCTETS;
	if (n > PROFILE_SECRET_MAX)
		return profile_fail(why, field, "%s: more than %d octets", secret->file, PROFILE_SECRET_MAX);
	if (n == 0)
		return profile_fail(why, field, "%s: empty", secret->file);
	warn_of_file(secret->file, &file, buffer, n, listener);
	return profile_set_secret(secret, field, ut_slice(buffer, n), why);
}

static enum profile_result
load(struct profile_secret *secret, const char *field, struct profile_listener listener,
     struct profile_error *why)
{
	uint8_t buffer[BUFFER_OCTETS];
	enum profile_result result;

	if (secret->file == NULL)
		return PROFILE_OK;
	result = load_into(secret, field, buffer, listener, why);
	ut_wipe(buffer, sizeof buffer);
	return result;
}

enum profile_result
profile_load_secrets(struct profile *p, struct profile_listener listener, struct profile_error *why)
{
	char field[48];

	if (load(&p->l2tp.secret, "l2tp.secret_file", listener, why) != PROFILE_OK)
		return PROFILE_BAD;
	for (unsigned i = 0; i < p->sessions_n; i++) {
		(void)snprintf(field, sizeof field, "session[%u].password_file", i);
		if (load(&p->sessions[i].password, field, listener, why) != PROFILE_OK)
			return PROFILE_BAD;
	}
	return PROFILE_OK;
}
