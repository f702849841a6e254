/* pppox.c - uptun-pppox.so: pppd on an inherited, connected PPPoX socket, with a report to uptun
 * SPDX-License-Identifier: Apache-2.0
 *
 * Serves L2TP and PPTP sockets alike: it asks nothing of the socket but its PPP channel (a PPTP socket knows no
 * PPPIOCSMRU).  Once the channel is attached to a ppp unit, pppd gives the socket up.  From then on uptun alone
 * holds the session, and when uptun closes it, or dies, the kernel hangs the channel up: pppd reads the end of
 * file and goes at once, whatever it is doing.  Should uptun only close its end of the report, pppd gets a
 * SIGTERM from that socket, and a quarter of a second for its Terminate-Request.
 */
#include "kernel-bridge/pppd-plugin/pppd_compat.h"

#include "kernel-bridge/kb_pppd_record.h"
#include "kernel-bridge/pppd-plugin/chap_again.h"
#include "kernel-bridge/pppd-plugin/first_request.h"
#include "kernel-bridge/pppd-plugin/mppe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef AF_PPPOX
#define AF_PPPOX 24
#endif

#define PUBLIC __attribute__((visibility("default")))

enum {
	GOODBYE_US = 250000,  /* for a Terminate-Request, once uptun has closed the report */
	UNREAD_OCTETS = 32768 /* of reports, as the kernel counts; a fraction of a socket's smallest buffer */
};

/* pppd has one link a process, so has the plugin. */
static int session_fd = -1;
static int report_fd = -1;
static int auth_failure_told;
static int is_ip_up, is_ipv6_up;

/* ---- reports ---- */

/* A full socket that is read again would signal us (O_ASYNC), and that signal means the end: never fill it. */
static int
is_read(void)
{
	int queued = 0;

	return ioctl(report_fd, SIOCOUTQ, &queued) < 0 || queued < UNREAD_OCTETS;
}

static void
send_record(struct kb_pppd_record *record, enum kb_pppd_record_kind kind)
{
	if (report_fd < 0 || !is_read())
		return;
	record->magic = KB_PPPD_RECORD_MAGIC;
	record->kind = kind;
	(void)send(report_fd, record, sizeof *record, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void
copy_text(char *to, size_t size, const char *from)
{
	size_t n = 0;

	for (; n < size - 1 && from[n] != '\0'; n++)
		to[n] = from[n];
	memset(to + n, 0, size - n);
}

static const char *
phase_name(int phase_now)
{
	switch (phase_now) {
	case PHASE_INITIALIZE:
		return "initialize";
	case PHASE_SERIALCONN:
		return "connect";
	case PHASE_DORMANT:
		return "dormant";
	case PHASE_ESTABLISH:
		return "establish";
	case PHASE_AUTHENTICATE:
		return "authenticate";
	case PHASE_CALLBACK:
		return "callback";
	case PHASE_NETWORK:
		return "network";
	case PHASE_RUNNING:
		return "running";
	case PHASE_TERMINATE:
		return "terminate";
	case PHASE_DISCONNECT:
		return "disconnect";
	case PHASE_HOLDOFF:
		return "holdoff";
	case PHASE_MASTER:
		return "master";
	default:
		return "dead";
	}
}

static void
report_phase(int phase_now)
{
	struct kb_pppd_record record = { .phase = "" };

	copy_text(record.phase, sizeof record.phase, phase_name(phase_now));
	copy_text(record.ifname, sizeof record.ifname, ppp_ifname());
	send_record(&record, KB_PPPD_RECORD_PHASE);
}

/* pppd sets its status after it has told us of the phase: asked again a moment later. */
static void
report_auth_failure(void *unused)
{
	struct kb_pppd_record record = { .phase = "" };
	const int code = (int)ppp_status();

	(void)unused;
	if (auth_failure_told || (code != EXIT_AUTH_TOPEER_FAILED && code != EXIT_PEER_AUTH_FAILED))
		return;
	auth_failure_told = 1;
	send_record(&record, KB_PPPD_RECORD_AUTH_FAILED);
}

static void
report_interface(enum kb_pppd_record_kind kind)
{
	struct kb_pppd_record record = { .phase = "" };

	copy_text(record.ifname, sizeof record.ifname, ppp_ifname());
	record.mtu = (uint32_t)ppp_get_mtu(0);
	record.mppe_bits = (uint32_t)mppe_bits();
	if (kind == KB_PPPD_RECORD_IP_UP) {
		record.local = ipcp_gotoptions[0].ouraddr;
		record.peer = ipcp_hisoptions[0].hisaddr;
		record.dns[0] = ipcp_gotoptions[0].dnsaddr[0];
		record.dns[1] = ipcp_gotoptions[0].dnsaddr[1];
	}
	send_record(&record, kind);
}

/* Up, and known to be encrypted or not: told at once, or when MPPE's negotiation has come to its end. */
static void
report_what_is_up(void)
{
	if (is_ip_up && mppe_may_pass())
		report_interface(KB_PPPD_RECORD_IP_UP);
	if (is_ipv6_up && mppe_may_pass())
		report_interface(KB_PPPD_RECORD_IPV6_UP);
}

static void
report_mppe_end(enum kb_pppd_record_mppe_end end)
{
	struct kb_pppd_record record = { .phase = "", .mppe_end = end };

	copy_text(record.ifname, sizeof record.ifname, ppp_ifname());
	send_record(&record, KB_PPPD_RECORD_MPPE_REFUSED);
}

static void
on_ip_up(void *unused, int argument)
{
	(void)unused;
	(void)argument;
	is_ip_up = 1;
	if (mppe_may_pass())
		report_interface(KB_PPPD_RECORD_IP_UP);
	/* The host decides about DNS: without this the scripts of ip-up would rewrite /etc/resolv.conf. */
	ppp_script_unsetenv("USEPEERDNS");
}

static void
on_ipv6_up(void *unused, int argument)
{
	(void)unused;
	(void)argument;
	is_ipv6_up = 1;
	if (mppe_may_pass())
		report_interface(KB_PPPD_RECORD_IPV6_UP);
}

static void
on_ip_down(void *unused, int argument)
{
	(void)unused;
	(void)argument;
	is_ip_up = 0;
	report_interface(KB_PPPD_RECORD_IP_DOWN);
}

/* ---- the end of uptun ---- */

static int
is_orphan(void)
{
	struct pollfd p = { .fd = report_fd };

	return report_fd >= 0 && poll(&p, 1, 0) == 1 && (p.revents & (POLLHUP | POLLERR)) != 0;
}

static void
hang_up(void *unused)
{
	(void)unused;
	ppp_set_status(EXIT_HANGUP);
	lcp_lowerdown(0);
	link_terminated(0);
}

static void
on_phase(void *unused, int phase_now)
{
	(void)unused;
	report_phase(phase_now);
	report_auth_failure(NULL);
	if (phase_now != PHASE_TERMINATE)
		return;
	ppp_timeout(report_auth_failure, NULL, 0, 0);
	if (is_orphan())
		ppp_timeout(hang_up, NULL, 0, GOODBYE_US);
}

static void
on_exit_of_pppd(void *unused, int argument)
{
	(void)argument;
	report_auth_failure(unused);
}

/* From here on the closing of the other end is a SIGTERM to us. */
static int
watch_report(void)
{
	const int flags = fcntl(report_fd, F_GETFL);

	if (flags < 0 || fcntl(report_fd, F_SETFD, FD_CLOEXEC) < 0 ||
	    fcntl(report_fd, F_SETOWN, getpid()) < 0 || fcntl(report_fd, F_SETSIG, SIGTERM) < 0 ||
	    fcntl(report_fd, F_SETFL, flags | O_ASYNC) < 0) {
		error("uptun: report descriptor %d: %m", report_fd);
		return -1;
	}
	if (is_orphan()) {
		error("uptun: nobody hears our reports");
		return -1;
	}
	return 0;
}

/* ---- the channel ---- */

static int
is_pppox(int fd)
{
	struct sockaddr_storage name;
	socklen_t length = sizeof name;

	memset(&name, 0, sizeof name);
	return getsockname(fd, (struct sockaddr *)&name, &length) == 0 && name.ss_family == AF_PPPOX;
}

static int
channel_connect(void)
{
	if (!is_pppox(session_fd)) {
		error("uptun: descriptor %d is no PPPoX socket", session_fd);
		ppp_set_status(EXIT_INIT_FAILED);
		return -1;
	}
	(void)fcntl(session_fd, F_SETFD, FD_CLOEXEC);
	if (report_fd >= 0) {
		close(KB_PPPD_OPTIONS_FD); /* has the password; the scripts need not inherit it */
		if (watch_report() < 0) {
			ppp_set_status(EXIT_HANGUP);
			return -1;
		}
	}
	return session_fd;
}

/* The number stays taken, by /dev/null, since pppd keeps it. */
static void
give_up_session(void)
{
	const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (nothing < 0)
		return;
	if (dup2(nothing, session_fd) == session_fd)
		(void)fcntl(session_fd, F_SETFD, FD_CLOEXEC);
	close(nothing);
}

static int
channel_establish(int fd)
{
	const int unit_fd = ppp_generic_establish(fd);

	if (unit_fd >= 0 && report_fd >= 0)
		give_up_session();
	return unit_fd;
}

static void
channel_disconnect(void)
{
	if (session_fd >= 0)
		close(session_fd);
	session_fd = -1;
}

/* After the last option: no HDLC here, so no ACCM, and nothing to win from shorter headers. */
static void
channel_check_options(void)
{
	lcp_wantoptions[0].neg_asyncmap = 0;
	lcp_allowoptions[0].neg_asyncmap = 0;
	lcp_wantoptions[0].neg_accompression = 0;
	lcp_allowoptions[0].neg_accompression = 0;
	lcp_wantoptions[0].neg_pcompression = 0;
	lcp_allowoptions[0].neg_pcompression = 0;
	mppe_check_options();
}

static pppd_option options[] = {
	{ KB_PPPD_OPTION_SESSION, o_int, &session_fd, "descriptor of a connected PPPoX socket" },
	{ KB_PPPD_OPTION_REPORT, o_int, &report_fd, "descriptor of the socket uptun listens to" },
	{ KB_PPPD_OPTION_MPPE, o_int, &mppe_mode, "0 unsaid, 1 off, 2 if the peer asks, 3 required" },
	{ .name = NULL },
};

static struct channel pppox_channel = {
	.options = options,
	.check_options = channel_check_options,
	.connect = channel_connect,
	.disconnect = channel_disconnect,
	.establish_ppp = channel_establish,
	.disestablish_ppp = ppp_generic_disestablish,
};

PUBLIC PPPD_PLUGIN_VERSION;

PUBLIC void plugin_init(void);

PUBLIC void
plugin_init(void)
{
	ppp_add_options(options);
	the_channel = &pppox_channel;
	ppp_set_modem(0);
	pppd_name_device("uptun");
	ppp_add_notify(NF_PHASE_CHANGE, on_phase, NULL);
	ppp_add_notify(NF_EXIT, on_exit_of_pppd, NULL);
	ppp_add_notify(NF_IP_UP, on_ip_up, NULL);
	ppp_add_notify(NF_IP_DOWN, on_ip_down, NULL);
	ppp_add_notify(NF_IPV6_UP, on_ipv6_up, NULL);
	mppe_init(&(struct mppe_listener){ .settled = report_what_is_up, .ended = report_mppe_end });
	first_request_init();
	chap_again_init();
}
