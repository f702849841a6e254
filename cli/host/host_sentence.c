/* host_sentence.c - the last word about a profile: what happened, to which tunnel, what to do next
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/host_sentence.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *
host_address_text(const union kb_sockaddr *a, char out[64])
{
	char host[INET6_ADDRSTRLEN] = "?";

	if (a->sa.sa_family == AF_INET6) {
		inet_ntop(AF_INET6, &a->in6.sin6_addr, host, sizeof host);
		snprintf(out, 64, "%s port %u", host, ntohs(a->in6.sin6_port));
	} else {
		inet_ntop(AF_INET, &a->in.sin_addr, host, sizeof host);
		snprintf(out, 64, "%s port %u", host, ntohs(a->in.sin_port));
	}
	return out;
}

/* ---- a sentence being written ---- */

void
host_say(struct sentence *s, const char *format, ...)
{
	const size_t left = HOST_SENTENCE_OCTETS - s->n;
	va_list args;

	va_start(args, format);
	const int n = vsnprintf(s->to + s->n, left, format, args);
	va_end(args);
	if (n > 0)
		s->n += (size_t)n < left ? (size_t)n : left - 1;
}

void
host_say_server(struct sentence *s, const struct host_profile *p)
{
	char host[INET6_ADDRSTRLEN];

	if (!p->has_server) {
		host_say(s, "%s", p->config.server);
		return;
	}
	const bool is_6 = p->server.sa.sa_family == AF_INET6;
	inet_ntop(p->server.sa.sa_family,
		  is_6 ? (const void *)&p->server.in6.sin6_addr : (const void *)&p->server.in.sin_addr, host,
		  sizeof host);
	host_say(s, "%s", host);
}

static void
say_l2tp_codes(struct sentence *s, struct ut_end end)
{
	const bool is_stopccn = end.scope == UT_END_STOPCCN_SENT || end.scope == UT_END_STOPCCN_RECEIVED;

	host_say(s, " (%s %u: %s", is_stopccn ? "StopCCN" : "CDN", end.result,
		 is_stopccn ? l2tp_stopccn_result_name(end.result) : l2tp_cdn_result_name(end.result));
	if (end.error != 0)
		host_say(s, "; error %u: %s", end.error, l2tp_error_name(end.error));
	host_say(s, ")");
}

static void
say_pptp_codes(struct sentence *s, struct ut_end end, enum pptp_message_type type)
{
	host_say(s, " (%s %u: %s", pptp_message_letters(type), end.result,
		 pptp_result_name(type, end.result));
	if (end.error != 0)
		host_say(s, "; error %u: %s", end.error, pptp_error_name(end.error));
	host_say(s, ")");
}

void
host_say_codes(struct sentence *s, struct ut_end end)
{
	const enum pptp_message_type type = ut_end_pptp_message(end);

	if (end.scope == UT_END_NO_CODES || end.result == 0)
		return;
	if (type != PPTP_MESSAGE_N)
		say_pptp_codes(s, end, type);
	else if (end.scope <= UT_END_CDN_RECEIVED)
		say_l2tp_codes(s, end);
}

void
host_say_peer_text(struct sentence *s, const struct host_profile *p)
{
	if (p->peer_text[0] != '\0')
		host_say(s, "; it says \"%s\"", p->peer_text);
}

static bool
is_received(struct ut_end end)
{
	return end.scope == UT_END_STOPCCN_RECEIVED || end.scope == UT_END_CDN_RECEIVED;
}

/* ---- the causes ---- */

bool
host_is_explained(const struct host_profile *p, struct ut_end end)
{
	return p->why.text[0] != '\0' && end.code == p->why.err;
}

static void
say_why(struct sentence *s, const struct host_profile *p, struct ut_end end)
{
	if (host_is_explained(p, end))
		host_say(s, "%s", p->why.text);
	else if (end.code > 0)
		host_say(s, "%s", strerror(end.code));
	else
		host_say(s, "%s", ut_cause_name(end.cause));
}

static double
seconds_since(const struct host_profile *p, uint64_t us)
{
	return (double)(p->host->io.ops->now(p->host->io.self).us - us) / 1e6;
}

static void
say_silent(struct sentence *s, const struct host_profile *p)
{
	host_say(s, "no answer from ");
	host_say_server(s, p);
	host_say(s, " port %u", p->config.server_port);
	if (p->transmissions > 1)
		host_say(s, " after %u tries in %.0f s", p->transmissions,
			 seconds_since(p, p->first_send_us));
	if (p->icmp_err == ECONNREFUSED)
		host_say(s, ": that machine says that nothing listens there: is its L2TP server running, is "
			    "the port right?");
	else if (p->icmp_err != 0)
		host_say(s, ": the network says \"%s\"; is the network up, is the address right?",
			 strerror(p->icmp_err));
	else
		host_say(s, ": is UDP %u open on the way, does the server want IPsec first?",
			 p->config.server_port);
}

static void
say_network(struct sentence *s, const struct host_profile *p, struct ut_end end)
{
	if (p->path_is_dead) {
		host_say(s,
			 "the address the tunnel came from is gone from this machine: ask for --reconnect to "
			 "dial again");
	} else if (host_is_explained(p, end)) {
		host_say(s, "%s", p->why.text);
	} else if (!p->has_server) {
		host_say(s, "%s could not be resolved: check the name and the resolver", p->config.server);
	} else if (!p->was_tunnel_up) {
		say_silent(s, p);
	} else if (end.code == UT_CODE_TIMEOUT) {
		host_say(s,
			 "not up within %u s, though the server answers: -v shows how far it came, --timeout "
			 "gives more",
			 p->config.timeouts.setup_s);
	} else {
		host_say(s, "the server at ");
		host_say_server(s, p);
		host_say(s,
			 " fell silent while the tunnel %s up: is the network up, does the server still run?",
			 p->was_ppp_up ? "was" : "came");
	}
	host_say_codes(s, end);
}

static void
say_protocol(struct sentence *s, const struct host_profile *p, struct ut_end end)
{
	host_say(s, "the server at ");
	host_say_server(s, p);
	if (is_received(end))
		host_say(s, " refused");
	else
		host_say(s, " does not keep to the protocol");
	host_say_codes(s, end);
	host_say_peer_text(s, p);
	host_say(s, ": -v -v shows the messages' fate");
}

static void
say_challenge(struct sentence *s, const struct host_profile *p, struct ut_end end, bool had_secret)
{
	host_say(s, "the server at ");
	host_say_server(s, p);
	if (!had_secret)
		host_say(s, " asks for a tunnel secret");
	else if (is_received(end))
		host_say(s, " rejected the tunnel secret");
	else
		host_say(s, " does not know the tunnel secret");
	host_say_codes(s, end);
	host_say_peer_text(s, p);
	host_say(s, had_secret ? ": check --secret-file, and the server's side"
			       : ": give it with --secret-file");
}

static void
say_remote(struct sentence *s, const struct host_profile *p, struct ut_end end)
{
	const bool is_session = end.scope == UT_END_CDN_RECEIVED;

	host_say(s, "the server at ");
	host_say_server(s, p);
	host_say(s, " closed the %s",
		 end.scope == UT_END_NO_CODES ? "PPP connection"
		 : is_session		      ? "session"
					      : "tunnel");
	host_say_codes(s, end);
	host_say_peer_text(s, p);
	host_say(s, p->was_ppp_up ? ": its log says why; --reconnect dials again" : ": its log says why");
}

static void
say_auth(struct sentence *s, const struct host_profile *p, struct ut_end end)
{
	enum { PEER_REFUSED_AUTH = 11 };
	const struct profile_session *session = &p->config.sessions[p->failed_link];

	if (end.code == PEER_REFUSED_AUTH)
		host_say(s, "the server would not authenticate itself, as a pppd option asks for");
	else if (session->user[0] == '\0')
		host_say(s, "the server wants a user and a password: give --user and --password-file");
	else
		host_say(s, "the server rejected user %s's password: check --user and --password-file",
			 session->user);
}

static void
say_pppd(struct sentence *s, const struct host_profile *p, struct ut_end end)
{
	enum { OPTION_ERROR = 2 };

	(void)p;
	host_say(s, "pppd ended with status %d: %s", end.code, kb_pppd_exit_name(end.code));
	if (end.code == OPTION_ERROR)
		host_say(s,
			 "; a line of its own says which: look behind --, at session.option of the profile, "
			 "and into /etc/ppp/options");
	else
		host_say(s, "; the system log has its messages");
}

static const char *
advice_on_mppe(enum kb_mppe_end end)
{
	switch (end) {
	case KB_MPPE_PEER_REFUSED:
		return "it has to do MPPE with 128 bits after MS-CHAPv2 (pptpd: require-mschap-v2 and "
		       "require-mppe-128 among its pppd options), or --mppe allow does without encryption";
	case KB_MPPE_PEER_REQUIRES:
		return "--mppe allow accepts what it asks for";
	case KB_MPPE_NO_KEYS:
		return "have the server ask for MS-CHAPv2, or let --mppe allow do without encryption";
	case KB_MPPE_NO_KERNEL:
		return "or let --mppe allow do without encryption";
	case KB_MPPE_NOT_ON:
	case KB_MPPE_LOST:
		return "its log says why, and ours in the system log";
	case KB_MPPE_END_N:
		break;
	}
	return "";
}

static void
say_mppe(struct sentence *s, const struct host_profile *p)
{
	host_say(s, "%s (server ", kb_mppe_end_name(p->mppe_end));
	host_say_server(s, p);
	host_say(s, "): %s", advice_on_mppe(p->mppe_end));
}

void
host_end_sentence(const struct host_profile *p, struct ut_end end, char out[HOST_SENTENCE_OCTETS])
{
	struct sentence s = { .to = out };

	out[0] = '\0';
	if (p->config.protocol == PROFILE_PPTP && host_say_pptp(&s, p, end))
		return;
	switch ((enum ut_cause)end.cause) {
	case UT_CAUSE_NONE:
		host_say(&s, "closed");
		break;
	case UT_CAUSE_USER:
		host_say(&s, "closed as asked");
		break;
	case UT_CAUSE_SYSTEM:
		say_why(&s, p, end);
		break;
	case UT_CAUSE_NETWORK:
		say_network(&s, p, end);
		break;
	case UT_CAUSE_PROTOCOL:
		say_protocol(&s, p, end);
		break;
	case UT_CAUSE_CHALLENGE:
		say_challenge(&s, p, end, p->config.l2tp.secret.n > 0);
		break;
	case UT_CAUSE_REMOTE:
		say_remote(&s, p, end);
		break;
	case UT_CAUSE_PPPD:
		say_pppd(&s, p, end);
		break;
	case UT_CAUSE_PPPD_AUTH:
		say_auth(&s, p, end);
		break;
	case UT_CAUSE_PPPD_MPPE:
		say_mppe(&s, p);
		break;
	case UT_CAUSE_PPPD_KILLED:
		host_say(&s, "pppd was killed by signal %d (%s), not by us", end.code, strsignal(end.code));
		break;
	case UT_CAUSE_N:
		break;
	}
}
