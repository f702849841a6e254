/* serve.c - the launcher's own life: requests in, pppds out, and the clean-up at the end
 * SPDX-License-Identifier: Apache-2.0
 *
 * Refused is what a daemon of ours might ask for in error; at what none of ours would send, the launcher ends, and all
 * tunnels with it.  What it has to complain about it says on standard error, once, since it ends with it.
 */
#include "cli/launcher/serve.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/launcher/allow.h"
#include "cli/launcher/children.h"
#include "cli/launcher/record.h"
#include "kernel-bridge/kb_kept.h"
#include "kernel-bridge/kb_pass.h"

enum { TEND_MS = 50 };

struct service {
	const struct launcher_config *config;
	int fd;
	struct launcher_children children;
	struct kb_kept_routes routes;
	dev_t socket_dev; /* of the daemon's socket; the inode 0: there is none */
	ino_t socket_ino;
};

/* ---- START ---- */

/* Without a password of its own pppd would look for one in root's secrets, and show it to the peer that the user of the
 * daemon has chosen. */
static const char *const refuse_all[] = { "refuse-pap", "refuse-chap", "refuse-mschap", "refuse-mschap-v2",
					  "refuse-eap" };

enum { REFUSALS = sizeof refuse_all / sizeof refuse_all[0], WORDS = LAUNCHER_WORDS_MAX + REFUSALS + 1 };

static void
gather_words(const struct launcher_request *r, const char *out[WORDS])
{
	size_t n = 0;

	for (; r->words[n] != NULL; n++)
		out[n] = r->words[n];
	for (size_t i = 0; i < REFUSALS && r->password.n == 0; i++)
		out[n++] = refuse_all[i];
	out[n] = NULL;
}

static int
check_start(struct service *s, const struct launcher_request *r, const struct kb_passed *passed,
	    struct kb_error *why)
{
	if (passed->n != 1 || !s->config->is_session(passed->fds[0]))
		return kb_fail(why, EBADF, "the launcher was not given a PPPoX session");
	if (s->children.n >= s->config->max_children)
		return kb_fail(why, EAGAIN, "the launcher starts no more than %u pppds",
			       s->config->max_children);
	if (launcher_children_reserve(&s->children) < 0)
		return kb_fail(why, ENOMEM, "the launcher is out of memory");
	return launcher_check_options(r->words, s->config->extra, NULL, why);
}

static int
start(struct service *s, const struct launcher_request *r, int session_fd, struct kb_pppd *out,
      struct kb_error *why)
{
	const char *words[WORDS];
	const struct kb_pppd_request request = {
		.session_fd = session_fd,
		.stock_plugin = r->stock_plugin,
		.plugin_path = s->config->plugin_path,
		.pppd_path = s->config->pppd_path,
		.user = r->user[0] != '\0' ? r->user : NULL,
		.password = r->password.n > 0 ? r->password.p : NULL,
		.password_octets = r->password.n,
		.mtu = r->mtu,
		.mru = r->mru,
		.ifname = r->ifname[0] != '\0' ? r->ifname : NULL,
		.mppe = r->mppe,
		.use_peer_dns = r->use_peer_dns,
		.options = words,
	};

	gather_words(r, words);
	return kb_pppd_start(&request, out, why);
}

/* Of the pppd that `reply` tells of, the daemon gets the ends that are its own. */
static void
hand_out(struct kb_pppd *pppd, struct kb_passed *out)
{
	out->fds[out->n++] = pppd->pidfd;
	if (pppd->report_fd >= 0)
		out->fds[out->n++] = pppd->report_fd;
}

static int
answer(const struct service *s, const struct launcher_reply *reply, const struct kb_passed *with)
{
	uint8_t octets[LAUNCHER_REPLY_MAX];
	const size_t n = launcher_reply_write(reply, octets, sizeof octets);

	return kb_pass_send(s->fd, octets, n, with);
}

static void
set_failure(struct launcher_reply *reply, int r, const struct kb_error *why)
{
	reply->result = r;
	snprintf(reply->text, sizeof reply->text, "%s", why->text);
}

static int
do_start(struct service *s, const struct launcher_request *r, struct kb_passed *passed)
{
	struct launcher_reply reply = { .exchange = r->exchange, .pid = -1 };
	struct kb_pppd pppd = KB_PPPD_NULL;
	struct kb_passed out = { .n = 0 };
	struct kb_error why = { 0 };
	int result = check_start(s, r, passed, &why);

	if (result == 0)
		result = start(s, r, passed->fds[0], &pppd, &why);
	if (result < 0) {
		set_failure(&reply, result, &why);
		return answer(s, &reply, NULL);
	}
	reply.pid = pppd.pid;
	hand_out(&pppd, &out);
	result = answer(s, &reply, &out);
	if (pppd.report_fd >= 0)
		kb_pass_close(&(struct kb_passed){ .fds = { pppd.report_fd }, .n = 1 });
	pppd.report_fd = -1;
	launcher_children_add(&s->children, &pppd);
	return result;
}

/* ---- the others ---- */

static int
do_wait(struct service *s, const struct launcher_request *r)
{
	struct launcher_reply reply = { .exchange = r->exchange, .pid = r->pid };

	reply.result = launcher_children_wait(&s->children, r->pid, &reply.wstatus);
	return answer(s, &reply, NULL);
}

static int
do_keep(struct service *s, const struct launcher_request *r)
{
	struct launcher_reply reply = { .exchange = r->exchange, .pid = -1 };
	struct kb_error why;

	if (s->routes.n >= s->config->max_routes)
		set_failure(
		    &reply,
		    kb_fail(&why, ENOSPC, "the launcher keeps no more than %u routes", s->config->max_routes),
		    &why);
	else
		reply.result = kb_kept_add_route(&s->routes, &r->route);
	return answer(s, &reply, NULL);
}

static bool
look_at_socket(const struct service *s, struct stat *out)
{
	return s->config->socket_path != NULL && lstat(s->config->socket_path, out) == 0 &&
	       S_ISSOCK(out->st_mode);
}

static void
do_socket(struct service *s)
{
	struct stat found;

	if (!look_at_socket(s, &found))
		return;
	s->socket_dev = found.st_dev;
	s->socket_ino = found.st_ino;
}

/* The next daemon may have made its own already. */
static void
remove_socket(const struct service *s)
{
	struct stat found;

	if (s->socket_ino != 0 && look_at_socket(s, &found) && found.st_dev == s->socket_dev &&
	    found.st_ino == s->socket_ino)
		unlink(s->config->socket_path);
}

/* 0, or -errno: it is the end. */
static int
obey(struct service *s, const struct launcher_request *r, struct kb_passed *passed)
{
	const struct kb_pppd *pppd = launcher_children_find(&s->children, r->pid);

	switch (r->kind) {
	case LAUNCHER_START:
		return do_start(s, r, passed);
	case LAUNCHER_TERM:
		if (pppd != NULL)
			kb_pppd_stop(pppd);
		return 0;
	case LAUNCHER_KILL:
		if (pppd != NULL)
			kb_pppd_kill(pppd);
		return 0;
	case LAUNCHER_WAIT:
		return do_wait(s, r);
	case LAUNCHER_RELEASE:
		launcher_children_release(&s->children, r->pid);
		return 0;
	case LAUNCHER_KEEP:
		return do_keep(s, r);
	case LAUNCHER_FORGET:
		kb_kept_forget_route(&s->routes, &r->route);
		return 0;
	case LAUNCHER_SOCKET:
		do_socket(s);
		return 0;
	case LAUNCHER_KIND_N:
		break;
	}
	return -EBADMSG;
}

static int
read_and_obey(struct service *s, const uint8_t *octets, size_t n, struct kb_passed *passed)
{
	struct launcher_request request;
	struct kb_error why = { 0 };
	const int r = launcher_request_read(octets, n, &request, &why);

	if (r < 0) {
		fprintf(stderr, "uptun launcher: %s: all tunnels end\n", why.text);
		return r;
	}
	return obey(s, &request, passed);
}

static int
take_request(struct service *s)
{
	uint8_t octets[LAUNCHER_RECORD_MAX];
	struct kb_passed passed;
	const ssize_t n = kb_pass_receive(s->fd, octets, sizeof octets, &passed);

	if (n == 0)
		return -EPIPE;
	if (n < 0)
		return (int)n;
	const int r = read_and_obey(s, octets, (size_t)n, &passed);
	explicit_bzero(octets, (size_t)n);
	kb_pass_close(&passed);
	return r;
}

void
launcher_serve(const struct launcher_config *config, int fd)
{
	struct service s = { .config = config, .fd = fd };
	struct pollfd daemon = { .fd = fd, .events = POLLIN };
	int r = 0;

	while (r == 0) {
		const int n = poll(&daemon, 1, s.children.n_released > 0 ? TEND_MS : -1);

		if (n > 0)
			r = take_request(&s);
		launcher_children_tend(&s.children);
	}
	remove_socket(&s);
	kb_kept_delete_routes(&s.routes);
	launcher_children_end(&s.children);
}
