/* test_mtpd_log.c - what a whole life looks like in mtpd's log, compared with what mtpd wrote
 * SPDX-License-Identifier: Apache-2.0
 *
 * The tables below have N in the place of every number.  The listing is that of the page that asked for uptun; where it
 * is at hand (../shared), every line of mtpd in it has to be in the table.
 */
#include "cli/mtpd_log.h"
#include "tests/cli/host/rig.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define S (UINT64_C(1000000))
#define LISTING "../shared/seed-lmg-kernel-ppp.txt"

enum { LOG_OCTETS = 65536, LINE_OCTETS = 256, LINES_MAX = 128 };

static const struct ut_world_spec calm = { .seed = 1, .delay_us = 5000 };

/* ---- lines with N for numbers ---- */

struct lines {
	char v[LINES_MAX][LINE_OCTETS];
	size_t n;
};

static void
put_line(struct lines *to, const char *line, size_t n)
{
	char *out = to->v[to->n];

	assert_true(to->n < LINES_MAX && n < LINE_OCTETS);
	for (size_t i = 0; i < n; i++) {
		const bool in_number = i > 0 && isdigit((unsigned char)line[i - 1]);

		if (isdigit((unsigned char)line[i]) && in_number)
			continue;
		*out++ = isdigit((unsigned char)line[i]) && (i == 0 || !isalpha((unsigned char)line[i - 1]))
			     ? 'N'
			     : line[i];
	}
	*out = '\0';
	to->n++;
}

static size_t
find_from(const struct lines *lines, size_t from, const char *wanted)
{
	for (size_t i = from; i < lines->n; i++)
		if (strcmp(lines->v[i], wanted) == 0)
			return i;
	return SIZE_MAX;
}

/* ---- a run ---- */

struct run_of_ours {
	struct rig *rig;
	struct mtpd_log log;
	struct host_observer observer;
	FILE *file;
	char *text;
	size_t octets;
	struct lines lines;
};

/* The rig's driver stands for the one of the listing. */
static void
hear(void *ctx, const struct host_report *report)
{
	struct run_of_ours *run = ctx;
	struct host_report as_ol2tp = *report;

	if (report->kind == HOST_DATA_PATH)
		as_ol2tp.text = report->protocol == PROFILE_PPTP ? "pptp" : "ol2tp";
	mtpd_log_report(&run->log, &as_ol2tp);
}

static struct run_of_ours *
run_new(enum profile_protocol protocol)
{
	struct run_of_ours *run = calloc(1, sizeof *run);

	assert_non_null(run);
	run->rig = rig_new(&calm);
	run->file = open_memstream(&run->text, &run->octets);
	assert_non_null(run->file);
	run->observer.step = mtpd_log_step;
	run->rig->observer = &run->observer;
	run->rig->observer_ctx = &run->log;
	run->rig->listener = hear;
	run->rig->listener_ctx = run;
	run->rig->profile->protocol = protocol;
	run->rig->profile->server_port = protocol == PROFILE_PPTP ? 1723 : 1701;
	run->rig->profile->pptp = (struct profile_pptp){
		.host_name = "client", .echo_interval_s = 60, .reply_timeout_s = 20, .window = 64
	};
	run->rig->addresses[0].in.sin_port = htons((uint16_t)run->rig->profile->server_port);
	(void)snprintf(run->rig->profile->interface, sizeof run->rig->profile->interface, "eth0");
	mtpd_log_begin(&run->log, run->file, run->rig->profile);
	return run;
}

static void
take_lines(struct run_of_ours *run)
{
	(void)fflush(run->file);
	run->lines.n = 0;
	for (const char *at = run->text, *end; (end = strchr(at, '\n')) != NULL; at = end + 1)
		put_line(&run->lines, at, (size_t)(end - at));
}

static void
run_free(struct run_of_ours *run)
{
	rig_end(run->rig);
	(void)fclose(run->file);
	free(run->text);
	free(run);
}

/* All that was logged, line by line. */
static void
check_lines(const struct lines *got, const char *const *expected, size_t n)
{
	for (size_t i = 0; i < n && i < got->n; i++)
		assert_string_equal(got->v[i], expected[i]);
	if (got->n != n)
		fail_msg("%zu lines, expected %zu; the next: %s", got->n, n,
			 got->n > n ? got->v[n] : expected[got->n]);
}

/* ---- what mtpd wrote, and what of it we write ---- */

enum same {
	SAME,	  /* we write it, in this order */
	MOVED,	  /* we write it, but where we do it */
	OTHER,	  /* we write something else: docs/mtpd.md says why */
	ELSEWHERE /* we write it, but not in this life: mtpd_program.sh sees it */
};

static const struct {
	enum same same;
	const char *mtpd, *ours; /* ours: of OTHER */
} listing[] = {
	{ SAME, "I mtpd    : Using protocol l2tp", NULL },
	{ OTHER, "I mtpd    : Connecting to port N via eth0",
	  "I mtpd    : Connecting to server.example port N via eth0" },
	{ OTHER, "I mtpd    : Connection established (socket = N)", "I mtpd    : Connection established" },
	{ SAME, "D mtpd    : Sending SCCRQ (local_tunnel = N)", NULL },
	{ SAME, "D mtpd    : Timeout -> Sending SCCRQ", NULL },
	{ SAME, "D mtpd    : Received SCCRP (remote_tunnel = N) -> Sending SCCCN", NULL },
	{ OTHER, "D mtpd    : Received ACK -> Sending ICRQ (local_session = N)",
	  "D mtpd    : Sending ICRQ (local_session = N)" },
	{ MOVED, "I mtpd    : Tunnel established", NULL },
	{ OTHER, "D mtpd    : Received ICRP (remote_session = N) -> Sending ICCN",
	  "D mtpd    : Received ICRP (remote_session = N)" },
	{ MOVED, "D mtpd    : Received ACK", NULL },
	{ MOVED, "I mtpd    : Session established", NULL },
	{ SAME, "I mtpd    : Creating PPPoX tunnel socket...", NULL },
	{ SAME, "I mtpd    : Connecting to tunnel socket...", NULL },
	{ SAME, "I mtpd    : Creating PPPoX session socket...", NULL },
	{ SAME, "I mtpd    : Connecting to session socket...", NULL },
	{ OTHER, "I mtpd    : Starting pppd (tunnel_fd = N, session_fd = N)", "I mtpd    : Starting pppd" },
	{ SAME, "I mtpd    : Pppd started (pid = N)", NULL },
	{ SAME, "I mtpd    : Pppd is terminated (status = N)", NULL },
	{ SAME, "D mtpd    : Sending STOPCCN", NULL },
	{ SAME, "I mtpd    : Mtpd is terminated (status = N)", NULL },
	{ ELSEWHERE, "I mtpd    : Received signal N", NULL },
};
enum { LISTING_N = sizeof listing / sizeof listing[0] };

static size_t
place_in_listing(const char *line)
{
	for (size_t i = 0; i < LISTING_N; i++)
		if (strcmp(listing[i].mtpd, line) == 0)
			return i;
	return SIZE_MAX;
}

/* The server is silent at first, and then the password is wrong. */
static struct run_of_ours *
run_of_the_listing(void)
{
	struct run_of_ours *run = run_new(PROFILE_L2TP);

	run->rig->server.is_silent = true;
	run->rig->ppp_wstatus = 19 << 8;
	rig_start(run->rig);
	(void)rig_run(run->rig, S + S / 2);
	run->rig->server.is_silent = false;
	assert_true(rig_run(run->rig, 20 * S));
	mtpd_log_end(&run->log, run->rig->status);
	take_lines(run);
	return run;
}

static void
the_lines_of_the_listing_are_ours_too(void **state)
{
	struct run_of_ours *run = run_of_the_listing();
	size_t at = 0;

	(void)state;
	for (size_t i = 0; i < LISTING_N; i++) {
		const bool is_other = listing[i].same == OTHER;
		const size_t place = find_from(&run->lines, listing[i].same == SAME ? at : 0,
					       is_other ? listing[i].ours : listing[i].mtpd);

		if (listing[i].same == ELSEWHERE)
			continue;
		if (place == SIZE_MAX)
			fail_msg("not there: %s", is_other ? listing[i].ours : listing[i].mtpd);
		if (is_other && find_from(&run->lines, 0, listing[i].mtpd) != SIZE_MAX)
			fail_msg("no difference any more: %s", listing[i].mtpd);
		if (listing[i].same == SAME)
			at = place + 1;
	}
	assert_int_equal(run->rig->status, 51);
	assert_non_null(strstr(run->text, "I mtpd    : Pppd is terminated (status = 19)\n"));
	assert_non_null(strstr(run->text, "I mtpd    : Mtpd is terminated (status = 51)\n"));
	run_free(run);
}

/* "05-11 01:37:46.448  1768  1768 I mtpd    : Using ..." from its level on; NULL: not of mtpd. */
static const char *
of_mtpd(const char *line)
{
	const char *tag = strstr(line, " mtpd    : ");

	return tag != NULL && tag > line ? tag - 1 : NULL;
}

static void
the_listing_is_the_one_of_the_page(void **state)
{
	FILE *page = fopen(LISTING, "r");
	char line[1024];
	size_t n = 0;

	(void)state;
	if (page == NULL) {
		print_message("%s is not there: not compared\n", LISTING);
		skip();
	}
	while (fgets(line, sizeof line, page) != NULL) {
		const char *from = of_mtpd(line);
		struct lines one = { .n = 0 };

		if (from == NULL)
			continue;
		n++;
		put_line(&one, from, strcspn(from, "\n"));
		if (place_in_listing(one.v[0]) == SIZE_MAX)
			fail_msg("not in the table: %s", one.v[0]);
	}
	(void)fclose(page);
	assert_true(n > LISTING_N);
}

/* ---- whole lives ---- */

static const char *const life_of_l2tp[] = {
	"I mtpd    : Using protocol l2tp",
	"I mtpd    : Connecting to server.example port N via eth0",
	"I mtpd    : Connection established",
	"D mtpd    : Sending SCCRQ (local_tunnel = N)",
	"D mtpd    : Received SCCRP (remote_tunnel = N) -> Sending SCCCN",
	"I mtpd    : Tunnel established",
	"D mtpd    : Sending ICRQ (local_session = N)",
	"D mtpd    : Received ACK",
	"D mtpd    : Received ICRP (remote_session = N)",
	"I mtpd    : Creating PPPoX tunnel socket...",
	"I mtpd    : Connecting to tunnel socket...",
	"I mtpd    : Creating PPPoX session socket...",
	"I mtpd    : Connecting to session socket...",
	"I mtpd    : Session established",
	"D mtpd    : Sending ICCN",
	"I mtpd    : Starting pppd",
	"I mtpd    : Pppd started (pid = N)",
	"D mtpd    : Received ACK",
	"I mtpd    : Sending signal to pppd (pid = N)",
	"D mtpd    : Sending CDN",
	"D mtpd    : Sending STOPCCN",
	"D mtpd    : Received ACK",
	"I mtpd    : closed as asked",
	"I mtpd    : Mtpd is terminated (status = N)",
};

static const char *const life_of_pptp[] = {
	"I mtpd    : Using protocol pptp",
	"I mtpd    : Connecting to server.example port N via eth0",
	"I mtpd    : Connection established",
	"D mtpd    : Sending SCCRQ",
	"D mtpd    : Received SCCRP",
	"I mtpd    : Tunnel established",
	"D mtpd    : Sending OCRQ (local = N)",
	"D mtpd    : Received OCRP (remote = N)",
	"I mtpd    : Creating PPPoX socket",
	"I mtpd    : Session established",
	"I mtpd    : Starting pppd",
	"I mtpd    : Pppd started (pid = N)",
	"W mtpd    : ppp0 is not encrypted: everything in it can be read on the way; --mppe require would "
	"insist "
	"on encryption",
	"I mtpd    : Sending signal to pppd (pid = N)",
	"D mtpd    : Sending CCRQ (local = N)",
	"D mtpd    : Received CDN (remote = N) -> Sending STOPCCRQ",
	"D mtpd    : Received STOPCCRP",
	"I mtpd    : closed as asked",
	"I mtpd    : Mtpd is terminated (status = N)",
};

static void
check_life(enum profile_protocol protocol, const char *const *expected, size_t n)
{
	struct run_of_ours *run = run_new(protocol);

	rig_start(run->rig);
	assert_true(rig_run_until(run->rig, HOST_PPP_UP, 1, 5 * S));
	(void)rig_run(run->rig, S / 10);
	rig_stop_in(run->rig, S);
	assert_true(rig_run(run->rig, 10 * S));
	mtpd_log_end(&run->log, run->rig->status);
	take_lines(run);
	check_lines(&run->lines, expected, n);
	run_free(run);
}

static void
a_life_of_l2tp_reads_so(void **state)
{
	(void)state;
	check_life(PROFILE_L2TP, life_of_l2tp, sizeof life_of_l2tp / sizeof life_of_l2tp[0]);
}

static void
a_life_of_pptp_reads_so(void **state)
{
	(void)state;
	check_life(PROFILE_PPTP, life_of_pptp, sizeof life_of_pptp / sizeof life_of_pptp[0]);
}

/* What the server's end of it reads like, from the message on. */
static void
check_hang_up(enum profile_protocol protocol, void (*hang_up)(struct rig *rig), const char *first)
{
	struct run_of_ours *run = run_new(protocol);
	size_t at;

	rig_start(run->rig);
	assert_true(rig_run_until(run->rig, HOST_PPP_UP, 1, 5 * S));
	(void)rig_run(run->rig, S / 10);
	hang_up(run->rig);
	(void)rig_run(run->rig, 20 * S);
	take_lines(run);
	at = find_from(&run->lines, 0, first);
	if (at == SIZE_MAX)
		fail_msg("not there: %s, in %s", first, run->text);
	assert_string_equal(run->lines.v[at + 1], "I mtpd    : Remote server hung up");
	assert_int_equal(find_from(&run->lines, at + 2, "I mtpd    : Remote server hung up"), SIZE_MAX);
	run_free(run);
}

static void
a_server_that_ends_it_hung_up(void **state)
{
	(void)state;
	check_hang_up(PROFILE_L2TP, rig_server_closes, "D mtpd    : Received STOPCCN");
	check_hang_up(PROFILE_L2TP, rig_server_hangs_up, "D mtpd    : Received CDN (local_session = N)");
	check_hang_up(PROFILE_PPTP, rig_server_closes, "D mtpd    : Received STOPCCRQ -> Sending STOPCCRP");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_lines_of_the_listing_are_ours_too),
		cmocka_unit_test(the_listing_is_the_one_of_the_page),
		cmocka_unit_test(a_life_of_l2tp_reads_so),
		cmocka_unit_test(a_life_of_pptp_reads_so),
		cmocka_unit_test(a_server_that_ends_it_hung_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
