/* reports.c - one report of every kind, for the tests of the output
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/cli/reports.h"

#include <arpa/inet.h>

static const char *const states[] = { "idle", "wait-ctl-reply" };
static const char *const events[] = { "Local Open request", "Receive SCCRP" };
static const char *const actions[] = { "", "Send SCCRQ", "Send SCCCN" };
static const struct ut_question questions[] = {
	{ .name = "" }, { .name = "acceptable", .answers = { "no", "yes" }, .n_answers = 2 }
};
static const struct ut_row rows[] = {
	{ .source = "7.2.1 r1", .actions = { 1 }, .next = 1 },
	{ .source = "7.2.1 r6", .question = 1, .answer = 1, .actions = { 2, 1 }, .next = 0 },
	{ .source = "local: nothing", .next = 0 },
};
static const struct ut_machine machine = { .name = "l2tp-control",
					   .states = states,
					   .events = events,
					   .actions = actions,
					   .questions = questions,
					   .rows = rows };
static const struct ut_trace steps[] = {
	{ .machine = &machine, .next = 1 },
	{ .machine = &machine, .state = 1, .event = 1, .answer = 1, .row = 1 },
	{ .machine = &machine, .row = 2 }
};

#define REMOTE                                                                                      \
	{                                                                                           \
		.cause = UT_CAUSE_REMOTE, .scope = UT_END_STOPCCN_RECEIVED, .result = 2, .error = 6 \
	}
#define REJECTED                                        \
	{                                               \
		.cause = UT_CAUSE_PPPD_AUTH, .code = 19 \
	}
#define CDN                                                                         \
	{                                                                           \
		.cause = UT_CAUSE_REMOTE, .scope = UT_END_CDN_RECEIVED, .result = 3 \
	}
#define PPTP_CDN                                                                                     \
	{                                                                                            \
		.cause = UT_CAUSE_REMOTE, .scope = UT_END_PPTP_CDN_RECEIVED, .result = 2, .error = 4 \
	}
#define NO_ECHO                                                         \
	{                                                               \
		.cause = UT_CAUSE_NETWORK, .scope = UT_END_PPTP_NO_ECHO \
	}
#define USER                           \
	{                              \
		.cause = UT_CAUSE_USER \
	}

/* clang-format off */
static const struct host_report reports[] = {
{ .kind = HOST_ATTEMPT, .number = 1 },
{ .kind = HOST_RESOLVED, .since_start_us = 2104 },
{ .kind = HOST_DATA_PATH, .text = "ol2tp", .since_start_us = 3000 },
{ .kind = HOST_IPSEC, .text = "ESP protects the tunnel", .since_start_us = 3050 },
{ .kind = HOST_DIALLING, .since_start_us = 3100 },
{ .kind = HOST_NOTE, .text = "sent again, 2nd time", .since_start_us = 1003100 },
{ .kind = HOST_TRACE, .trace = &steps[0], .since_start_us = 3100 },
{ .kind = HOST_TRACE, .trace = &steps[1], .since_start_us = 3200 },
{ .kind = HOST_TRACE, .trace = &steps[2], .since_start_us = 3300 },
{ .kind = HOST_TUNNEL_UP, .text = "lns1", .local_tid = 4711, .peer_tid = 17, .since_start_us = 14020 },
{ .kind = HOST_SESSION_UP, .local_tid = 4711, .peer_tid = 17, .local_sid = 99, .peer_sid = 3, .since_start_us = 19999 },
{ .kind = HOST_PPP_UP, .interface = "ppp0", .local = "10.10.0.10", .remote = "10.10.0.1", .mtu = 1400,
  .dns = { "10.10.0.1", "10.10.0.2" }, .since_start_us = 290000 },
{ .kind = HOST_PPP_UP, .interface = "ppp1", .mtu = 1380, .since_start_us = 10290000 },
{ .kind = HOST_PPP_UP, .interface = "ppp2", .mtu = 1380, .has_mppe = true, .mppe_bits = 128, .since_start_us = 10290000 },
{ .kind = HOST_RESOLVED, .protocol = PROFILE_PPTP, .since_start_us = 2104 },
{ .kind = HOST_TUNNEL_UP, .protocol = PROFILE_PPTP, .text = "local", .since_start_us = 14020 },
{ .kind = HOST_SESSION_UP, .protocol = PROFILE_PPTP, .local_sid = 99, .peer_sid = 0, .since_start_us = 19999 },
{ .kind = HOST_PPP_UP, .protocol = PROFILE_PPTP, .interface = "ppp3", .mtu = 1380, .has_mppe = true, .since_start_us = 10290000 },
{ .kind = HOST_SESSION_ENDED, .protocol = PROFILE_PPTP, .end = PPTP_CDN, .text = "", .since_start_us = 61000000 },
{ .kind = HOST_TUNNEL_ENDED, .protocol = PROFILE_PPTP, .end = NO_ECHO, .text = "", .since_start_us = 62000000 },
{ .kind = HOST_ROUTE, .text = "10.20.0.0/16 via ppp0", .number = 1, .since_start_us = 291000 },
{ .kind = HOST_ROUTE, .text = "10.20.0.0/16 via ppp0", .number = 0, .since_start_us = 61000000 },
{ .kind = HOST_WARNING, .text = "the route 10.30.0.0/16 via ppp0 could not be made: cannot add a route: File exists",
  .since_start_us = 292000 },
{ .kind = HOST_SESSION_ENDED, .end = CDN, .text = "go\033[2J away\xff", .tx_octets = 812, .rx_octets = 3400000,
  .since_start_us = 61000000 },
{ .kind = HOST_PPP_ENDED, .end = REJECTED, .text = "", .since_start_us = 3700000000 },
{ .kind = HOST_TUNNEL_ENDED, .end = REMOTE, .text = "maintenance \"now\"", .since_start_us = 12000000000 },
{ .kind = HOST_BACKOFF, .end = REMOTE, .number = 1250, .since_start_us = 12000001000 },
{ .kind = HOST_ATTEMPT, .number = 2 },
{ .kind = HOST_ENDED, .end = USER, .status = 5, .text = "ended as asked", .since_start_us = 9999999 },
{ .kind = HOST_ENDED, .end = REJECTED, .status = 51, .text = "the server rejected joe's password: check --user and --password-file" },
};
/* clang-format on */

void
reports_tell(host_report_fn *each, void *ctx)
{
	for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++) {
		struct host_report r = reports[i];

		r.profile_name = "office";
		r.now.us = 1000000 + r.since_start_us;
		if (r.kind == HOST_RESOLVED) {
			r.address.in.sin_family = AF_INET;
			r.address.in.sin_port = htons(r.protocol == PROFILE_PPTP ? 1723 : 1701);
			(void)inet_pton(AF_INET, "192.0.2.7", &r.address.in.sin_addr);
		}
		each(ctx, &r);
	}
}
