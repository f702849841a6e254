/* host_drivers.c - which driver carries a profile's frames, and what the kernel tells of them later
 * SPDX-License-Identifier: Apache-2.0
 *
 * Asked for by name, a driver is taken or the profile ends.  Otherwise the first that works is: with L2TP mainline
 * through netlink, mainline through its sockets alone, Android's old one; with PPTP mainline, Android's old one.
 */
#include "cli/host/host_state.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { CANDIDATES_MAX = 3 };

/* clang-format off */
static const struct kb_driver *const candidates[PROFILE_PROTOCOL_N][PROFILE_DATA_N][CANDIDATES_MAX] = {
	[PROFILE_L2TP] = {
		[PROFILE_DATA_AUTO]    = { &kb_l2tpnl, &kb_ol2tp, &kb_olac },
		[PROFILE_DATA_NETLINK] = { &kb_l2tpnl },
		[PROFILE_DATA_OL2TP]   = { &kb_ol2tp },
		[PROFILE_DATA_OLAC]    = { &kb_olac },
		[PROFILE_DATA_NULL]    = { &kb_null },
	},
	[PROFILE_PPTP] = {
		[PROFILE_DATA_AUTO]    = { &kb_pptp, &kb_opns },
		[PROFILE_DATA_PPTP]    = { &kb_pptp },
		[PROFILE_DATA_OPNS]    = { &kb_opns },
		[PROFILE_DATA_NULL]    = { &kb_null },
	},
};
/* clang-format on */

/* What to say when none works: the driver that most machines could have. */
static bool
is_usual(const struct kb_driver *driver)
{
	return driver == &kb_ol2tp || driver == &kb_pptp;
}

/* ---- probing ---- */

static struct host_probed *
probed_of(struct host *h, const struct kb_driver *driver)
{
	struct host_probed *found = h->probed;

	while (found->driver != NULL && found->driver != driver)
		found++;
	return found;
}

/* Once per process and driver: modprobe may block, and a driver does not come and go. */
static int
probe(struct host *h, const struct kb_driver *driver, struct kb_error *why)
{
	struct host_probed *p = probed_of(h, driver);

	if (p->driver == NULL) {
		p->driver = driver;
		p->result = driver->probe(&p->why);
	}
	*why = p->why;
	return p->result;
}

/* The first of them that works; else the error of the usual one, or of the only one. */
static int
choose(struct host_profile *p, const struct kb_driver *const *from, struct kb_error *why)
{
	int result = -ENODEV;

	for (unsigned i = 0; i < CANDIDATES_MAX && from[i] != NULL; i++) {
		struct kb_error e = { 0 };
		const int r = probe(p->host, from[i], &e);

		if (r == 0) {
			p->driver = from[i];
			return 0;
		}
		if (i == 0 || is_usual(from[i])) {
			result = r;
			*why = e;
		}
		if (from[1] != NULL)
			host_note(p, "not by %s: %s", from[i]->name, e.text);
	}
	return result;
}

static int
choose_for(struct host_profile *p, struct kb_error *why)
{
	const struct kb_driver *const given[CANDIDATES_MAX] = { p->host->config.driver };

	return choose(p, given[0] != NULL ? given : candidates[p->config.protocol][p->config.data_path], why);
}

bool
host_has_driver(enum profile_protocol protocol, enum profile_data_path choice)
{
	return (unsigned)protocol < PROFILE_PROTOCOL_N && (unsigned)choice < PROFILE_DATA_N &&
	       candidates[protocol][choice][0] != NULL;
}

void
host_probe_drivers(struct host *h)
{
	struct kb_error why;

	for (unsigned protocol = 0; protocol < PROFILE_PROTOCOL_N; protocol++) {
		const struct kb_driver *const *of = candidates[protocol][PROFILE_DATA_AUTO];

		for (unsigned i = 0; i < CANDIDATES_MAX && of[i] != NULL; i++)
			(void)probe(h, of[i], &why);
	}
}

/* ---- sessions that the kernel loses ---- */

static struct host_profile *
profile_of(struct host *h, const struct host_session *s)
{
	const struct host_link *l = host_link_of(h, s->link);

	return l != NULL && host_ref_is_same(l->ref, s->link) ? l->profile : NULL;
}

static bool
is_meant(const struct host *h, const struct host_session *s, const struct kb_loss *loss)
{
	return s->kernel.fd >= 0 && !s->is_lost && s->driver == h->watched &&
	       (loss->local_tid == 0 || loss->local_tid == s->kernel.local_tid) &&
	       (loss->local_sid == 0 || loss->local_sid == s->kernel.local_sid);
}

/* The engine then ends the call as for any data path that failed: CDN, and the clean-up. */
static void
session_is_lost(struct host *h, struct host_session *s)
{
	struct host_profile *p = profile_of(h, s);
	struct kb_error why;

	s->is_lost = true;
	(void)kb_fail(
	    &why, ENODEV,
	    "another program deleted session %u of tunnel %u from the kernel: find out which, or ask "
	    "for --reconnect to dial again",
	    s->kernel.local_sid, s->kernel.local_tid);
	if (p != NULL) {
		host_blame(p, &why);
		host_note(p, "%s", why.text);
	}
	host_queue(h, (struct ut_event){ .kind = UT_EV_SESSION_OPENED, .ref = s->ref, .err = ENODEV });
}

/* True when the kernel still has it. */
static bool
look_at(struct host *h, struct host_session *s)
{
	if (s->driver->session_check(&s->kernel, NULL) != -ENODEV)
		return true;
	s->is_doubted = false;
	session_is_lost(h, s);
	return false;
}

/* News is a hint: the kernel is asked about each session that could be meant.  True when it still has one. */
static bool
look_at_sessions(struct host *h, const struct kb_loss *loss)
{
	bool any = false;

	for (struct host_list *i = h->open_sessions.next; i != &h->open_sessions; i = i->next) {
		struct host_session *s = HOST_OF(i, struct host_session, open);

		if (!is_meant(h, s, loss))
			continue;
		s->is_doubted = true;
		any |= look_at(h, s);
	}
	return any;
}

/* The same ones once more. */
static void
look_again(struct host *h, bool is_last)
{
	for (struct host_list *i = h->open_sessions.next; i != &h->open_sessions; i = i->next) {
		struct host_session *s = HOST_OF(i, struct host_session, open);

		if (!s->is_doubted || !is_meant(h, s, &(struct kb_loss){ 0, 0 }))
			continue;
		s->is_doubted = !is_last;
		(void)look_at(h, s);
	}
}

static void
on_losses(void *ctx, int fd)
{
	struct host *h = ctx;
	struct kb_loss loss;

	for (int i = 0; i < HOST_RECEIVE_BURST && h->watched->watch_next(fd, &loss) == 1; i++) {
		if (look_at_sessions(h, &loss)) {
			h->look_since_us = h->io.ops->now(h->io.self).us;
			h->looks = HOST_LOOKS;
			host_waits_own(h, HOST_TIMER_LOOK, h->look_since_us + HOST_LOOK_PAUSE_US);
		}
	}
}

/* The kernel tells of a tunnel's deletion before it begins, and takes its time. */
void
host_drivers_look(struct host *h, uint64_t now_us)
{
	if (h->look_since_us == 0)
		return;
	if (now_us - h->look_since_us >= HOST_LOOK_PAUSE_US) {
		look_again(h, --h->looks == 0);
		h->look_since_us = h->looks > 0 ? now_us : 0;
	}
	if (h->look_since_us != 0)
		host_waits_own(h, HOST_TIMER_LOOK, h->look_since_us + HOST_LOOK_PAUSE_US);
}

static int
watch(struct host *h, const struct kb_driver *driver, struct kb_error *why)
{
	int fd = -1;
	int r = driver->watch(&fd, why);

	if (r < 0)
		return r;
	r = h->io.ops->watch(h->io.self, fd, on_losses, h);
	if (r < 0) {
		close(fd);
		return kb_fail(why, -r, "cannot wait for what the kernel tells of tunnels: %s", strerror(-r));
	}
	h->watched = driver;
	h->losses_fd = fd;
	return 0;
}

static void
watch_losses(struct host_profile *p)
{
	struct host *h = p->host;
	struct kb_error why = { 0 };

	if (p->driver->watch == NULL || h->watched != NULL)
		return;
	if (watch(h, p->driver, &why) < 0)
		host_note(p, "%s: a session that another program deletes will be found by silence only",
			  why.text);
}

void
host_drivers_end(struct host *h)
{
	if (h->losses_fd < 0)
		return;
	h->io.ops->unwatch(h->io.self, h->losses_fd);
	close(h->losses_fd);
	h->losses_fd = -1;
}

/* ---- the effect ---- */

void
host_probe(struct host *h, struct host_profile *p)
{
	struct kb_error why = { 0 };
	const int r = choose_for(p, &why);

	if (r < 0) {
		host_blame(p, &why);
		host_effect_failed(h, UT_EV_PROBED, p->client, r);
		return;
	}
	watch_losses(p);
	host_report_soon(p, HOST_DATA_PATH);
	host_effect_done(h, UT_EV_PROBED, p->client);
}
