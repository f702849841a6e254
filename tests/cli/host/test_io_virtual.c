/* test_io_virtual.c - time that jumps, datagrams that get lost by a seed
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/io_virtual.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static union kb_sockaddr
address(uint32_t ip, uint16_t port)
{
	union kb_sockaddr a = {
		.in = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(ip) }
	};

	return a;
}

struct pair {
	struct ut_world *world;
	struct ut_io a, b;
	int a_fd, b_fd;
};

static struct pair
pair_open(const struct ut_world_spec *spec)
{
	struct pair p = { .world = ut_world_new(spec) };
	const union kb_sockaddr a = address(1, 10), b = address(2, 20);

	p.a = ut_world_io(p.world, &a);
	p.b = ut_world_io(p.world, &b);
	const struct kb_udp_spec to_b = { .peer = b, .local_port = 10 },
				 to_a = { .peer = a, .local_port = 20 };
	assert_int_equal(p.a.ops->udp_open(p.a.self, &to_b, &p.a_fd, NULL), 0);
	assert_int_equal(p.b.ops->udp_open(p.b.self, &to_a, &p.b_fd, NULL), 0);
	return p;
}

static void
pair_close(struct pair *p)
{
	p->a.ops->udp_close(p->a.self, p->a_fd);
	p->b.ops->udp_close(p->b.self, p->b_fd);
	assert_int_equal(ut_world_open_fds(p->world), 0);
	ut_world_free(p->world);
}

static void
a_datagram_arrives_after_its_delay(void **state)
{
	struct pair p = pair_open(&(struct ut_world_spec){ .seed = 1, .delay_us = 7000 });
	const uint64_t sent = ut_world_now(p.world).us;
	union kb_sockaddr from;
	char got[8];

	(void)state;
	assert_int_equal(p.a.ops->send(p.a.self, p.a_fd, "hello", 5, NULL), 5);
	assert_int_equal(p.b.ops->receive(p.b.self, p.b_fd, got, sizeof got, &from), -EAGAIN);
	assert_int_equal(p.b.ops->wait(p.b.self, NULL), 0);
	assert_int_equal(ut_world_now(p.world).us - sent, 7000);
	assert_int_equal(p.b.ops->receive(p.b.self, p.b_fd, got, sizeof got, &from), 5);
	assert_memory_equal(got, "hello", 5);
	assert_int_equal(ntohs(from.in.sin_port), 10);
	pair_close(&p);
}

static void
waiting_goes_no_further_than_asked(void **state)
{
	struct pair p = pair_open(&(struct ut_world_spec){ .seed = 1, .delay_us = 7000 });
	const struct ut_time until = { ut_world_now(p.world).us + 3000 };

	(void)state;
	(void)p.a.ops->send(p.a.self, p.a_fd, "x", 1, NULL);
	assert_int_equal(p.b.ops->wait(p.b.self, &until), 0);
	assert_int_equal(ut_world_now(p.world).us, until.us);
	pair_close(&p);
}

static void
waiting_for_nothing_is_told(void **state)
{
	struct pair p = pair_open(&(struct ut_world_spec){ .seed = 1 });

	(void)state;
	assert_int_equal(p.a.ops->wait(p.a.self, NULL), -EDEADLK);
	pair_close(&p);
}

static unsigned
count_arrivals(const struct ut_world_spec *spec, unsigned sent)
{
	struct pair p = pair_open(spec);
	union kb_sockaddr from;
	unsigned n = 0;
	char got[8];

	for (unsigned i = 0; i < sent; i++) {
		(void)p.a.ops->send(p.a.self, p.a_fd, "x", 1, NULL);
		while (ut_world_wait(p.world, NULL))
			n += p.b.ops->receive(p.b.self, p.b_fd, got, sizeof got, &from) == 1;
	}
	pair_close(&p);
	return n;
}

static void
losses_follow_the_seed(void **state)
{
	const struct ut_world_spec lossy = { .seed = 7, .loss = 300, .delay_us = 10 };
	const unsigned n = count_arrivals(&lossy, 1000);

	(void)state;
	assert_in_range(n, 640, 760);
	assert_int_equal(count_arrivals(&lossy, 1000), n);
}

static void
some_datagrams_arrive_twice(void **state)
{
	(void)state;
	assert_in_range(
	    count_arrivals(&(struct ut_world_spec){ .seed = 7, .duplication = 300, .delay_us = 10 }, 1000),
	    1240, 1360);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_datagram_arrives_after_its_delay),
		cmocka_unit_test(waiting_goes_no_further_than_asked),
		cmocka_unit_test(waiting_for_nothing_is_told),
		cmocka_unit_test(losses_follow_the_seed),
		cmocka_unit_test(some_datagrams_arrive_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
