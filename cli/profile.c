/* profile.c - a profile's life and its setters
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/profile.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/profile_error.h"
#include "cli/utf8.h"

/* ---- life ---- */

void
profile_init(struct profile *p)
{
	memset(p, 0, sizeof *p);
	profile_init_zeroed(p);
}

void
profile_init_zeroed(struct profile *p)
{
	p->l2tp.hello_interval_s = PROFILE_UNSET;
	p->pptp.echo_interval_s = PROFILE_UNSET;
}

static void
forget_secret(struct profile_secret *secret)
{
	ut_wipe(secret->octets, sizeof secret->octets);
	secret->n = 0;
	free(secret->file);
	secret->file = NULL;
}

/* Options may have been given a password in spite of all warnings. */
static void
forget_options(struct profile_session *session)
{
	for (unsigned i = 0; i < session->options_n; i++) {
		ut_wipe(session->options[i], strlen(session->options[i]));
		free(session->options[i]);
	}
	session->options_n = 0;
}

void
profile_fini(struct profile *p)
{
	forget_secret(&p->l2tp.secret);
	for (unsigned i = 0; i < p->sessions_n; i++) {
		forget_secret(&p->sessions[i].password);
		forget_options(&p->sessions[i]);
	}
	profile_init(p);
}

/* ---- setters ---- */

static enum profile_result
check_text(const char *field, struct ut_slice from, size_t max, struct profile_error *why)
{
	if (from.n > max)
		return profile_fail(why, field, "%zu octets are more than %zu", from.n, max);
	if (!utf8_is_valid(from))
		return profile_fail(why, field, "not UTF-8");
	if (!utf8_is_printable(from))
		return profile_fail(why, field, "control characters are not allowed");
	return PROFILE_OK;
}

enum profile_result
profile_set_text(char *to, size_t cap, const char *field, struct ut_slice from, struct profile_error *why)
{
	if (check_text(field, from, cap - 1, why) != PROFILE_OK)
		return PROFILE_BAD;
	memset(to, 0, cap);
	if (from.n != 0)
		memcpy(to, from.p, from.n);
	return PROFILE_OK;
}

/* A copy of checked text on the heap; NULL: no memory. */
static char *
copy_text(struct ut_slice from)
{
	char *copy = malloc(from.n + 1);

	if (copy == NULL)
		return NULL;
	memcpy(copy, from.p, from.n);
	copy[from.n] = '\0';
	return copy;
}

enum profile_result
profile_set_secret(struct profile_secret *to, const char *field, struct ut_slice octets,
		   struct profile_error *why)
{
	if (octets.n == 0)
		return profile_fail(why, field, "empty");
	if (octets.n > PROFILE_SECRET_MAX)
		return profile_fail(why, field, "%zu octets are more than %d", octets.n, PROFILE_SECRET_MAX);
	forget_secret(to);
	memcpy(to->octets, octets.p, octets.n);
	to->n = (uint8_t)octets.n;
	return PROFILE_OK;
}

enum profile_result
profile_set_secret_file(struct profile_secret *to, const char *field, struct ut_slice path,
			struct profile_error *why)
{
	char *copy;

	if (path.n == 0)
		return profile_fail(why, field, "empty");
	if (check_text(field, path, PROFILE_PATH_MAX, why) != PROFILE_OK)
		return PROFILE_BAD;
	copy = copy_text(path);
	if (copy == NULL)
		return profile_fail(why, field, "no memory");
	forget_secret(to);
	to->file = copy;
	return PROFILE_OK;
}

struct profile_session *
profile_session_at(struct profile *p, unsigned index)
{
	if (index >= PROFILE_SESSIONS_MAX)
		return NULL;
	if (p->sessions_n <= index)
		p->sessions_n = index + 1;
	return &p->sessions[index];
}

enum profile_result
profile_add_option(struct profile *p, unsigned index, struct ut_slice word, struct profile_error *why)
{
	struct profile_session *session = &p->sessions[index];
	char field[48];
	char *copy;

	(void)snprintf(field, sizeof field, "session[%u].option[%u]", index, session->options_n);
	if (session->options_n == PROFILE_OPTIONS_MAX)
		return profile_fail(why, field, "more than %d options", PROFILE_OPTIONS_MAX);
	if (word.n == 0)
		return profile_fail(why, field, "empty");
	if (check_text(field, word, PROFILE_OPTION_MAX, why) != PROFILE_OK)
		return PROFILE_BAD;
	copy = copy_text(word);
	if (copy == NULL)
		return profile_fail(why, field, "no memory");
	session->options[session->options_n++] = copy;
	session->options[session->options_n] = NULL;
	return PROFILE_OK;
}
