/* host_sentence_pptp.c - the last word about a PPTP profile, where it is not the one about any profile
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/host_sentence.h"

#include <errno.h>
#include <string.h>

static uint64_t
us_since(const struct host_profile *p, uint64_t us)
{
	return p->host->io.ops->now(p->host->io.self).us - us;
}

/* ---- GRE ---- */

/* The call stands and nothing came through it, though there was time (interop 49). */
static bool
is_gre_silent(const struct host_profile *p)
{
	return p->session_us != 0 && !p->was_ppp_heard && !p->was_ppp_up &&
	       us_since(p, p->session_us) >= HOST_GRE_SILENCE_US;
}

static void
say_gre(struct sentence *s, const struct host_profile *p)
{
	host_say(s, "the call with ");
	host_say_server(s, p);
	host_say(
	    s,
	    " stands, but PPP got no answer in %.0f s: is IP protocol 47 (GRE) blocked on the way? "
	    "Firewalls must let it through, and address translators need a helper for it (nf_nat_pptp) and "
	    "often carry one call at a time only",
	    (double)us_since(p, p->session_us) / 1e6);
}

/* ---- silence ---- */

static void
say_unconnected(struct sentence *s, const struct host_profile *p)
{
	host_say(s, "no TCP connection to ");
	host_say_server(s, p);
	host_say(s, " port %u within %u s: is the address right, does a firewall drop TCP port %u?",
		 p->config.server_port, p->config.timeouts.setup_s, p->config.server_port);
}

static void
say_no_reply(struct sentence *s, const struct host_profile *p)
{
	host_say(s, "the server at ");
	host_say_server(s, p);
	if (!p->was_tunnel_up)
		host_say(s,
			 " port %u takes TCP connections but does not answer PPTP's start request: is it a "
			 "PPTP server?",
			 p->config.server_port);
	else if (p->session_us == 0)
		host_say(s, " does not answer the call request: its log says why");
	else
		host_say(s, " does not answer any more: is the network up, does the server still run?");
}

static void
say_no_echo(struct sentence *s, const struct host_profile *p)
{
	host_say(s, "the server at ");
	host_say_server(s, p);
	host_say(s,
		 " did not answer an Echo-Request within %u s: is the network up, does the server still run?",
		 p->config.pptp.reply_timeout_s);
}

/* ---- TCP's end ---- */

static void
say_closed(struct sentence *s, const struct host_profile *p, struct ut_end end)
{
	host_say(s, "the server at ");
	host_say_server(s, p);
	if (end.code == 0)
		host_say(s, " closed the control connection without a word");
	else if (end.code == ECONNRESET || end.code == EPIPE)
		host_say(s, " reset the control connection");
	else if (end.code == ENOBUFS)
		host_say(s, " does not read what is sent to it");
	else
		host_say(s, " is lost to the control connection (%s)", strerror(end.code));
	if (!p->was_tunnel_up)
		host_say(s, ": is it a PPTP server, and does it accept this machine? Its log says");
	else
		host_say(s, ": its log says why%s", p->was_ppp_up ? "; --reconnect dials again" : "");
}

static void
say_out_of_step(struct sentence *s, const struct host_profile *p)
{
	host_say(s, "what the server at ");
	host_say_server(s, p);
	host_say(s, " port %u sends is not PPTP%s: -v -v shows the messages' fate", p->config.server_port,
		 p->was_tunnel_up ? " any more" : "");
}

/* ---- its own words ---- */

static const char *
what_is_refused(enum pptp_message_type type)
{
	return type == PPTP_SCCRP ? "control connection" : "call";
}

/* What to do about a refusal. */
static const char *
advice(struct ut_end end, enum pptp_message_type type)
{
	if (type == PPTP_SCCRP && end.result == PPTP_SCCRP_EXISTS)
		return ": end the other connection to it, or wait until the server has noticed that it is "
		       "gone";
	if (type == PPTP_SCCRP && end.result == PPTP_SCCRP_UNAUTHORIZED)
		return ": its configuration names who may connect";
	if (type == PPTP_OCRP && (end.result == PPTP_OCRP_BUSY || end.error == PPTP_ERROR_RESOURCES))
		return ": it has no room for another call; try later";
	return ": its log says why";
}

static void
say_refusal(struct sentence *s, const struct host_profile *p, struct ut_end end)
{
	const enum pptp_message_type type = ut_end_pptp_message(end);

	host_say(s, "the server at ");
	host_say_server(s, p);
	host_say(s, " refused the %s", what_is_refused(type));
	host_say_codes(s, end);
	host_say_peer_text(s, p);
	host_say(s, "%s", advice(end, type));
}

/* A server that insists on MPPE hangs up on who refuses it. */
static const char *
advice_on_hanging_up(const struct host_profile *p)
{
	if (!p->was_ppp_up && p->config.sessions[p->failed_link].mppe == PROFILE_MPPE_OFF)
		return ": does it require MPPE? --mppe allow accepts that";
	return p->was_ppp_up ? ": its log says why; --reconnect dials again" : ": its log says why";
}

static void
say_hung_up(struct sentence *s, const struct host_profile *p, struct ut_end end)
{
	host_say(s, "the server at ");
	host_say_server(s, p);
	if (end.scope == UT_END_PPTP_STOPCCRQ_RECEIVED)
		host_say(s, " closed the tunnel");
	else if (end.scope == UT_END_NO_CODES)
		host_say(s, " closed the PPP connection");
	else
		host_say(s, " closed the session");
	host_say_codes(s, end);
	host_say_peer_text(s, p);
	host_say(s, "%s", advice_on_hanging_up(p));
}

/* ---- which ---- */

static bool
say_by_scope(struct sentence *s, const struct host_profile *p, struct ut_end end)
{
	switch ((enum ut_end_scope)end.scope) {
	case UT_END_PPTP_NO_REPLY:
		say_no_reply(s, p);
		return true;
	case UT_END_PPTP_NO_ECHO:
		say_no_echo(s, p);
		return true;
	case UT_END_PPTP_CLOSED:
		say_closed(s, p, end);
		return true;
	case UT_END_PPTP_OUT_OF_STEP:
		say_out_of_step(s, p);
		return true;
	case UT_END_PPTP_SCCRP_RECEIVED:
	case UT_END_PPTP_OCRP_RECEIVED:
	case UT_END_PPTP_ICRP_RECEIVED:
		say_refusal(s, p, end);
		return true;
	case UT_END_PPTP_STOPCCRQ_RECEIVED:
	case UT_END_PPTP_CCRQ_RECEIVED:
	case UT_END_PPTP_CDN_RECEIVED:
		say_hung_up(s, p, end);
		return true;
	case UT_END_NO_CODES:
	case UT_END_STOPCCN_SENT:
	case UT_END_STOPCCN_RECEIVED:
	case UT_END_CDN_SENT:
	case UT_END_CDN_RECEIVED:
	case UT_END_PPTP_SCCRP_SENT:
	case UT_END_PPTP_STOPCCRQ_SENT:
	case UT_END_PPTP_OCRP_SENT:
	case UT_END_PPTP_ICRP_SENT:
	case UT_END_PPTP_CCRQ_SENT:
	case UT_END_PPTP_CDN_SENT:
		break;
	}
	return false;
}

/* No answer to the start, as the time for the whole set-up saw it. */
static bool
say_timeout(struct sentence *s, const struct host_profile *p)
{
	if (!p->has_server || p->was_tunnel_up)
		return false;
	if (p->has_dialled)
		say_no_reply(s, p);
	else
		say_unconnected(s, p);
	return true;
}

static bool
is_about_the_way(struct ut_end end)
{
	return end.cause == UT_CAUSE_NETWORK || end.cause == UT_CAUSE_PROTOCOL ||
	       end.cause == UT_CAUSE_REMOTE || end.cause == UT_CAUSE_PPPD;
}

bool
host_say_pptp(struct sentence *s, const struct host_profile *p, struct ut_end end)
{
	if (!is_about_the_way(end) || p->path_is_dead || host_is_explained(p, end))
		return false;
	if (is_gre_silent(p)) {
		say_gre(s, p);
		return true;
	}
	if (end.cause == UT_CAUSE_PPPD)
		return false;
	if (end.cause == UT_CAUSE_NETWORK && end.code == UT_CODE_TIMEOUT && say_timeout(s, p))
		return true;
	if (end.cause == UT_CAUSE_REMOTE && end.scope == UT_END_NO_CODES) {
		say_hung_up(s, p, end);
		return true;
	}
	return say_by_scope(s, p, end);
}
