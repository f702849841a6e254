/* test_mtpd.c - mtpd's argument list, its state file and its abort file
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/mtpd_abort.h"
#include "cli/mtpd_arguments.h"
#include "cli/mtpd_state.h"
#include "tests/guard.h"

/* ---- the argument list ---- */

struct list {
	uint8_t octets[MTPD_ARGUMENTS_OCTETS_MAX + 4096];
	size_t n;
};

static void
put(struct list *l, size_t length, const char *octets, size_t n)
{
	l->octets[l->n++] = (uint8_t)(length >> 8);
	l->octets[l->n++] = (uint8_t)length;
	memcpy(l->octets + l->n, octets, n);
	l->n += n;
}

static void
put_words(struct list *l, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put(l, strlen(words[i]), words[i], strlen(words[i]));
	put(l, 0xFFFF, "", 0);
}

static const char *const a_line[] = { "wlan0", "l2tp",	   "192.0.2.7", "1701",	    "",	    "name",
				      "joe",   "password", "x y",	"linkname", "vpn",  "mtu",
				      "1400",  "mru",	   "1400",	"idle",	    "1800", "refuse-eap" };
enum { A_LINE_N = sizeof a_line / sizeof a_line[0] };

static void
a_list_becomes_the_words_that_were_sent(void **state)
{
	struct list l = { .n = 0 };
	struct mtpd_arguments arguments;
	char *words[MTPD_ARGUMENTS_MAX];
	size_t offset;

	(void)state;
	put_words(&l, a_line, A_LINE_N);
	assert_int_equal(mtpd_arguments_decode(ut_slice(l.octets, l.n), &arguments, &offset),
			 MTPD_ARGUMENTS_OK);
	assert_int_equal(offset, l.n);
	assert_int_equal(arguments.n, A_LINE_N);
	mtpd_arguments_words(&arguments, l.octets, words);
	for (size_t i = 0; i < A_LINE_N; i++)
		assert_string_equal(words[i], a_line[i]);
}

static void
every_prefix_of_a_list_wants_more(void **state)
{
	struct guard g = guard_new(sizeof(struct list));
	struct list l = { .n = 0 };
	struct mtpd_arguments arguments;
	size_t offset;

	(void)state;
	put_words(&l, a_line, A_LINE_N);
	for (size_t n = 0; n < l.n; n++) {
		assert_int_equal(
		    mtpd_arguments_decode(guard_put(&g, ut_slice(l.octets, n)), &arguments, &offset),
		    MTPD_ARGUMENTS_MORE);
		assert_int_equal(offset, n);
	}
	guard_free(&g);
}

static enum mtpd_arguments_result
of_equal_words(size_t words, size_t octets, size_t *offset)
{
	static char text[2 * MTPD_ARGUMENT_OCTETS_MAX];
	static struct list l;
	struct mtpd_arguments arguments;

	l.n = 0;
	memset(text, 'x', sizeof text);
	for (size_t i = 0; i < words; i++)
		put(&l, octets, text, octets);
	put(&l, 0xFFFF, "", 0);
	return mtpd_arguments_decode(ut_slice(l.octets, l.n), &arguments, offset);
}

static void
the_limits_are_told_and_nothing_is_dropped(void **state)
{
	size_t offset;

	(void)state;
	assert_int_equal(of_equal_words(0, 0, &offset), MTPD_ARGUMENTS_OK);
	assert_int_equal(of_equal_words(31, 0, &offset), MTPD_ARGUMENTS_OK);
	assert_int_equal(of_equal_words(31, 1023, &offset), MTPD_ARGUMENTS_OK);
	assert_int_equal(offset, MTPD_ARGUMENTS_OCTETS_MAX);
	assert_int_equal(of_equal_words(32, 2, &offset), MTPD_ARGUMENTS_TOO_MANY);
	assert_int_equal(offset, 31 * 4);
	assert_int_equal(of_equal_words(1, 1024, &offset), MTPD_ARGUMENTS_TOO_LONG);
	assert_int_equal(offset, 0);
	assert_string_equal(mtpd_arguments_sentence(MTPD_ARGUMENTS_TOO_MANY),
			    "there are more than 31 arguments");
}

static const struct {
	const char *what, *octets;
	size_t n;
	enum mtpd_arguments_result result;
	size_t offset;
} bad_lists[] = {
	{ "an octet of 0", "\0\1a\0\3b\0c\xff\xff", 10, MTPD_ARGUMENTS_NUL, 6 },
	{ "an octet of 0 in a part", "\0\3b\0", 4, MTPD_ARGUMENTS_NUL, 3 },
	{ "octets behind the end", "\0\1a\xff\xff\0", 6, MTPD_ARGUMENTS_BEHIND, 5 },
	{ "a length just below the end mark", "\xff\xfe", 2, MTPD_ARGUMENTS_TOO_LONG, 0 },
	{ "half an end mark", "\0\1a\xff", 4, MTPD_ARGUMENTS_MORE, 4 },
};

static void
a_bad_list_is_refused_with_reason_and_offset(void **state)
{
	struct mtpd_arguments arguments = { .n = 77 };
	size_t offset;

	(void)state;
	for (size_t i = 0; i < sizeof bad_lists / sizeof bad_lists[0]; i++) {
		const enum mtpd_arguments_result result =
		    mtpd_arguments_decode(ut_slice(bad_lists[i].octets, bad_lists[i].n), &arguments, &offset);

		if (result != bad_lists[i].result || offset != bad_lists[i].offset)
			fail_msg("%s: result %d at %zu", bad_lists[i].what, (int)result, offset);
		assert_int_equal(arguments.n, 77);
	}
}

/* ---- the state file ---- */

/* What com.android.server.connectivity.Vpn takes: split at every newline, with empty fields, it is seven. */
static size_t
split(char *text, char *fields[16])
{
	size_t n = 0;

	for (char *at = text; at != NULL && n < 16;) {
		fields[n++] = at;
		at = strchr(at, '\n');
		if (at != NULL)
			*at++ = '\0';
	}
	return n;
}

static struct host_report
ppp_up(const char *local, const char *dns1, const char *dns2)
{
	struct host_report r = { .kind = HOST_PPP_UP, .interface = "ppp0", .mtu = 1400 };

	(void)snprintf(r.local, sizeof r.local, "%s", local);
	(void)snprintf(r.remote, sizeof r.remote, "10.10.0.1");
	(void)snprintf(r.dns[0], sizeof r.dns[0], "%s", dns1);
	(void)snprintf(r.dns[1], sizeof r.dns[1], "%s", dns2);
	return r;
}

static const struct {
	const char *what, *dns1, *dns2, *expected;
} dns_cases[] = {
	{ "two servers", "192.0.2.53", "192.0.2.54", "192.0.2.53 192.0.2.54" },
	{ "one server", "192.0.2.53", "", "192.0.2.53" },
	{ "only the second one", "", "192.0.2.54", "192.0.2.54" },
	{ "none", "", "", "" },
};

static void
the_state_has_the_seven_fields_of_ip_up_vpn(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof dns_cases / sizeof dns_cases[0]; i++) {
		const struct host_report r = ppp_up("10.10.0.10", dns_cases[i].dns1, dns_cases[i].dns2);
		const char *expected[MTPD_STATE_FIELDS] = {
			"ppp0", "10.10.0.10/32", "0.0.0.0/0", dns_cases[i].expected, "", "", ""
		};
		char text[MTPD_STATE_OCTETS], *fields[16];

		const size_t n = mtpd_state_format(&r, text);

		assert_int_equal(n, strlen(text));
		assert_int_equal(split(text, fields), MTPD_STATE_FIELDS);
		for (size_t f = 0; f < MTPD_STATE_FIELDS; f++)
			if (strcmp(fields[f], expected[f]) != 0)
				fail_msg("%s: field %zu is \"%s\"", dns_cases[i].what, f, fields[f]);
	}
}

static void
without_an_ipv4_address_there_is_no_state(void **state)
{
	const struct host_report ipv6_only = ppp_up("", "", "");
	struct host_report other = ppp_up("10.0.0.1", "", "");
	char text[MTPD_STATE_OCTETS];

	(void)state;
	other.kind = HOST_SESSION_UP;
	assert_int_equal(mtpd_state_format(&ipv6_only, text), 0);
	assert_int_equal(mtpd_state_format(&other, text), 0);
}

/* ---- files ---- */

struct folder {
	char path[64], file[96], beside[128];
};

static struct folder
folder_new(void)
{
	struct folder f = { .path = "/tmp/uptun-mtpd-XXXXXX" };

	assert_non_null(mkdtemp(f.path));
	(void)snprintf(f.file, sizeof f.file, "%s/file", f.path);
	(void)snprintf(f.beside, sizeof f.beside, "%s.tmp", f.file);
	return f;
}

static void
folder_free(const struct folder *f)
{
	(void)unlink(f->file);
	(void)unlink(f->beside);
	assert_int_equal(rmdir(f->path), 0);
}

static void
touch(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(close(fd), 0);
}

static void
the_state_takes_its_place_at_once_and_goes_away(void **state)
{
	const struct folder f = folder_new();
	char text[8] = "";
	struct stat s;
	int fd;

	(void)state;
	touch(f.file, "before");
	touch(f.beside, "left by one who was killed");
	fd = open(f.file, O_RDONLY); /* who reads the old one goes on reading the old one */
	assert_int_equal(mtpd_state_write(f.file, "now\n", 4), 0);
	assert_int_equal(read(fd, text, sizeof text), 6);
	assert_memory_equal(text, "before", 6);
	(void)close(fd);
	assert_int_equal(stat(f.file, &s), 0);
	assert_int_equal(s.st_size, 4);
	assert_int_equal(s.st_mode & 07777, 0644);
	assert_int_equal(access(f.beside, F_OK), -1);
	assert_int_equal(mtpd_state_remove(f.file), 0);
	assert_int_equal(access(f.file, F_OK), -1);
	assert_int_equal(mtpd_state_remove(f.file), 0);
	folder_free(&f);
}

static void
the_state_is_not_written_through_a_link(void **state)
{
	const struct folder f = folder_new();
	char victim[128];
	struct stat s;

	(void)state;
	(void)snprintf(victim, sizeof victim, "%s/victim", f.path);
	touch(victim, "mine");
	assert_int_equal(symlink(victim, f.beside), 0);
	assert_int_equal(mtpd_state_write(f.file, "now\n", 4), 0);
	assert_int_equal(stat(victim, &s), 0);
	assert_int_equal(s.st_mode & 07777, 0600);
	assert_int_equal(lstat(f.file, &s), 0);
	assert_true(S_ISREG(s.st_mode));
	(void)unlink(victim);
	folder_free(&f);
}

static void
a_state_that_cannot_be_written_is_an_error_and_leaves_nothing(void **state)
{
	const struct folder f = folder_new();
	char inside[160];

	(void)state;
	(void)snprintf(inside, sizeof inside, "%s/none/file", f.path);
	assert_int_equal(mtpd_state_write(inside, "now\n", 4), -ENOENT);
	assert_int_equal(mkdir(f.file, 0700), 0);
	assert_int_equal(mtpd_state_write(f.file, "now\n", 4), -EISDIR);
	assert_int_equal(access(f.beside, F_OK), -1);
	assert_int_equal(rmdir(f.file), 0);
	folder_free(&f);
}

/* ---- the abort file ---- */

/* Timestamps of files have the step of the kernel's tick. */
static void
let_a_tick_pass(void)
{
	(void)usleep(20000);
}

static void
an_abort_file_that_was_there_before_is_stale_until_it_is_made_anew(void **state)
{
	const struct folder f = folder_new();
	struct mtpd_abort a;

	(void)state;
	touch(f.file, "");
	mtpd_abort_begin(&a, f.file);
	assert_true(a.is_stale_there);
	assert_false(mtpd_abort_is_fresh(&a));
	let_a_tick_pass();
	assert_false(mtpd_abort_is_fresh(&a));
	touch(f.file, ""); /* as creat() does to one that is there */
	assert_true(mtpd_abort_is_fresh(&a));
	(void)unlink(f.file);
	assert_false(mtpd_abort_is_fresh(&a));
	touch(f.file, "");
	assert_true(mtpd_abort_is_fresh(&a));
	folder_free(&f);
}

static void
an_abort_file_that_appears_is_fresh(void **state)
{
	const struct folder f = folder_new();
	struct mtpd_abort a, none;

	(void)state;
	mtpd_abort_begin(&a, f.file);
	mtpd_abort_begin(&none, NULL);
	assert_false(a.is_stale_there);
	assert_false(mtpd_abort_is_fresh(&a));
	touch(f.file, "");
	assert_int_equal(chmod(f.file, 0), 0); /* racoon makes it so */
	assert_true(mtpd_abort_is_fresh(&a));
	assert_false(mtpd_abort_is_fresh(&none));
	folder_free(&f);
}

static bool
is_readable(int fd)
{
	fd_set set;
	struct timeval now = { .tv_sec = 0 };

	FD_ZERO(&set);
	FD_SET(fd, &set);
	return select(fd + 1, &set, NULL, NULL, &now) == 1;
}

static void
the_kernel_tells_of_an_abort_file_at_once(void **state)
{
	const struct folder f = folder_new();
	struct mtpd_abort a;

	(void)state;
	mtpd_abort_begin(&a, f.file);
	assert_int_equal(mtpd_abort_open(&a), 0);
	assert_false(is_readable(a.notice_fd));
	touch(f.file, "");
	assert_true(is_readable(a.notice_fd));
	mtpd_abort_heard(&a, a.notice_fd);
	assert_false(is_readable(a.notice_fd));
	mtpd_abort_close(&a);
	folder_free(&f);
}

static void
a_folder_that_comes_later_is_watched_from_the_next_look_on(void **state)
{
	const struct folder f = folder_new();
	char inside[160];
	struct mtpd_abort a;

	(void)state;
	(void)snprintf(inside, sizeof inside, "%s/later", f.file);
	mtpd_abort_begin(&a, inside);
	assert_int_equal(mtpd_abort_open(&a), 0);
	assert_int_equal(mkdir(f.file, 0700), 0);
	mtpd_abort_heard(&a, a.timer_fd);
	touch(inside, "");
	assert_true(is_readable(a.notice_fd));
	assert_true(mtpd_abort_is_fresh(&a));
	mtpd_abort_close(&a);
	(void)unlink(inside);
	assert_int_equal(rmdir(f.file), 0);
	folder_free(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_becomes_the_words_that_were_sent),
		cmocka_unit_test(every_prefix_of_a_list_wants_more),
		cmocka_unit_test(the_limits_are_told_and_nothing_is_dropped),
		cmocka_unit_test(a_bad_list_is_refused_with_reason_and_offset),
		cmocka_unit_test(the_state_has_the_seven_fields_of_ip_up_vpn),
		cmocka_unit_test(without_an_ipv4_address_there_is_no_state),
		cmocka_unit_test(the_state_takes_its_place_at_once_and_goes_away),
		cmocka_unit_test(the_state_is_not_written_through_a_link),
		cmocka_unit_test(a_state_that_cannot_be_written_is_an_error_and_leaves_nothing),
		cmocka_unit_test(an_abort_file_that_was_there_before_is_stale_until_it_is_made_anew),
		cmocka_unit_test(an_abort_file_that_appears_is_fresh),
		cmocka_unit_test(the_kernel_tells_of_an_abort_file_at_once),
		cmocka_unit_test(a_folder_that_comes_later_is_watched_from_the_next_look_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
