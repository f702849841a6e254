/* test_roster.c - all tunnels of the daemon as a watcher knows them: pages, events, and what remains of which
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/roster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PAGE_MAX = 64, MANY = 10000 };

/* ---- what the daemon sends ---- */

static struct api_message *
arrived(Uptun__ToClient *message)
{
	struct profile_error why;
	struct api_frame frame;

	assert_int_equal(api_pack(&message->base, &frame), API_PACKED);
	size_t skip = 0;
	while ((frame.octets[skip++] & 0x80) != 0)
		continue;
	struct api_message *m =
	    api_unpack(&uptun__to_client__descriptor, ut_slice(frame.octets + skip, frame.n - skip), &why);
	assert_non_null(m);
	api_frame_fini(&frame);
	return m;
}

/* Tunnels with these numbers, ended by 0, all of this name. */
static struct api_message *
page_of(const uint32_t *numbers, uint32_t next, const char *name)
{
	Uptun__TunnelStatus tunnels[PAGE_MAX], *list[PAGE_MAX];
	Uptun__ToClient message = UPTUN__TO_CLIENT__INIT;
	Uptun__Reply reply = UPTUN__REPLY__INIT;
	Uptun__ListReply m = UPTUN__LIST_REPLY__INIT;

	for (; numbers[m.n_tunnel] != 0; m.n_tunnel++) {
		uptun__tunnel_status__init(&tunnels[m.n_tunnel]);
		tunnels[m.n_tunnel].tunnel = numbers[m.n_tunnel];
		tunnels[m.n_tunnel].name = (char *)name;
		list[m.n_tunnel] = &tunnels[m.n_tunnel];
	}
	m.tunnel = list;
	m.next = next;
	reply.result_case = UPTUN__REPLY__RESULT_LIST;
	reply.list = &m;
	message.what_case = UPTUN__TO_CLIENT__WHAT_REPLY;
	message.reply = &reply;
	return arrived(&message);
}

static struct api_message *
change_of(uint32_t number, uint64_t lost, const char *name)
{
	Uptun__ToClient message = UPTUN__TO_CLIENT__INIT;
	Uptun__Event event = UPTUN__EVENT__INIT;
	Uptun__TunnelChange change = UPTUN__TUNNEL_CHANGE__INIT;
	Uptun__TunnelStatus tunnel = UPTUN__TUNNEL_STATUS__INIT;

	tunnel.tunnel = number;
	tunnel.name = (char *)name;
	change.tunnel = &tunnel;
	event.tunnel = number;
	event.lost = lost;
	event.what_case = UPTUN__EVENT__WHAT_CHANGE;
	event.change = &change;
	message.what_case = UPTUN__TO_CLIENT__WHAT_EVENT;
	message.event = &event;
	return arrived(&message);
}

static struct api_message *
end_of(uint32_t number)
{
	Uptun__ToClient message = UPTUN__TO_CLIENT__INIT;
	Uptun__Event event = UPTUN__EVENT__INIT;
	Uptun__Ending ending = UPTUN__ENDING__INIT;

	event.tunnel = number;
	event.what_case = UPTUN__EVENT__WHAT_ENDED;
	event.ended = &ending;
	message.what_case = UPTUN__TO_CLIENT__WHAT_EVENT;
	message.event = &event;
	return arrived(&message);
}

/* ---- what is known ---- */

static void
take_page(struct roster *r, uint32_t from, const uint32_t *numbers, uint32_t next, const char *name)
{
	assert_int_equal(roster_take_page(r, from, page_of(numbers, next, name)), ROSTER_TAKEN);
}

static void
take_event(struct roster *r, struct api_message *event)
{
	assert_int_equal(roster_take_event(r, event), ROSTER_TAKEN);
}

/* "1 old, 2 new*": the star is news. */
static void
expect(const struct roster *r, const char *wanted)
{
	char text[512] = "";

	for (size_t i = 0; i < r->n; i++) {
		const size_t n = strlen(text);

		(void)snprintf(text + n, sizeof text - n, "%s%u %s%s", i > 0 ? ", " : "",
			       (unsigned)r->rows[i].tunnel->tunnel, r->rows[i].tunnel->name,
			       r->rows[i].is_news ? "*" : "");
	}
	assert_string_equal(text, wanted);
}

static void
listed(struct roster *r)
{
	*r = (struct roster){ .n = 0 };
	take_page(r, 0, (const uint32_t[]){ 1, 2, 0 }, 5, "old");
	take_page(r, 5, (const uint32_t[]){ 5, 9, 0 }, 0, "old");
	expect(r, "1 old*, 2 old*, 5 old*, 9 old*");
	roster_forget_news(r);
}

/* ---- tests ---- */

static void
an_event_changes_its_own_tunnel_only(void **state)
{
	struct roster r;

	(void)state;
	listed(&r);
	take_event(&r, change_of(5, 0, "new"));
	expect(&r, "1 old, 2 old, 5 new*, 9 old");
	take_event(&r, change_of(5, 0, "newer"));
	expect(&r, "1 old, 2 old, 5 newer*, 9 old");
	roster_forget_news(&r);
	expect(&r, "1 old, 2 old, 5 newer, 9 old");
	assert_false(r.is_stale);
	roster_fini(&r);
}

static void
a_tunnel_that_was_not_there_finds_its_place(void **state)
{
	struct roster r;

	(void)state;
	listed(&r);
	take_event(&r, change_of(10, 0, "new"));
	take_event(&r, change_of(3, 0, "new"));
	expect(&r, "1 old, 2 old, 3 new*, 5 old, 9 old, 10 new*");
	roster_fini(&r);
}

static void
a_tunnel_that_has_ended_is_gone(void **state)
{
	struct roster r;

	(void)state;
	listed(&r);
	take_event(&r, end_of(2));
	take_event(&r, end_of(9));
	take_event(&r, end_of(4));
	expect(&r, "1 old, 5 old");
	take_event(&r, end_of(1));
	take_event(&r, end_of(5));
	expect(&r, "");
	roster_fini(&r);
}

static void
a_page_takes_the_place_of_what_lies_in_it(void **state)
{
	struct roster r;

	(void)state;
	listed(&r);
	take_page(&r, 0, (const uint32_t[]){ 2, 3, 0 }, 5, "new");
	expect(&r, "2 new*, 3 new*, 5 old, 9 old");
	take_page(&r, 5, (const uint32_t[]){ 0 }, 9, "new");
	expect(&r, "2 new*, 3 new*, 9 old");
	take_page(&r, 3, (const uint32_t[]){ 7, 0 }, 0, "last");
	expect(&r, "2 new*, 7 last*");
	take_page(&r, 0, (const uint32_t[]){ 0 }, 0, "none");
	expect(&r, "");
	roster_fini(&r);
}

static void
lost_events_make_it_stale(void **state)
{
	struct roster r;

	(void)state;
	listed(&r);
	take_event(&r, change_of(5, 3, "new"));
	assert_true(r.is_stale);
	roster_fini(&r);
}

static void
many_tunnels_are_kept(void **state)
{
	struct roster r = { .n = 0 };

	(void)state;
	for (uint32_t first = 1; first <= MANY; first += 50) {
		uint32_t numbers[51] = { 0 };

		for (uint32_t i = 0; i < 50; i++)
			numbers[i] = first + i;
		take_page(&r, first, numbers, first + 50 <= MANY ? first + 50 : 0, "old");
	}
	assert_int_equal(r.n, MANY);
	roster_forget_news(&r);
	for (uint32_t i = 1; i <= MANY; i += 2)
		take_event(&r, end_of(i));
	for (uint32_t i = 2; i <= MANY; i += 2)
		take_event(&r, change_of(i, 0, "new"));
	assert_int_equal(r.n, MANY / 2);
	for (size_t i = 0; i < r.n; i++) {
		assert_int_equal(r.rows[i].tunnel->tunnel, 2 * (i + 1));
		assert_string_equal(r.rows[i].tunnel->name, "new");
	}
	roster_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_changes_its_own_tunnel_only),
		cmocka_unit_test(a_tunnel_that_was_not_there_finds_its_place),
		cmocka_unit_test(a_tunnel_that_has_ended_is_gone),
		cmocka_unit_test(a_page_takes_the_place_of_what_lies_in_it),
		cmocka_unit_test(lost_events_make_it_stale),
		cmocka_unit_test(many_tunnels_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
