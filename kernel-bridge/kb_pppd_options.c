/* kb_pppd_options.c - the options file pppd gets: what is in it, and how its words are quoted
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_pppd_options.h"

#include "kernel-bridge/kb_pppd_record.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* ---- what a user's options may not be ---- */

enum match { WHOLE, PREFIX };

struct refusal {
	const char *name;
	enum match match;
	const char *because;
};

/* clang-format off */
static const struct refusal refusals[] = {
	{ "password",     WHOLE,  "it would show the password to other users; use --password-file" },
	{ "+ua",          WHOLE,  "it names a file with a password; use --password-file" },
	{ "pppol2tp",     PREFIX, "the session is ours to hand over" },
	{ "uptun-",       PREFIX, "that option is between us and our plugin" },
	{ "detach",       WHOLE,  "pppd must stay our child" },
	{ "-detach",      WHOLE,  "pppd stays our child anyway" },
	{ "updetach",     WHOLE,  "pppd must stay our child" },
	{ "up_sdnotify",  WHOLE,  "it is not pppd that tells systemd" },
	{ "persist",      WHOLE,  "a session cannot be dialled again by pppd; we do that" },
	{ "demand",       WHOLE,  "a session cannot be dialled by pppd; we do that" },
	{ "dryrun",       WHOLE,  "pppd would end at once" },
	{ "logfd",        WHOLE,  "pppd does not have the descriptors you mean" },
	{ "pty",          WHOLE,  "frames go through the kernel session" },
	{ "socket",       WHOLE,  "frames go through the kernel session" },
	{ "notty",        WHOLE,  "frames go through the kernel session" },
	{ "record",       WHOLE,  "frames go through the kernel session" },
	{ "connect",      WHOLE,  "there is nothing to dial for pppd" },
	{ "disconnect",   WHOLE,  "there is nothing to hang up for pppd" },
	{ "init",         WHOLE,  "there is no modem" },
};
/* clang-format on */

static bool
refuses(const struct refusal *r, const char *option)
{
	if (r->match == PREFIX)
		return strncmp(option, r->name, strlen(r->name)) == 0;
	return strcmp(option, r->name) == 0;
}

static int
check_octets(const uint8_t *word, size_t octets, struct kb_error *why)
{
	if (octets > KB_PPPD_WORD_MAX)
		return kb_fail(why, EINVAL, "a pppd option may have %d octets, not %zu", KB_PPPD_WORD_MAX,
			       octets);
	for (size_t i = 0; i < octets; i++) {
		if (word[i] < 0x20 || word[i] == 0x7f)
			return kb_fail(why, EINVAL,
				       "control character 0x%02x at octet %zu of a value for pppd", word[i],
				       i);
	}
	return 0;
}

int
kb_pppd_check_option(const char *option, struct kb_error *why)
{
	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
		if (refuses(&refusals[i], option))
			return kb_fail(why, EINVAL, "the pppd option \"%.40s\" is refused: %s", option,
				       refusals[i].because);
	}
	return check_octets((const uint8_t *)option, strlen(option), why);
}

/* ---- words ---- */

static void
put_octet(struct kb_pppd_text *out, char c)
{
	if (out->len == out->cap)
		out->full = true;
	else
		out->base[out->len++] = c;
}

int
kb_pppd_put_word(struct kb_pppd_text *out, const uint8_t *word, size_t octets, struct kb_error *why)
{
	const int r = check_octets(word, octets, why);

	if (r < 0)
		return r;
	put_octet(out, '"');
	for (size_t i = 0; i < octets; i++) {
		if (word[i] == '"' || word[i] == '\\')
			put_octet(out, '\\');
		put_octet(out, (char)word[i]);
	}
	put_octet(out, '"');
	put_octet(out, ' ');
	return 0;
}

static int
put_text(struct kb_pppd_text *out, const char *word, struct kb_error *why)
{
	return kb_pppd_put_word(out, (const uint8_t *)word, strlen(word), why);
}

static void
put_line_end(struct kb_pppd_text *out)
{
	put_octet(out, '\n');
}

/* ---- options of ours ---- */

/* A word known to be harmless: no control characters, short. */
static void
put_fixed(struct kb_pppd_text *out, const char *words)
{
	while (*words != '\0')
		put_octet(out, *words++);
	put_line_end(out);
}

static void
put_number(struct kb_pppd_text *out, const char *option, unsigned value)
{
	char line[64];

	snprintf(line, sizeof line, "%s %u", option, value);
	put_fixed(out, line);
}

static int
put_pair(struct kb_pppd_text *out, const char *option, const uint8_t *value, size_t octets, size_t limit,
	 struct kb_error *why)
{
	if (octets > limit)
		return kb_fail(why, EINVAL, "the %s has %zu octets; pppd takes %zu", option, octets, limit);
	int r = put_text(out, option, why);

	if (r == 0)
		r = kb_pppd_put_word(out, value, octets, why);
	put_line_end(out);
	return r;
}

static int
put_text_pair(struct kb_pppd_text *out, const char *option, const char *value, size_t limit,
	      struct kb_error *why)
{
	if (value == NULL)
		return 0;
	return put_pair(out, option, (const uint8_t *)value, strlen(value), limit, why);
}

static bool
user_gives(const struct kb_pppd_request *request, const char *const *names)
{
	for (const char *const *o = request->options; o != NULL && *o != NULL; o++) {
		for (const char *const *n = names; *n != NULL; n++) {
			if (strcmp(*o, *n) == 0)
				return true;
		}
	}
	return false;
}

static const char *const eap_options[] = { "require-eap", "refuse-eap",	 "need-peer-eap", "eap-interval",
					   "eap-restart", "eap-timeout", "eap-max-sreq",  "eap-max-rreq",
					   "cert",	  "ca",		 "key",		  NULL };
static const char *const default_route_options[] = { "defaultroute", "replacedefaultroute", "nodefaultroute",
						     NULL };
static const char *const lcp_restart_options[] = { "lcp-restart", NULL };

static void
put_defaults(struct kb_pppd_text *out, const struct kb_pppd_request *request)
{
	/* noipdefault: or pppd asks the DNS for an address of this host's name before it starts. */
	put_fixed(out, "nodetach nopersist noauth hide-password noipdefault");
	/* Compressors tried and refused cost a modprobe each, and they leak lengths. */
	put_fixed(out, "nodeflate nobsdcomp");
	if (!user_gives(request, eap_options))
		put_fixed(out, "refuse-eap");
	if (!user_gives(request, default_route_options))
		put_fixed(out, "nodefaultroute");
	if (!user_gives(request, lcp_restart_options))
		put_fixed(out, "lcp-restart 1 lcp-max-configure 30"); /* sooner, and for as long as before */
	if (request->use_peer_dns)
		put_fixed(out, "usepeerdns");
	if (request->mtu != 0)
		put_number(out, "mtu", request->mtu);
	if (request->mru != 0)
		put_number(out, "mru", request->mru);
}

/* The same words in pppd 2.4 and 2.5.  MPPE's keys come from MS-CHAP: what is required is sure to have them when nothing
 * else is left.  Allowing it is the plugin's work: pppd requires or refuses. */
static void
put_mppe(struct kb_pppd_text *out, const struct kb_pppd_request *request)
{
	switch (request->mppe) {
	case KB_MPPE_OFF:
		put_fixed(out, "nomppe");
		break;
	case KB_MPPE_REQUIRE:
		put_fixed(out, "require-mppe-128 refuse-pap refuse-chap refuse-mschap");
		break;
	case KB_MPPE_UNSAID:
	case KB_MPPE_ALLOW:
	case KB_MPPE_N:
		break;
	}
	if (!request->stock_plugin)
		put_number(out, KB_PPPD_OPTION_MPPE, request->mppe);
}

/* First of all: the plugin replaces the serial line, and with it the options there are. */
static int
put_channel(struct kb_pppd_text *out, const struct kb_pppd_request *request, struct kb_error *why)
{
	if (request->stock_plugin) {
		put_fixed(out, "plugin pppol2tp.so");
		put_number(out, "pppol2tp", KB_PPPD_SESSION_FD);
		return 0;
	}
	if (request->plugin_path == NULL || request->plugin_path[0] != '/')
		return kb_fail(why, EINVAL, "the path of uptun-pppox.so must be absolute");
	const int r = put_text_pair(out, "plugin", request->plugin_path, KB_PPPD_WORD_MAX, why);
	put_number(out, KB_PPPD_OPTION_SESSION, KB_PPPD_SESSION_FD);
	put_number(out, KB_PPPD_OPTION_REPORT, KB_PPPD_REPORT_FD);
	return r;
}

static int
put_credentials(struct kb_pppd_text *out, const struct kb_pppd_request *request, struct kb_error *why)
{
	int r = put_text_pair(out, "user", request->user, KB_PPPD_NAME_MAX, why);

	if (r == 0 && request->password != NULL)
		r = put_pair(out, "password", request->password, request->password_octets,
			     KB_PPPD_PASSWORD_MAX, why);
	return r;
}

static int
put_users(struct kb_pppd_text *out, const struct kb_pppd_request *request, struct kb_error *why)
{
	for (const char *const *o = request->options; o != NULL && *o != NULL; o++) {
		int r = kb_pppd_check_option(*o, why);

		if (r == 0)
			r = put_text(out, *o, why);
		if (r < 0)
			return r;
	}
	put_line_end(out);
	return 0;
}

int
kb_pppd_put_options(struct kb_pppd_text *out, const struct kb_pppd_request *request, struct kb_error *why)
{
	int r = put_channel(out, request, why);

	put_defaults(out, request);
	put_mppe(out, request);
	if (r == 0)
		r = put_text_pair(out, "ifname", request->ifname, IF_NAMESIZE - 1, why);
	if (r == 0)
		r = put_credentials(out, request, why);
	if (r == 0)
		r = put_users(out, request, why);
	if (r == 0 && out->full)
		r = kb_fail(why, E2BIG, "the options for pppd are longer than %d octets",
			    KB_PPPD_OPTIONS_MAX);
	return r;
}
