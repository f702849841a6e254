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

/* A secret that comes from a file: what it is called, and where. */
struct source {
	struct profile_secret *secret;
	const char *field, *what;
	bool is_password;
};

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

/* pppd is told a password as text of one line. */
static enum profile_result
check_password(const struct source *from, const uint8_t *octets, size_t n, struct profile_error *why)
{
	for (size_t i = 0; i < n; i++)
		if (octets[i] < 0x20 || octets[i] == 0x7f)
			return profile_fail(
			    why, from->field,
			    "%s %.80s has %s (0x%02x) at offset %zu: pppd takes a password of one "
			    "line, at whose end one newline may stand",
			    from->what, from->secret->file,
			    octets[i] == '\n'	? "another newline"
			    : octets[i] == '\r' ? "a carriage return"
						: "a control character",
			    (unsigned)octets[i], i);
	return PROFILE_OK;
}

static enum profile_result
check_length(const struct source *from, size_t n, struct profile_error *why)
{
	if (n > PROFILE_SECRET_MAX)
		return profile_fail(why, from->field, "%s %.120s has more than %d octets", from->what,
				    from->secret->file, PROFILE_SECRET_MAX);
	if (n == 0)
		return profile_fail(why, from->field, "%s %.120s is empty", from->what, from->secret->file);
	return PROFILE_OK;
}

static enum profile_result
load_into(const struct source *from, uint8_t *buffer, struct profile_listener listener,
	  struct profile_error *why)
{
	const char *path = from->secret->file;
	struct profile_file file;
	const int err = profile_file_read(path, buffer, BUFFER_OCTETS, &file);
	size_t n;

	if (err != 0 && err != EFBIG)
		return profile_fail(why, from->field, "%s %.120s cannot be read: %s", from->what, path,
				    strerror(err));
	n = err == 0 ? without_newline(buffer, file.octets) : BUFFER_OCTETS;
	if (check_length(from, n, why) != PROFILE_OK)
		return PROFILE_BAD;
	if (from->is_password && check_password(from, buffer, n, why) != PROFILE_OK)
		return PROFILE_BAD;
	warn_of_file(path, &file, buffer, n, listener);
	return profile_set_secret(from->secret, from->field, ut_slice(buffer, n), why);
}

static enum profile_result
load(const struct source *from, struct profile_listener listener, struct profile_error *why)
{
	uint8_t buffer[BUFFER_OCTETS];
	enum profile_result result;

	if (from->secret->file == NULL)
		return PROFILE_OK;
	result = load_into(from, buffer, listener, why);
	ut_wipe(buffer, sizeof buffer);
	return result;
}

enum profile_result
profile_load_secrets(struct profile *p, struct profile_listener listener, struct profile_error *why)
{
	const struct source tunnel = { &p->l2tp.secret, "l2tp.secret_file", "the tunnel secret's file",
				       false };
	char field[48];

	if (load(&tunnel, listener, why) != PROFILE_OK)
		return PROFILE_BAD;
	for (unsigned i = 0; i < p->sessions_n; i++) {
		const struct source ppp = { &p->sessions[i].password, field, "the password file", true };

		(void)snprintf(field, sizeof field, "session[%u].password_file", i);
		if (load(&ppp, listener, why) != PROFILE_OK)
			return PROFILE_BAD;
	}
	return PROFILE_OK;
}
