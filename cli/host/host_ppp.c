/* host_ppp.c - one pppd a link: started, heard, pressed, buried
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/host_state.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static struct host_profile *
profile_of(const struct host_link *l)
{
	return l->profile;
}

static const struct profile_session *
config_of(const struct host_link *l)
{
	return &profile_of(l)->config.sessions[l->number];
}

static bool
has_stock_plugin(const struct host_link *l)
{
	return profile_of(l)->config.ppp_plugin == PROFILE_PLUGIN_PPPOL2TP;
}

/* ---- what people are told ---- */

/* Where the kernel counts nothing per session (PPTP) the interface does, as long as it is there. */
static void
count_by_interface(const struct host_link *l)
{
	struct host *h = l->host;
	struct host_session *s = host_session_find(h, l->session);
	struct kb_session_stats stats;
	struct kb_link link;

	if (s == NULL || l->ifindex == 0 ||
	    s->driver->session_stats(&s->kernel, &stats, NULL) != -EOPNOTSUPP ||
	    h->system->link_by_index(h->system_self, l->ifindex, &link, NULL) < 0)
		return;
	s->stats = (struct kb_session_stats){ .tx_packets = link.tx_packets,
					      .tx_octets = link.tx_octets,
					      .rx_packets = link.rx_packets,
					      .rx_octets = link.rx_octets };
}

void
host_ppp_read_stats(const struct host_link *l, struct kb_session_stats *out)
{
	struct host *h = l->host;

	*out = (struct kb_session_stats){ 0 };
	if (l->session.index >= host_n_sessions(h))
		return;
	struct host_session *s = &h->sessions[l->session.index];
	if (!host_ref_is_same(s->ref, l->session))
		return;
	host_session_read_stats(h, s);
	count_by_interface(l);
	*out = s->stats;
}

static void
tell_up(const struct host_link *l)
{
	struct host_report report = { .kind = HOST_PPP_UP,
				      .session = l->number,
				      .interface = l->ifname,
				      .mtu = l->mtu,
				      .has_mppe = !has_stock_plugin(l),
				      .mppe_bits = l->mppe_bits };

	host_print_address(l->local, report.local);
	host_print_address(l->peer, report.remote);
	host_print_address(l->dns[0], report.dns[0]);
	host_print_address(l->dns[1], report.dns[1]);
	host_report(profile_of(l), &report);
}

static void
tell_ended(const struct host_link *l, struct ut_end end)
{
	enum { ENDED_AS_ASKED = 5 }; /* pppd's exit status after SIGTERM */
	struct kb_session_stats stats;
	struct host_report report = {
		.kind = HOST_PPP_ENDED, .session = l->number, .interface = l->ifname, .end = end
	};

	if (l->was_asked_to_end && end.cause == UT_CAUSE_PPPD && end.code == ENDED_AS_ASKED)
		report.end = (struct ut_end){ .cause = UT_CAUSE_NONE };
	else if (end.cause == UT_CAUSE_PPPD_KILLED)
		report.text = strsignal(end.code);
	else if (end.cause == UT_CAUSE_PPPD_MPPE)
		report.text = kb_mppe_end_name(l->mppe_end);
	else if (end.cause == UT_CAUSE_PPPD)
		report.text = kb_pppd_exit_name(end.code);
	host_ppp_read_stats(l, &stats);
	report.tx_octets = stats.tx_octets;
	report.rx_octets = stats.rx_octets;
	host_report(profile_of(l), &report);
}

/* ---- up ---- */

static void
know_interface(struct host_link *l, uint32_t ifindex)
{
	l->ifindex = ifindex;
	host_groups_join(&l->host->groups, &l->own, host_key_of_interface(HOST_GROUP_LINK, ifindex));
}

static void
find_interface(struct host_link *l, const char *name)
{
	struct host *h = l->host;
	struct kb_link link;

	snprintf(l->ifname, sizeof l->ifname, "%s", name);
	if (h->system->link_get(h->system_self, name, &link, NULL) < 0)
		return;
	know_interface(l, link.index);
	if (l->mtu == 0)
		l->mtu = link.mtu;
}

static void
set_up(struct host_link *l)
{
	struct host_profile *p = profile_of(l);
	const bool is_news = !l->is_up;

	l->is_up = true;
	host_list_remove(&l->looking);
	if (is_news)
		l->up_us = l->host->io.ops->now(l->host->io.self).us;
	p->was_ppp_up = true;
	tell_up(l);
	if (is_news)
		host_queue(l->host, (struct ut_event){ .kind = UT_EV_PPP_UP, .ref = l->ref });
	if (l->number == 0)
		host_routes_up(p, l);
}

/* PPTP has no other protection than this. */
static void
warn_of_clear_text(const struct host_link *l)
{
	if (profile_of(l)->config.protocol == PROFILE_PPTP && l->mppe_bits == 0)
		host_warn(
		    profile_of(l),
		    "%s is not encrypted: everything in it can be read on the way; --mppe require would "
		    "insist on encryption",
		    l->ifname);
}

static void
ends_for_want_of_mppe(struct host_link *l, enum kb_mppe_end end)
{
	if (l->mppe_end != KB_MPPE_END_N)
		return;
	l->mppe_end = end;
	host_note(profile_of(l), "PPP: %s", kb_mppe_end_name(end));
}

/* Asked for and not there, whatever pppd made of it: nothing may go through this interface. */
static bool
refuses_clear_text(struct host_link *l)
{
	if (config_of(l)->mppe != PROFILE_MPPE_REQUIRE || l->mppe_bits != 0)
		return false;
	ends_for_want_of_mppe(l, KB_MPPE_NOT_ON);
	host_ppp_hang_up(l->host, l->ref);
	return true;
}

static void
on_phase(struct host_link *l, const char *phase)
{
	static const char *const after_lcp[] = { "authenticate", "callback", "network", "running" };
	struct host_profile *p = profile_of(l);

	for (size_t i = 0; i < sizeof after_lcp / sizeof after_lcp[0]; i++)
		p->was_ppp_heard |= strcmp(phase, after_lcp[i]) == 0;
	host_note(p, "PPP: %s", phase);
}

static void
on_ip_up(struct host_link *l, const struct kb_pppd_report *r)
{
	l->mppe_bits = r->mppe_bits;
	if (refuses_clear_text(l))
		return;
	l->local = r->local;
	l->peer = r->peer;
	l->dns[0] = r->dns[0];
	l->dns[1] = r->dns[1];
	l->mtu = r->mtu;
	find_interface(l, r->ifname);
	set_up(l);
	warn_of_clear_text(l);
}

static void
on_ipv6_up(struct host_link *l, const struct kb_pppd_report *r)
{
	l->mppe_bits = r->mppe_bits;
	if (refuses_clear_text(l))
		return;
	if (l->ifindex == 0)
		find_interface(l, r->ifname);
	l->is_ipv6_up = true;
	if (!l->is_up)
		set_up(l);
	if (l->number == 0)
		host_routes_up6(profile_of(l), l);
}

static void
on_ip_down(struct host_link *l)
{
	count_by_interface(l);
	host_note(profile_of(l), "PPP went down on %s", l->ifname);
	if (l->number == 0)
		host_routes_down(profile_of(l));
}

static void
on_report(struct host_link *l, const struct kb_pppd_report *r)
{
	switch (r->kind) {
	case KB_PPPD_PHASE:
		on_phase(l, r->phase);
		break;
	case KB_PPPD_IP_UP:
		on_ip_up(l, r);
		break;
	case KB_PPPD_IPV6_UP:
		on_ipv6_up(l, r);
		break;
	case KB_PPPD_IP_DOWN:
		on_ip_down(l);
		break;
	case KB_PPPD_AUTH_FAILED:
		l->auth_failed = true;
		break;
	case KB_PPPD_MPPE_REFUSED:
		ends_for_want_of_mppe(l, r->mppe_end);
		break;
	case KB_PPPD_REPORT_N:
		break;
	}
}

static void
stop_listening(struct host_link *l)
{
	if (l->ppp.report_fd >= 0)
		l->host->io.ops->unwatch(l->host->io.self, l->ppp.report_fd);
}

static void
on_reports(void *ctx, int fd)
{
	struct host_link *l = ctx;
	struct host *h = l->host;

	(void)fd;
	for (int i = 0; i < HOST_RECEIVE_BURST && l->is_running; i++) {
		struct kb_pppd_report report;
		const int r = h->system->ppp_report(h->system_self, &l->ppp, &report);

		if (r == 0)
			return;
		if (r < 0) {
			stop_listening(l); /* its end comes by the other descriptor */
			return;
		}
		on_report(l, &report);
	}
}

void
host_ppp_look(struct host_link *l)
{
	struct host *h = l->host;
	struct in_addr local, peer;
	struct kb_link link;

	if (!l->is_running || l->is_up || !has_stock_plugin(l))
		return;
	if (h->system->link_get(h->system_self, l->ifname, &link, NULL) < 0 || !link.is_up || !link.is_ppp)
		return;
	if (h->system->link_address4(h->system_self, link.index, &local, &peer, NULL) < 0)
		return;
	know_interface(l, link.index);
	l->mtu = link.mtu;
	l->local = local;
	l->peer = peer;
	set_up(l);
}

/* ---- its end ---- */

static struct ut_end
end_of(const struct host_link *l, int wstatus)
{
	enum { NEGOTIATION_FAILED = 10, PEER_REFUSED_AUTH = 11, AUTH_TO_PEER_FAILED = 19 };
	const int status = WIFEXITED(wstatus) ? WEXITSTATUS(wstatus) : 0;

	if (l->auth_failed && !l->is_up)
		return ut_end_of_pppd(AUTH_TO_PEER_FAILED);
	if (l->mppe_end != KB_MPPE_END_N && status != PEER_REFUSED_AUTH && status != AUTH_TO_PEER_FAILED)
		return (struct ut_end){ .cause = UT_CAUSE_PPPD_MPPE, .code = NEGOTIATION_FAILED };
	if (WIFSIGNALED(wstatus))
		return (struct ut_end){ .cause = UT_CAUSE_PPPD_KILLED, .code = WTERMSIG(wstatus) };
	return ut_end_of_pppd(WEXITSTATUS(wstatus));
}

/* Everything that hangs on a pppd that has ended, or that is not wanted any more. */
static void
bury(struct host_link *l)
{
	struct host *h = l->host;

	if (l->number == 0)
		host_routes_down(profile_of(l));
	stop_listening(l);
	h->io.ops->unwatch(h->io.self, l->ppp.pidfd);
	h->system->ppp_close(h->system_self, &l->ppp);
	l->is_running = l->was_asked_to_end = false;
	l->is_up = l->is_ipv6_up = false;
	l->ifindex = 0;
	host_groups_leave(&h->groups, &l->own);
	host_list_remove(&l->looking);
	l->vanished_us = l->up_us = 0;
}

static void
on_ended(void *ctx, int fd)
{
	struct host_link *l = ctx;
	struct host *h = l->host;
	int wstatus = 0;

	on_reports(l, l->ppp.report_fd); /* what it said before */
	const int r = h->system->ppp_wait(h->system_self, &l->ppp, &wstatus);
	(void)fd;
	if (r == 0)
		return;
	const struct ut_end end =
	    r < 0 ? (struct ut_end){ .cause = UT_CAUSE_PPPD_KILLED } : end_of(l, wstatus);
	l->ppp.pid = -1;
	profile_of(l)->failed_link = l->number;
	if (l->mppe_end != KB_MPPE_END_N)
		profile_of(l)->mppe_end = l->mppe_end;
	tell_ended(l, end);
	bury(l);
	host_queue(h, (struct ut_event){ .kind = UT_EV_PPP_ENDED, .ref = l->ref, .end = end });
}

/* ---- start ---- */

static bool
is_claimed(const struct host *h, const char *name)
{
	for (unsigned i = 0; i < h->engine_config.n_links; i++) {
		if (h->links[i].is_running && strcmp(h->links[i].ifname, name) == 0)
			return true;
	}
	return false;
}

/* With the stock plugin nobody tells the interface's name, so we choose it. */
static void
choose_name(struct host_link *l)
{
	struct host *h = l->host;
	struct kb_link link;

	for (unsigned i = 0; i < 10000; i++) {
		snprintf(l->ifname, sizeof l->ifname, "ppp%u", i);
		if (is_claimed(h, l->ifname))
			continue;
		if (h->system->link_get(h->system_self, l->ifname, &link, NULL) < 0)
			return;
	}
}

/* pppd would say so in the system log only. */
static int
take_name(struct host_link *l, const char *name, struct kb_error *why)
{
	struct host *h = l->host;
	struct kb_link link;

	if (h->system->link_get(h->system_self, name, &link, NULL) == 0)
		return kb_fail(why, EEXIST,
			       "there is an interface %s already: wish for another name with --ifname", name);
	snprintf(l->ifname, sizeof l->ifname, "%s", name);
	return 0;
}

static enum kb_mppe
mppe_of(enum profile_mppe wished)
{
	switch (wished) {
	case PROFILE_MPPE_OFF:
		return KB_MPPE_OFF;
	case PROFILE_MPPE_ALLOW:
		return KB_MPPE_ALLOW;
	case PROFILE_MPPE_REQUIRE:
		return KB_MPPE_REQUIRE;
	case PROFILE_MPPE_UNSAID:
	case PROFILE_MPPE_N:
		break;
	}
	return KB_MPPE_UNSAID;
}

static int
start(struct host_link *l, const struct host_session *s, struct kb_error *why)
{
	struct host *h = l->host;
	const struct profile *config = &profile_of(l)->config;
	const struct profile_session *mine = config_of(l);

	l->ifname[0] = '\0';
	if (mine->interface_name[0] != '\0') {
		const int r = take_name(l, mine->interface_name, why);

		if (r < 0)
			return r;
	} else if (has_stock_plugin(l)) {
		choose_name(l);
	}
	const struct kb_pppd_request request = {
		.session_fd = s->kernel.fd,
		.stock_plugin = has_stock_plugin(l),
		.plugin_path = host_plugin_path(h),
		.user = mine->user[0] != '\0' ? mine->user : NULL,
		.password = mine->password.octets,
		.password_octets = mine->password.n,
		.mtu = mine->mtu,
		.mru = mine->mru,
		.ifname = l->ifname[0] != '\0' ? l->ifname : NULL,
		.mppe = mppe_of(mine->mppe),
		.use_peer_dns = config->dns == PROFILE_DNS_REPORT,
		.options = (const char *const *)mine->options,
	};
	return h->system->ppp_start(h->system_self, &request, &l->ppp, why);
}

static int
watch_ppp(struct host_link *l, struct kb_error *why)
{
	const struct ut_io *io = &l->host->io;
	int r = io->ops->watch(io->self, l->ppp.pidfd, on_ended, l);

	if (r == 0 && l->ppp.report_fd >= 0)
		r = io->ops->watch(io->self, l->ppp.report_fd, on_reports, l);
	return r < 0 ? kb_fail(why, -r, "cannot wait for pppd: %s", strerror(-r)) : 0;
}

static int
start_and_listen(struct host_link *l, const struct host_session *s, struct kb_error *why)
{
	int r = start(l, s, why);

	if (r < 0)
		return r;
	l->is_running = true;
	if (has_stock_plugin(l))
		host_list_add(&l->host->looking, &l->looking);
	r = watch_ppp(l, why);
	if (r < 0)
		bury(l);
	return r;
}

static void
tell_started(const struct host_link *l)
{
	char text[32];

	snprintf(text, sizeof text, "pppd runs as %d", (int)l->ppp.pid);
	host_report(profile_of(l), &(struct host_report){ .kind = HOST_NOTE,
							  .session = l->number,
							  .number = (uint32_t)l->ppp.pid,
							  .text = text });
}

/* The last time it is needed when nobody dials again. */
static void
forget_password(struct host_link *l)
{
	struct host_profile *p = profile_of(l);

	if (!p->config.reconnect.enabled)
		ut_wipe(&p->config.sessions[l->number].password, sizeof p->config.sessions[0].password);
}

void
host_ppp_start(struct host *h, const struct ut_effect *e)
{
	struct host_link *l = host_link_of(h, e->ref);
	struct kb_error why = { 0 };

	if (l == NULL || host_session_is_dead(h, e->session))
		return;
	const struct host_session *s = host_session_find(h, e->session);
	struct host_profile *p = profile_of(l);
	if (l->is_running)
		bury(l);
	*l = (struct host_link){ .host = h,
				 .profile = l->profile,
				 .number = l->number,
				 .local_sid = l->local_sid,
				 .peer_sid = l->peer_sid,
				 .session_us = l->session_us,
				 .ref = e->ref,
				 .session = e->session,
				 .mppe_end = KB_MPPE_END_N,
				 .ppp = KB_PPPD_NULL };
	const int r =
	    s != NULL ? start_and_listen(l, s, &why) : kb_fail(&why, ENOTCONN, "there is no session for PPP");
	if (r == 0) {
		tell_started(l);
		forget_password(l);
		host_effect_done(h, UT_EV_PPP_STARTED, e->ref);
		return;
	}
	host_blame(p, &why);
	host_effect_failed(h, UT_EV_PPP_STARTED, e->ref, r);
}

/* ---- stop ---- */

static struct host_link *
running(struct host *h, struct ut_ref ref)
{
	struct host_link *l = host_link_of(h, ref);

	return l != NULL && l->is_running && host_ref_is_same(l->ref, ref) ? l : NULL;
}

void
host_ppp_stop(struct host *h, struct ut_ref ref)
{
	struct host_link *l = running(h, ref);

	if (l == NULL)
		return;
	l->was_asked_to_end = true;
	h->system->ppp_stop(h->system_self, &l->ppp);
}

/* With our plugin pppd ends as soon as the kernel's session is gone; the stock one is asked once more. */
void
host_ppp_hang_up(struct host *h, struct ut_ref ref)
{
	const struct host_link *l = running(h, ref);

	if (l == NULL)
		return;
	struct host_session *s = host_session_find(h, l->session);
	count_by_interface(l);
	if (s != NULL) {
		host_session_read_stats(h, s);
		s->driver->session_close(&s->kernel);
	}
	h->system->ppp_stop(h->system_self, &l->ppp);
}

void
host_ppp_kill(struct host *h, struct ut_ref ref)
{
	const struct host_link *l = running(h, ref);

	if (l != NULL)
		h->system->ppp_kill(h->system_self, &l->ppp);
}

void
host_ppp_drop(struct host_link *l)
{
	if (l->is_running)
		bury(l);
}
