/* test_io_stream.c - streams of both back ends: memory and the kernel behave alike
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/io_virtual.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TURNS_MAX = 2000, LARGE = 12 * 1000 * 1000 };

/* A listener on one side, a caller on the other. */
struct pair {
	struct ut_world *world; /* NULL: the kernel's */
	struct ut_io a, b;
	union kb_sockaddr address;
	int listener, a_fd, b_fd;
	unsigned a_ready, b_ready;
};

static union kb_sockaddr
address(uint32_t ip, uint16_t port)
{
	union kb_sockaddr a = {
		.in = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(ip) }
	};

	return a;
}

static void
on_a(void *ctx, int fd)
{
	struct pair *p = ctx;

	(void)fd;
	p->a_ready++;
}

static void
on_b(void *ctx, int fd)
{
	struct pair *p = ctx;

	(void)fd;
	p->b_ready++;
}

static void
turn(struct pair *p)
{
	const struct ut_time until = { p->a.ops->now(p->a.self).us + 2000 };

	assert_int_equal(p->a.ops->wait(p->a.self, &until), 0);
}

static void
wait_for_a(struct pair *p)
{
	p->a_ready = 0;
	for (int i = 0; i < TURNS_MAX && p->a_ready == 0; i++)
		turn(p);
	assert_true(p->a_ready > 0);
}

static void
wait_for_b(struct pair *p)
{
	p->b_ready = 0;
	for (int i = 0; i < TURNS_MAX && p->b_ready == 0; i++)
		turn(p);
	assert_true(p->b_ready > 0);
}

/* `spec` NULL: the kernel's. */
static void
make(struct pair *p, const struct ut_world_spec *spec)
{
	const union kb_sockaddr a = address(1, 0), b = address(2, 0);

	*p = (struct pair){ .listener = -1, .a_fd = -1, .b_fd = -1, .address = address(0x7f000001, 0) };
	if (spec == NULL) {
		assert_int_equal(ut_io_epoll_new(&p->a), 0);
		p->b = p->a;
		return;
	}
	p->world = ut_world_new(spec);
	p->a = ut_world_io(p->world, &a);
	p->b = ut_world_io(p->world, &b);
	p->address = address(2, 1723);
}

static void
listen_at(struct pair *p)
{
	assert_int_equal(p->b.ops->tcp_listen(p->b.self, &p->address, &p->listener, NULL), 0);
	assert_int_equal(p->b.ops->watch(p->b.self, p->listener, on_b, p), 0);
	assert_int_equal(p->b.ops->tcp_local(p->b.self, p->listener, &p->address, NULL), 0);
}

static void
call(struct pair *p)
{
	const struct kb_tcp_spec spec = { .peer = p->address };

	assert_int_equal(p->a.ops->tcp_connect(p->a.self, &spec, &p->a_fd, NULL), 0);
	assert_int_equal(p->a.ops->watch(p->a.self, p->a_fd, on_a, p), 0);
	assert_int_equal(p->a.ops->watch_for(p->a.self, p->a_fd, false, true), 0);
}

static void
connect_both(struct pair *p)
{
	union kb_sockaddr peer, local;

	listen_at(p);
	call(p);
	wait_for_b(p);
	assert_int_equal(p->b.ops->tcp_accept(p->b.self, p->listener, &p->b_fd, &peer, NULL), 1);
	assert_int_equal(p->b.ops->tcp_accept(p->b.self, p->listener, &p->b_fd, &peer, NULL), 0);
	assert_int_equal(p->b.ops->watch(p->b.self, p->b_fd, on_b, p), 0);
	while (p->a.ops->tcp_connected(p->a.self, p->a_fd, &p->address, NULL) == -EINPROGRESS)
		wait_for_a(p);
	assert_int_equal(p->a.ops->tcp_local(p->a.self, p->a_fd, &local, NULL), 0);
	assert_int_equal(local.in.sin_port, peer.in.sin_port);
	assert_int_equal(p->a.ops->watch_for(p->a.self, p->a_fd, true, false), 0);
}

static void
close_fd(const struct ut_io *io, int fd, bool by_reset)
{
	if (fd < 0)
		return;
	io->ops->unwatch(io->self, fd);
	io->ops->tcp_close(io->self, fd, by_reset);
}

static void
end(struct pair *p)
{
	close_fd(&p->a, p->a_fd, false);
	close_fd(&p->b, p->b_fd, false);
	close_fd(&p->b, p->listener, false);
	if (p->world != NULL) {
		assert_int_equal(ut_world_open_fds(p->world), 0);
		ut_world_free(p->world);
	} else {
		ut_io_epoll_free(&p->a);
	}
}

static const struct ut_world_spec calm = { .seed = 1, .delay_us = 300 };
static const struct ut_world_spec *const back_ends[] = { &calm, NULL };

#define FOR_EACH_BACK_END(i) for (size_t i = 0; i < sizeof back_ends / sizeof back_ends[0]; i++)

static ssize_t
receive_a(struct pair *p, char *to, size_t n)
{
	return p->a.ops->tcp_receive(p->a.self, p->a_fd, to, n);
}

/* ---- the tests ---- */

static void
octets_travel_both_ways(void **state)
{
	struct pair p;
	char got[8];

	(void)state;
	FOR_EACH_BACK_END(i)
	{
		make(&p, back_ends[i]);
		connect_both(&p);
		assert_int_equal(receive_a(&p, got, sizeof got), -EAGAIN);
		assert_int_equal(p.b.ops->tcp_send(p.b.self, p.b_fd, "hello", 5), 5);
		wait_for_a(&p);
		assert_int_equal(receive_a(&p, got, 3), 3);
		assert_int_equal(receive_a(&p, got + 3, sizeof got - 3), 2);
		assert_memory_equal(got, "hello", 5);
		assert_int_equal(p.a.ops->tcp_send(p.a.self, p.a_fd, "x", 1), 1);
		wait_for_b(&p);
		assert_int_equal(p.b.ops->tcp_receive(p.b.self, p.b_fd, got, sizeof got), 1);
		end(&p);
	}
}

static void
where_nobody_listens_the_call_is_refused(void **state)
{
	struct pair p;

	(void)state;
	FOR_EACH_BACK_END(i)
	{
		make(&p, back_ends[i]);
		listen_at(&p); /* so that the address has a port */
		close_fd(&p.b, p.listener, false);
		p.listener = -1;
		call(&p);
		wait_for_a(&p);
		assert_int_equal(p.a.ops->tcp_connected(p.a.self, p.a_fd, &p.address, NULL), -ECONNREFUSED);
		end(&p);
	}
}

static void
a_fin_is_the_last_and_the_other_way_stays_open(void **state)
{
	struct pair p;
	char got[8];

	(void)state;
	FOR_EACH_BACK_END(i)
	{
		make(&p, back_ends[i]);
		connect_both(&p);
		assert_int_equal(p.b.ops->tcp_send(p.b.self, p.b_fd, "end", 3), 3);
		p.b.ops->tcp_shutdown(p.b.self, p.b_fd);
		assert_int_equal(p.b.ops->tcp_send(p.b.self, p.b_fd, "x", 1), -EPIPE);
		wait_for_a(&p);
		assert_int_equal(receive_a(&p, got, sizeof got), 3);
		wait_for_a(&p);
		assert_int_equal(receive_a(&p, got, sizeof got), 0);
		assert_int_equal(p.a.ops->watch_for(p.a.self, p.a_fd, false, false), 0);
		assert_int_equal(p.a.ops->tcp_send(p.a.self, p.a_fd, "more", 4), 4);
		wait_for_b(&p);
		assert_int_equal(p.b.ops->tcp_receive(p.b.self, p.b_fd, got, sizeof got), 4);
		end(&p);
	}
}

static void
a_half_closed_stream_that_is_not_read_is_quiet(void **state)
{
	struct pair p;

	(void)state;
	FOR_EACH_BACK_END(i)
	{
		make(&p, back_ends[i]);
		connect_both(&p);
		p.b.ops->tcp_shutdown(p.b.self, p.b_fd);
		wait_for_a(&p);
		assert_int_equal(p.a.ops->watch_for(p.a.self, p.a_fd, false, false), 0);
		p.a_ready = 0;
		turn(&p);
		turn(&p);
		assert_int_equal(p.a_ready, 0);
		end(&p);
	}
}

static void
a_reset_is_told_once(void **state)
{
	struct pair p;
	char got[8];

	(void)state;
	FOR_EACH_BACK_END(i)
	{
		make(&p, back_ends[i]);
		connect_both(&p);
		close_fd(&p.b, p.b_fd, true);
		p.b_fd = -1;
		wait_for_a(&p);
		assert_int_equal(receive_a(&p, got, sizeof got), -ECONNRESET);
		assert_int_equal(receive_a(&p, got, sizeof got), 0);
		assert_int_equal(p.a.ops->tcp_send(p.a.self, p.a_fd, "x", 1), -EPIPE);
		end(&p);
	}
}

static void
what_reaches_nobody_is_answered_by_a_reset(void **state)
{
	struct pair p;
	char got[8];

	(void)state;
	FOR_EACH_BACK_END(i)
	{
		make(&p, back_ends[i]);
		connect_both(&p);
		close_fd(&p.b, p.b_fd, false);
		p.b_fd = -1;
		wait_for_a(&p);
		assert_int_equal(receive_a(&p, got, sizeof got), 0);
		assert_int_equal(p.a.ops->watch_for(p.a.self, p.a_fd, false, false), 0);
		assert_int_equal(p.a.ops->tcp_send(p.a.self, p.a_fd, "x", 1), 1);
		wait_for_a(&p);
		assert_int_equal(p.a.ops->tcp_send(p.a.self, p.a_fd, "x", 1), -EPIPE);
		end(&p);
	}
}

/* Sends `n` octets, waiting where there is no room, while the other end reads. */
static void
pump(struct pair *p, const char *from, char *to, size_t n)
{
	size_t sent = 0, received = 0;
	unsigned short_writes = 0;

	while (received < n) {
		const ssize_t s =
		    sent < n ? p->a.ops->tcp_send(p->a.self, p->a_fd, from + sent, n - sent) : -EAGAIN;
		const ssize_t r = p->b.ops->tcp_receive(p->b.self, p->b_fd, to + received, n - received);

		assert_true(s > 0 || s == -EAGAIN);
		assert_true(r > 0 || r == -EAGAIN);
		sent += s > 0 ? (size_t)s : 0;
		received += r > 0 ? (size_t)r : 0;
		short_writes += s > 0 && sent < n;
		if (s < 0 && r < 0) {
			assert_int_equal(p->a.ops->watch_for(p->a.self, p->a_fd, true, sent < n), 0);
			turn(p);
		}
	}
	assert_true(short_writes > 0);
}

static void
more_than_there_is_room_for_takes_several_writes(void **state)
{
	static const struct ut_world_spec narrow = {
		.seed = 1, .delay_us = 300, .stream_room = 7, .stream_chunk = 3
	};
	struct pair p;
	char *from = malloc(LARGE), *to = malloc(LARGE);

	(void)state;
	for (size_t i = 0; i < LARGE; i++)
		from[i] = (char)(i * 7 + i / 251);
	make(&p, NULL);
	connect_both(&p);
	pump(&p, from, to, LARGE);
	assert_memory_equal(from, to, LARGE);
	end(&p);
	make(&p, &narrow);
	connect_both(&p);
	pump(&p, from, to, 1000);
	assert_memory_equal(from, to, 1000);
	end(&p);
	free(from);
	free(to);
}

static void
what_is_under_way_waits_while_the_world_is_cut(void **state)
{
	struct pair p;
	char got[8];

	(void)state;
	make(&p, &calm);
	connect_both(&p);
	ut_world_cut(p.world, true);
	assert_int_equal(p.b.ops->tcp_send(p.b.self, p.b_fd, "late", 4), 4);
	turn(&p);
	turn(&p);
	assert_int_equal(receive_a(&p, got, sizeof got), -EAGAIN);
	ut_world_cut(p.world, false);
	wait_for_a(&p);
	assert_int_equal(receive_a(&p, got, sizeof got), 4);
	end(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(octets_travel_both_ways),
		cmocka_unit_test(where_nobody_listens_the_call_is_refused),
		cmocka_unit_test(a_fin_is_the_last_and_the_other_way_stays_open),
		cmocka_unit_test(a_half_closed_stream_that_is_not_read_is_quiet),
		cmocka_unit_test(a_reset_is_told_once),
		cmocka_unit_test(what_reaches_nobody_is_answered_by_a_reset),
		cmocka_unit_test(more_than_there_is_room_for_takes_several_writes),
		cmocka_unit_test(what_is_under_way_waits_while_the_world_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
