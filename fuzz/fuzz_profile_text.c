/* fuzz_profile_text.c - profiles as text
 * SPDX-License-Identifier: Apache-2.0
 *
 * Oracles: a refusal has a place inside the text; nothing stays allocated; what is read is written, reads
 * back and packs to the same octets; the binary form meets the same verdict in the same words; a checked
 * profile passes again unchanged.
 */
#include <assert.h>
#include <stdlib.h>

#include "cli/profile.h"
#include "cli/quota.h"
#include "cli/textproto.h"
#include "uptun.pb-c.h"

enum { QUOTA = 1024 * 1024, TEXT_CAP = TEXTPROTO_OCTETS_MAX };

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n);

/* Lines and columns lie where the text is, or just behind it. */
static void
check_place(struct ut_slice text, struct textproto_place at)
{
	uint32_t lines = 1;

	for (size_t i = 0; i < text.n; i++)
		lines += text.p[i] == '\n';
	assert(at.line >= 1 && at.line <= lines && at.column >= 1 && at.column <= text.n + 1);
}

/* The packed message on the heap, or NULL when the text is refused. */
static uint8_t *
pack_text(struct ut_slice text, size_t *packed_n, struct ut_put *rewritten)
{
	struct textproto_map *map = textproto_map_new();
	struct textproto_error why;
	ProtobufCMessage *message = NULL;
	uint8_t *packed = NULL;
	struct quota quota;

	assert(map != NULL);
	quota_init(&quota, QUOTA);
	if (textproto_read(&uptun__profile__descriptor, text, &quota.pb, map, &message, &why) ==
	    TEXTPROTO_OK) {
		packed = malloc(protobuf_c_message_get_packed_size(message) + 1);
		assert(packed != NULL);
		*packed_n = protobuf_c_message_pack(message, packed);
		textproto_write(message, TEXTPROTO_SECRETS_WRITTEN, rewritten);
		protobuf_c_message_free_unpacked(message, &quota.pb);
	} else {
		check_place(text, why.at);
	}
	assert(quota.left == QUOTA);
	(void)textproto_map_free(map);
	return packed;
}

/* What is written packs to the same octets, when it fits what is read. */
static void
check_rewritten(const struct ut_put *w, const uint8_t *packed, size_t n)
{
	struct ut_put again = ut_put_into(NULL, 0);
	uint8_t *same;
	size_t m = 0;

	if (w->full)
		return;
	same = pack_text(ut_slice(w->base, w->len), &m, &again);
	assert(same != NULL && m == n && memcmp(same, packed, n) == 0);
	free(same);
}

/* Both readers give the same verdict in the same words. */
static void
check_binary(struct ut_slice text, struct ut_slice packed)
{
	struct profile *a = malloc(sizeof *a), *b = malloc(sizeof *b);
	struct profile_source *source = NULL;
	struct profile_error in_text = { .line = 0 }, in_binary = { .line = 0 };
	bool is_text_good, is_binary_good;

	assert(a != NULL && b != NULL);
	profile_init(a);
	profile_init(b);
	is_text_good = profile_read_text(a, text, &source, &in_text) == PROFILE_OK &&
		       profile_check(a, source, &in_text) == PROFILE_OK;
	is_binary_good = profile_read_binary(b, packed, &in_binary) == PROFILE_OK &&
			 profile_check(b, NULL, &in_binary) == PROFILE_OK;
	assert(is_text_good == is_binary_good);
	assert(is_text_good || (in_text.line >= 1 && strcmp(in_text.text, in_binary.text) == 0 &&
				strcmp(in_text.field, in_binary.field) == 0));
	(void)profile_source_free(source);
	profile_fini(a);
	profile_fini(b);
	free(a);
	free(b);
}

static void
check_idempotence(struct ut_slice text)
{
	struct profile *p = malloc(2 * sizeof *p);
	struct profile_source *source = NULL;
	struct profile_error why;

	assert(p != NULL);
	profile_init(p);
	if (profile_read_text(p, text, &source, &why) == PROFILE_OK &&
	    profile_check(p, source, &why) == PROFILE_OK) {
		memcpy(p + 1, p, sizeof *p);
		assert(profile_check(p, NULL, &why) == PROFILE_OK && memcmp(p, p + 1, sizeof *p) == 0);
	}
	(void)profile_source_free(source);
	profile_fini(p);
	free(p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	const struct ut_slice text = ut_slice(octets, n);
	uint8_t *space = malloc(TEXT_CAP);
	struct ut_put rewritten = ut_put_into(space, TEXT_CAP);
	uint8_t *packed;
	size_t packed_n = 0;

	assert(space != NULL);
	packed = pack_text(text, &packed_n, &rewritten);
	if (packed != NULL) {
		check_rewritten(&rewritten, packed, packed_n);
		if (packed_n <= PROFILE_FILE_MAX)
			check_binary(text, ut_slice(packed, packed_n));
		check_idempotence(text);
	}
	free(packed);
	free(space);
	return 0;
}
