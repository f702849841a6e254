/* fuzz_profile_pb.c - profiles as binary protobuf
 * SPDX-License-Identifier: Apache-2.0
 *
 * Oracles: nothing stays allocated (ASan, and the quota is whole again); a profile that passes, written as
 * text, passes as text too and holds the same; a checked profile passes again unchanged.
 */
#include <assert.h>
#include <stdlib.h>

#include "cli/profile.h"
#include "cli/quota.h"
#include "cli/textproto.h"
#include "uptun.pb-c.h"

enum { QUOTA = 1024 * 1024, TEXT_CAP = PROFILE_FILE_MAX };

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n);

/* The text of what protobuf-c unpacks; empty when it refuses. */
static void
write_text(struct ut_slice octets, struct ut_put *w)
{
	Uptun__Profile *message;
	struct quota quota;

	quota_init(&quota, QUOTA);
	message = uptun__profile__unpack(&quota.pb, octets.n, octets.p);
	if (message != NULL) {
		textproto_write(&message->base, TEXTPROTO_SECRETS_WRITTEN, w);
		uptun__profile__free_unpacked(message, &quota.pb);
	}
	assert(quota.left == QUOTA);
}

static bool
is_same_secret(const struct profile_secret *a, const struct profile_secret *b)
{
	if ((a->file == NULL) != (b->file == NULL) || (a->file != NULL && strcmp(a->file, b->file) != 0))
		return false;
	return a->n == b->n && memcmp(a->octets, b->octets, sizeof a->octets) == 0;
}

static bool
is_same_session(const struct profile_session *a, const struct profile_session *b)
{
	if (strcmp(a->user, b->user) != 0 || strcmp(a->interface_name, b->interface_name) != 0 ||
	    a->mtu != b->mtu || a->mru != b->mru || a->mppe != b->mppe || a->options_n != b->options_n)
		return false;
	for (unsigned i = 0; i < a->options_n; i++)
		if (strcmp(a->options[i], b->options[i]) != 0)
			return false;
	return is_same_secret(&a->password, &b->password);
}

static bool
is_same(const struct profile *a, const struct profile *b)
{
	if (a->sessions_n != b->sessions_n || a->routes_n != b->routes_n)
		return false;
	for (unsigned i = 0; i < a->sessions_n; i++)
		if (!is_same_session(&a->sessions[i], &b->sessions[i]))
			return false;
	return strcmp(a->name, b->name) == 0 && strcmp(a->server, b->server) == 0 &&
	       is_same_secret(&a->l2tp.secret, &b->l2tp.secret) &&
	       memcmp(a->routes, b->routes, sizeof a->routes) == 0 &&
	       memcmp(&a->timeouts, &b->timeouts, sizeof a->timeouts) == 0 && a->dns == b->dns &&
	       a->protocol == b->protocol && memcmp(&a->pptp, &b->pptp, sizeof a->pptp) == 0 &&
	       a->l2tp.hello_interval_s == b->l2tp.hello_interval_s && a->data_path == b->data_path;
}

static void
check_text(const struct profile *p, struct ut_slice octets)
{
	uint8_t *space = malloc(TEXT_CAP);
	struct profile *q = malloc(sizeof *q);
	struct ut_put w = ut_put_into(space, TEXT_CAP);
	struct profile_source *source = NULL;
	struct profile_error why;

	assert(space != NULL && q != NULL);
	write_text(octets, &w);
	profile_init(q);
	if (!w.full) {
		assert(profile_read_text(q, ut_slice(space, w.len), &source, &why) == PROFILE_OK);
		assert(profile_check(q, source, &why) == PROFILE_OK && is_same(p, q));
	}
	(void)profile_source_free(source);
	profile_fini(q);
	free(q);
	free(space);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	struct profile *p = malloc(2 * sizeof *p);
	struct profile_error why;

	assert(p != NULL);
	profile_init(p);
	if (profile_read_binary(p, ut_slice(octets, n), &why) == PROFILE_OK &&
	    profile_check(p, NULL, &why) == PROFILE_OK) {
		memcpy(p + 1, p, sizeof *p);
		assert(profile_check(p, NULL, &why) == PROFILE_OK && memcmp(p, p + 1, sizeof *p) == 0);
		check_text(p, ut_slice(octets, n));
	}
	profile_fini(p);
	free(p);
	return 0;
}
