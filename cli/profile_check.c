/* profile_check.c - the rules and the defaults of a profile, wherever it came from
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/profile.h"

#include <stdio.h>

#include "cli/profile_error.h"

/* ---- numbers ---- */

/* `unset` is replaced by `fallback`, which is allowed; anything else lies in min..max. */
struct range {
	const char *field;
	size_t offset;
	uint32_t unset, fallback, min, max;
};

/* clang-format off */
#define AT(member) offsetof(struct profile, member)
static const struct range ranges[] = {
/*  field                       where                          unset          default  min      max      */
{ "server_port",              AT(server_port),               0,             1701,       1,    65535 },
{ "local_port",               AT(local_port),                0,                0,       1,    65535 },
{ "l2tp.window",              AT(l2tp.window),               0,                8,       1,    32768 },
{ "l2tp.tries",               AT(l2tp.tries),                0,                6,       1,      100 },
{ "l2tp.hello_interval_s",    AT(l2tp.hello_interval_s),     PROFILE_UNSET,   60,       0,    86400 },
{ "pptp.echo_interval_s",     AT(pptp.echo_interval_s),      PROFILE_UNSET,   60,       0,    86400 },
{ "pptp.reply_timeout_s",     AT(pptp.reply_timeout_s),      0,               60,       1,     3600 },
{ "pptp.window",              AT(pptp.window),               0,               64,       1,    32768 },
{ "timeouts.setup_s",         AT(timeouts.setup_s),          0,               60,       1,     3600 },
{ "timeouts.close_s",         AT(timeouts.close_s),          0,                5,       1,       60 },
{ "reconnect.first_delay_ms", AT(reconnect.first_delay_ms),  0,             1000,      10,  3600000 },
{ "reconnect.max_delay_s",    AT(reconnect.max_delay_s),     0,               60,       1,    86400 },
};
#undef AT

#define AT(member) offsetof(struct profile_session, member)
static const struct range session_ranges[] = {
{ "mtu",                      AT(mtu),                       0,             1400,     128,    16384 },
{ "mru",                      AT(mru),                       0,             1400,     128,    16384 },
};
#undef AT
/* clang-format on */

static enum profile_result
check_range(const struct range *range, void *base, struct profile_error *why)
{
	uint32_t v;

	memcpy(&v, (uint8_t *)base + range->offset, sizeof v);
	if (v == range->unset || v == range->fallback) {
		memcpy((uint8_t *)base + range->offset, &range->fallback, sizeof v);
		return PROFILE_OK;
	}
	if (v >= range->min && v <= range->max)
		return PROFILE_OK;
	if (v < range->min)
		return profile_fail(why, range->field, "%u is below %u", (unsigned)v, (unsigned)range->min);
	return profile_fail(why, range->field, "%u is above %u", (unsigned)v, (unsigned)range->max);
}

static enum profile_result
check_ranges(struct profile *p, struct profile_error *why)
{
	for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
		if (check_range(&ranges[i], p, why) != PROFILE_OK)
			return PROFILE_BAD;
	return PROFILE_OK;
}

/* ---- names ---- */

static const char default_host_name[] = "uptun";
static const char letters_and_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

static bool
consists_of(const char *text, const char *more)
{
	for (; *text != '\0'; text++)
		if (strchr(letters_and_digits, *text) == NULL && strchr(more, *text) == NULL)
			return false;
	return true;
}

static void
default_name(struct profile *p)
{
	memcpy(p->name, p->server, PROFILE_NAME_MAX);
	p->name[PROFILE_NAME_MAX] = '\0';
	for (char *c = p->name; *c != '\0'; c++)
		if (strchr(letters_and_digits, *c) == NULL && strchr("._-", *c) == NULL)
			*c = '_';
}

/* "host:1701"; an IPv6 address has more than one colon. */
static bool
has_port(const char *server)
{
	const char *colon = strchr(server, ':');

	return colon != NULL && strchr(colon + 1, ':') == NULL;
}

static enum profile_result
check_names(struct profile *p, struct profile_error *why)
{
	if (p->server[0] == '\0')
		return profile_fail(why, "server", "not given");
	if (has_port(p->server))
		return profile_fail(why, "server",
				    "without a port: that is given apart, as --port or server_port");
	if (p->server[0] == '-' || !consists_of(p->server, "._:%-"))
		return profile_fail(why, "server", "neither a host name nor an IPv4 or IPv6 address");
	if (!consists_of(p->name, "._-"))
		return profile_fail(why, "name", "a character other than A-Z a-z 0-9 . _ -");
	if (p->name[0] == '\0')
		default_name(p);
	if (p->l2tp.host_name[0] == '\0')
		memcpy(p->l2tp.host_name, default_host_name, sizeof default_host_name);
	if (p->pptp.host_name[0] == '\0')
		memcpy(p->pptp.host_name, default_host_name, sizeof default_host_name);
	return PROFILE_OK;
}

/* What the kernel takes as the name of an interface, without the characters that only confuse. */
static enum profile_result
check_interface(const char *field, const char *name, struct profile_error *why)
{
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return profile_fail(why, field, "not the name of an interface");
	for (const char *c = name; *c != '\0'; c++)
		if (*c <= ' ' || *c > '~' || strchr("/:%", *c) != NULL)
			return profile_fail(why, field, "not the name of an interface");
	return PROFILE_OK;
}

/* ---- sessions ---- */

static bool
is_interface_taken(const struct profile *p, unsigned index)
{
	const char *name = p->sessions[index].interface_name;

	for (unsigned i = 0; i < index; i++)
		if (name[0] != '\0' && strcmp(name, p->sessions[i].interface_name) == 0)
			return true;
	return false;
}

static enum profile_result
check_fields_of_session(struct profile *p, unsigned index, struct profile_error *why)
{
	struct profile_session *session = &p->sessions[index];

	for (size_t i = 0; i < sizeof session_ranges / sizeof session_ranges[0]; i++)
		if (check_range(&session_ranges[i], session, why) != PROFILE_OK)
			return PROFILE_BAD;
	if ((unsigned)session->mppe >= PROFILE_MPPE_N)
		return profile_fail(why, "mppe", "%d is no known value", (int)session->mppe);
	if (session->mppe == PROFILE_MPPE_REQUIRE && p->ppp_plugin != PROFILE_PLUGIN_UPTUN)
		return profile_fail(why, "mppe", "with this ppp_plugin nobody can tell whether it is on");
	if (is_interface_taken(p, index))
		return profile_fail(why, "interface_name", "another session has this name");
	return check_interface("interface_name", session->interface_name, why);
}

static enum profile_result
check_session(struct profile *p, unsigned index, struct profile_error *why)
{
	char field[sizeof why->field];

	if (check_fields_of_session(p, index, why) == PROFILE_OK)
		return PROFILE_OK;
	memcpy(field, why->field, sizeof field);
	(void)snprintf(why->field, sizeof why->field, "session[%u].%.64s", index, field);
	return PROFILE_BAD;
}

static enum profile_result
check_sessions(struct profile *p, struct profile_error *why)
{
	for (unsigned i = 0; i < p->sessions_n; i++)
		if (check_session(p, i, why) != PROFILE_OK)
			return PROFILE_BAD;
	return PROFILE_OK;
}

/* ---- choices ---- */

static enum profile_result
check_enums(const struct profile *p, struct profile_error *why)
{
	if ((unsigned)p->ppp_plugin >= PROFILE_PLUGIN_N)
		return profile_fail(why, "ppp_plugin", "%d is no known value", (int)p->ppp_plugin);
	if ((unsigned)p->dns >= PROFILE_DNS_N)
		return profile_fail(why, "dns", "%d is no known value", (int)p->dns);
	if ((unsigned)p->data_path >= PROFILE_DATA_N)
		return profile_fail(why, "data_path", "%d is no known value", (int)p->data_path);
	return PROFILE_OK;
}

static enum profile_result
check_l2tp(const struct profile *p, struct profile_error *why)
{
	if (p->data_path == PROFILE_DATA_PPTP || p->data_path == PROFILE_DATA_OPNS)
		return profile_fail(why, "data_path", "this driver carries PPTP, not L2TP");
	if (p->l2tp.hide_avps && p->l2tp.secret.n == 0 && p->l2tp.secret.file == NULL)
		return profile_fail(why, "l2tp.hide_avps", "needs a tunnel secret");
	return PROFILE_OK;
}

/* The kernel sends PPTP's frames through no socket of ours (drivers/net/ppp/pptp.c), so nothing could keep them
 * out of the clear between the end of a policy and the news of it. */
static enum profile_result
check_pptp(const struct profile *p, struct profile_error *why)
{
	if (p->data_path != PROFILE_DATA_AUTO && p->data_path != PROFILE_DATA_PPTP &&
	    p->data_path != PROFILE_DATA_OPNS && p->data_path != PROFILE_DATA_NULL)
		return profile_fail(why, "data_path", "this driver carries L2TP, not PPTP");
	if (p->ppp_plugin != PROFILE_PLUGIN_UPTUN)
		return profile_fail(why, "ppp_plugin", "this plugin takes no PPTP session");
	if (p->require_ipsec)
		return profile_fail(why, "require_ipsec",
				    "PPTP's frames leave the kernel through no socket that IPsec could be "
				    "fixed to; use L2TP, or require MPPE instead");
	return PROFILE_OK;
}

static enum profile_result
check_protocol(const struct profile *p, struct profile_error *why)
{
	switch (p->protocol) {
	case PROFILE_L2TP:
		return check_l2tp(p, why);
	case PROFILE_PPTP:
		return check_pptp(p, why);
	case PROFILE_PROTOCOL_N:
		break;
	}
	return profile_fail(why, "", "%d is no known protocol", (int)p->protocol);
}

/* What nobody said and the protocol decides. */
static void
default_by_protocol(struct profile *p)
{
	if (p->protocol != PROFILE_PPTP)
		return;
	if (p->server_port == 0)
		p->server_port = 1723;
	for (unsigned i = 0; i < p->sessions_n; i++)
		if (p->sessions[i].mppe == PROFILE_MPPE_UNSAID)
			p->sessions[i].mppe = PROFILE_MPPE_ALLOW;
}

static enum profile_result
check_reconnect(const struct profile *p, struct profile_error *why)
{
	if (p->reconnect.first_delay_ms > 1000 * p->reconnect.max_delay_s)
		return profile_fail(why, "reconnect.first_delay_ms", "longer than max_delay_s, %u s",
				    (unsigned)p->reconnect.max_delay_s);
	return PROFILE_OK;
}

/* Standard input can be read once. */
static enum profile_result
check_stdin(const struct profile *p, struct profile_error *why)
{
	bool is_taken = p->l2tp.secret.file != NULL && strcmp(p->l2tp.secret.file, "-") == 0;
	char field[64];

	for (unsigned i = 0; i < p->sessions_n; i++) {
		const char *file = p->sessions[i].password.file;

		if (file == NULL || strcmp(file, "-") != 0)
			continue;
		(void)snprintf(field, sizeof field, "session[%u].password_file", i);
		if (is_taken)
			return profile_fail(why, field, "standard input is already read for another secret");
		is_taken = true;
	}
	return PROFILE_OK;
}

static enum profile_result
check(struct profile *p, struct profile_error *why)
{
	(void)profile_session_at(p, 0);
	default_by_protocol(p);
	if (check_enums(p, why) != PROFILE_OK || check_protocol(p, why) != PROFILE_OK ||
	    check_names(p, why) != PROFILE_OK ||
	    check_interface("interface", p->interface, why) != PROFILE_OK ||
	    check_ranges(p, why) != PROFILE_OK || check_sessions(p, why) != PROFILE_OK ||
	    check_reconnect(p, why) != PROFILE_OK)
		return PROFILE_BAD;
	return check_stdin(p, why);
}

enum profile_result
profile_check(struct profile *p, const struct profile_source *source, struct profile_error *why)
{
	const enum profile_result result = check(p, why);

	if (result != PROFILE_OK)
		profile_source_locate(source, why);
	return result;
}
