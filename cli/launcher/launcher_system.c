/* launcher_system.c - a host's machine whose pppds are the launcher's children
 * SPDX-License-Identifier: Apache-2.0
 *
 * Requests are answered one by one, so what is readable between two of them is the launcher's end only.  After an answer
 * that is late or none of ours the two do not understand each other any more: the connection is shut, whereupon the
 * launcher cleans up and launcher_fd() is readable.
 */
#include "cli/launcher/launcher.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/launcher/record.h"
#include "kernel-bridge/kb_pass.h"

/* ---- exchanges ---- */

static int
lose(struct launcher *l, int err, struct kb_error *why)
{
	(void)shutdown(l->fd, SHUT_RDWR);
	return kb_fail(why, err, "the launcher does not answer any more (%s): restart the daemon",
		       strerror(err));
}

static int
tell(struct launcher *l, struct launcher_request *request, int fd, struct kb_error *why)
{
	uint8_t octets[LAUNCHER_RECORD_MAX];
	const struct kb_passed with = { .fds = { fd }, .n = fd >= 0 ? 1 : 0 };

	request->exchange = ++l->exchange;
	const size_t n = launcher_request_write(request, octets, sizeof octets);
	const int r = n > 0 ? kb_pass_send(l->fd, octets, n, &with) : 0;
	explicit_bzero(octets, n > 0 ? n : sizeof octets); /* a password goes before what did not fit */
	if (n == 0)
		return kb_fail(why, E2BIG, "the options for pppd are longer than %d octets",
			       LAUNCHER_OPTIONS_OCTETS);
	return r < 0 ? lose(l, -r, why) : 0;
}

static int
hear(struct launcher *l, struct launcher_reply *reply, struct kb_passed *passed, struct kb_error *why)
{
	uint8_t octets[LAUNCHER_REPLY_MAX];
	const ssize_t n = kb_pass_receive(l->fd, octets, sizeof octets, passed);

	if (n <= 0)
		return lose(l, n == 0 ? EPIPE : (int)-n, why);
	if (launcher_reply_read(octets, (size_t)n, reply) < 0 || reply->exchange != l->exchange) {
		kb_pass_close(passed);
		return lose(l, EPROTO, why);
	}
	return 0;
}

/* `fd`: goes with the request; -1: none. */
static int
exchange(struct launcher *l, struct launcher_request *request, int fd, struct launcher_reply *reply,
	 struct kb_passed *passed, struct kb_error *why)
{
	const int r = tell(l, request, fd, why);

	return r < 0 ? r : hear(l, reply, passed, why);
}

int
launcher_own_socket(struct launcher *l, struct kb_error *why)
{
	struct launcher_request request = { .kind = LAUNCHER_SOCKET };

	return tell(l, &request, -1, why);
}

/* ---- pppd ---- */

static int
copy_words(const char *const *from, const char *to[LAUNCHER_WORDS_MAX + 1], struct kb_error *why)
{
	size_t n = 0;

	for (; from != NULL && from[n] != NULL; n++) {
		if (n == LAUNCHER_WORDS_MAX)
			return kb_fail(why, E2BIG, "pppd gets %d options at most", LAUNCHER_WORDS_MAX);
		to[n] = from[n];
	}
	to[n] = NULL;
	return 0;
}

/* The string fits `room`, NUL included; NULL is "". */
static int
copy_text(const char *from, char *to, size_t room, const char *what, struct kb_error *why)
{
	const size_t n = from != NULL ? strlen(from) : 0;

	if (n >= room)
		return kb_fail(why, EINVAL, "%s has %zu octets, and may have %zu", what, n, room - 1);
	if (n > 0)
		memcpy(to, from, n);
	to[n] = '\0';
	return 0;
}

static int
make_request(const struct kb_pppd_request *from, struct launcher_request *to, struct kb_error *why)
{
	*to = (struct launcher_request){
		.kind = LAUNCHER_START,
		.stock_plugin = from->stock_plugin,
		.use_peer_dns = from->use_peer_dns,
		.mtu = from->mtu,
		.mru = from->mru,
		.mppe = from->mppe,
		.password = ut_slice(from->password != NULL ? from->password : (const uint8_t *)"",
				     from->password != NULL ? from->password_octets : 0),
	};
	int r = copy_text(from->ifname, to->ifname, sizeof to->ifname, "the interface's name", why);
	if (r == 0)
		r = copy_text(from->user, to->user, sizeof to->user, "the user's name", why);
	if (r == 0)
		r = copy_words(from->options, to->words, why);
	return r;
}

/* A pidfd, and the plugin's reports unless it is the stock one. */
static int
take_pppd(const struct launcher_reply *reply, const struct kb_passed *passed, bool has_reports,
	  struct kb_pppd *out)
{
	if (reply->pid <= 1 || passed->n != (has_reports ? 2 : 1))
		return -EPROTO;
	*out = (struct kb_pppd){ .pid = reply->pid,
				 .pidfd = passed->fds[0],
				 .report_fd = has_reports ? passed->fds[1] : -1 };
	return 0;
}

static int
launcher_ppp_start(void *self, const struct kb_pppd_request *request, struct kb_pppd *out,
		   struct kb_error *why)
{
	struct launcher *l = self;
	struct launcher_request mine;
	struct launcher_reply reply = { .pid = -1 };
	struct kb_passed passed = { .n = 0 };
	int r = make_request(request, &mine, why);

	if (r == 0)
		r = exchange(l, &mine, request->session_fd, &reply, &passed, why);
	if (r < 0)
		return r;
	if (reply.result == 0 && take_pppd(&reply, &passed, !request->stock_plugin, out) == 0)
		return 0;
	kb_pass_close(&passed);
	return reply.result < 0 ? kb_fail(why, -reply.result, "%s", reply.text) : lose(l, EPROTO, why);
}

/* What cannot be said to a launcher need not be: it has ended or is about to, and its pppds with it. */
static void
tell_of_pppd(struct launcher *l, enum launcher_kind kind, const struct kb_pppd *pppd)
{
	struct launcher_request request = { .kind = kind, .pid = pppd->pid };

	if (pppd->pid > 1 && tell(l, &request, -1, NULL) < 0)
		return;
}

static void
launcher_ppp_stop(void *self, const struct kb_pppd *pppd)
{
	tell_of_pppd(self, LAUNCHER_TERM, pppd);
}

static void
launcher_ppp_kill(void *self, const struct kb_pppd *pppd)
{
	tell_of_pppd(self, LAUNCHER_KILL, pppd);
}

static int
launcher_ppp_wait(void *self, const struct kb_pppd *pppd, int *wstatus)
{
	struct launcher_request request = { .kind = LAUNCHER_WAIT, .pid = pppd->pid };
	struct launcher_reply reply = { .pid = -1 };
	struct kb_passed passed;
	const int r = exchange(self, &request, -1, &reply, &passed, NULL);

	if (r < 0)
		return r;
	kb_pass_close(&passed);
	if (reply.result == 1)
		*wstatus = reply.wstatus;
	return reply.result;
}

static void
launcher_ppp_close(void *self, struct kb_pppd *pppd)
{
	tell_of_pppd(self, LAUNCHER_RELEASE, pppd);
	kb_pppd_close(pppd);
	*pppd = KB_PPPD_NULL;
}

/* ---- routes ---- */

static int
launcher_route_keep(void *self, const struct kb_route *route, struct kb_error *why)
{
	struct launcher_request request = { .kind = LAUNCHER_KEEP, .route = *route };
	struct launcher_reply reply = { .pid = -1 };
	struct kb_passed passed;
	const int r = exchange(self, &request, -1, &reply, &passed, why);

	if (r < 0)
		return r;
	kb_pass_close(&passed);
	if (reply.result < 0)
		return kb_fail(why, -reply.result, "%s",
			       reply.text[0] != '\0' ? reply.text : "the launcher is out of memory");
	return 0;
}

static void
launcher_route_forget(void *self, const struct kb_route *route)
{
	struct launcher_request request = { .kind = LAUNCHER_FORGET, .route = *route };

	if (tell(self, &request, -1, NULL) < 0)
		return; /* it has ended or is about to, and deletes them all */
}

static const struct host_launch_ops ops = {
	.ppp_start = launcher_ppp_start,
	.ppp_stop = launcher_ppp_stop,
	.ppp_kill = launcher_ppp_kill,
	.ppp_wait = launcher_ppp_wait,
	.ppp_close = launcher_ppp_close,
	.route_keep = launcher_route_keep,
	.route_forget = launcher_route_forget,
};

int
launcher_system_new(struct launcher *l, struct host_system *out, struct kb_error *why)
{
	return host_system_linux_by(&(struct host_launch){ .ops = &ops, .self = l }, out, why);
}

void
launcher_system_free(struct host_system *system)
{
	host_system_linux_free(system);
}
