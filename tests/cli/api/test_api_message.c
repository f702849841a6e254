/* test_api_message.c - messages of the API: bounds, strings, fields of other versions
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/api/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cli/api/frame.h"
#include "cli/message_check.h"

#define SLICE(literal) ut_slice(literal, sizeof literal - 1)

/* Requests as octets; what their check says of them. */
static const struct {
	const char *what;
	struct ut_slice octets;
	enum profile_result result;
	const char *field;
} cases[] = {
	{ "list", { (const uint8_t *)"\x08\x07\x62\x00", 4 }, PROFILE_OK, "" },
	{ "a request with a field of the future",
	  { (const uint8_t *)"\x08\x07\x62\x00\xf8\x3f\x01", 7 },
	  PROFILE_OK,
	  "" },
	{ "an order with a field of the future",
	  { (const uint8_t *)"\x62\x05\xf8\x3f\x01\x08\x01", 7 },
	  PROFILE_OK,
	  "" },
	{ "a profile", { (const uint8_t *)"\x52\x05\x0a\x03\x12\x01s", 7 }, PROFILE_OK, "" },
	{ "a profile with a field of the future",
	  { (const uint8_t *)"\x52\x08\x0a\x06\x12\x01s\xf8\x3f\x01", 10 },
	  PROFILE_BAD,
	  "up.profile" },
	{ "a part of a profile with a field of the future",
	  { (const uint8_t *)"\x52\x07\x0a\x05\x52\x03\xf8\x3f\x01", 9 },
	  PROFILE_BAD,
	  "up.profile.l2tp" },
	{ "a NUL in a string",
	  { (const uint8_t *)"\x52\x07\x0a\x05\x12\x03s\0t", 9 },
	  PROFILE_BAD,
	  "up.profile.server" },
	{ "a string that is not UTF-8",
	  { (const uint8_t *)"\x52\x05\x0a\x03\x12\x01\xff", 7 },
	  PROFILE_BAD,
	  "up.profile.server" },
};

static void
unknown_fields_pass_in_requests_and_not_in_profiles(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct profile_error why = { .line = 0 };
		struct api_message *m = api_unpack(&uptun__request__descriptor, cases[i].octets, &why);

		if (m == NULL)
			fail_msg("%s: %s", cases[i].what, why.text);
		assert_non_null(api_request(m));
		assert_null(api_reply(m));
		if (message_check(m->message, &why) != cases[i].result ||
		    strcmp(why.field, cases[i].field) != 0)
			fail_msg("%s: \"%s\": %s", cases[i].what, why.field, why.text);
		assert_null(api_message_free(m));
	}
}

static void
what_is_no_message_is_refused_at_every_prefix(void **state)
{
	static const char octets[] = "\x08\x07\x52\x07\x0a\x05\x52\x03\x50\xf8\x07";

	(void)state;
	for (size_t n = 0; n < sizeof octets; n++) {
		struct profile_error why = { .line = 0 };
		uint8_t *copy = malloc(n > 0 ? n : 1);
		struct api_message *m;

		assert_non_null(copy);
		memcpy(copy, octets, n);
		m = api_unpack(&uptun__request__descriptor, ut_slice(copy, n), &why);
		if (m == NULL)
			assert_true(why.text[0] != '\0');
		(void)api_message_free(m);
		free(copy);
	}
}

static void
empty_messages_by_the_thousand_run_into_the_quota(void **state)
{
	enum { REPLIES = 15000, EACH = 2 };
	uint8_t *octets = malloc(16 + EACH * REPLIES);
	struct profile_error why = { .line = 0 };
	size_t n = 0;

	(void)state;
	assert_non_null(octets);
	octets[n++] = 0x0a; /* reply */
	n += frame_put_length(octets + n, 4 + EACH * REPLIES);
	octets[n++] = 0x6a; /* list */
	n += frame_put_length(octets + n, EACH * REPLIES);
	for (size_t i = 0; i < REPLIES; i++) {
		octets[n++] = 0x0a; /* tunnel */
		octets[n++] = 0x00;
	}
	assert_null(api_unpack(&uptun__to_client__descriptor, ut_slice(octets, n), &why));
	assert_string_equal(why.text, "takes more memory than a message may");
	free(octets);
}

static void
a_packed_message_stands_behind_its_length(void **state)
{
	Uptun__Request request = UPTUN__REQUEST__INIT;
	Uptun__List list = UPTUN__LIST__INIT;
	struct api_frame frame;
	struct ut_slice message;
	size_t used;

	(void)state;
	request.id = 300;
	request.order_case = UPTUN__REQUEST__ORDER_LIST;
	request.list = &list;
	assert_int_equal(api_pack(&request.base, &frame), API_PACKED);
	assert_int_equal(frame_read(ut_slice(frame.octets, frame.n), &message, &used), FRAME_OK);
	assert_int_equal(used, frame.n);
	assert_true(ut_slice_is_equal(message, SLICE("\x08\xac\x02\x62\x00")));
	api_frame_fini(&frame);
	assert_null(frame.octets);
}

static void
a_message_longer_than_a_frame_is_not_packed(void **state)
{
	Uptun__MetricsReply reply = UPTUN__METRICS_REPLY__INIT;
	struct api_frame frame;
	char *text = malloc(FRAME_OCTETS_MAX + 1);

	(void)state;
	assert_non_null(text);
	memset(text, 'x', FRAME_OCTETS_MAX);
	text[FRAME_OCTETS_MAX] = '\0';
	reply.text = text;
	assert_int_equal(api_pack(&reply.base, &frame), API_PACK_TOO_LONG);
	assert_null(frame.octets);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_fields_pass_in_requests_and_not_in_profiles),
		cmocka_unit_test(what_is_no_message_is_refused_at_every_prefix),
		cmocka_unit_test(empty_messages_by_the_thousand_run_into_the_quota),
		cmocka_unit_test(a_packed_message_stands_behind_its_length),
		cmocka_unit_test(a_message_longer_than_a_frame_is_not_packed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
