/* allow.c - which words the daemon's users may give to pppd
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/launcher/allow.h"

#include "kernel-bridge/kb_pppd.h"

#include <errno.h>
#include <string.h>

enum kind {
	FLAG,
	SECONDS,
	COUNT,
	OCTETS, /* of a packet */
	SLOTS	/* of Van Jacobson's compression */
};

struct word {
	const char *name;
	enum kind kind;
	const char *because; /* it is harmless */
};

/* What the reasons have in common: no word opens a file, runs a program, reads root's secrets or leaves something
 * behind.  Requiring the peer to authenticate itself is not among them: pppd would judge it by root's secrets, and
 * whoever runs both ends could try passwords on them. */
#define PACKETS "how large packets may be"
#define COMPRESSION "less is compressed"
#define ENCRYPTION "whether and how this link is encrypted; its keys come from its own password"
#define LIVENESS "when this link is given up"
#define PATIENCE "how often and for how long this link's questions are asked"
#define AUTHENTICATION "fewer ways to show the link's own password"
#define ADDRESSES "which addresses and protocols this link negotiates"
#define MANNERS "how LCP is negotiated on this link"

/* clang-format off */
static const struct word words[] = {
	{ "mtu",                  OCTETS,  PACKETS },
	{ "mru",                  OCTETS,  PACKETS },
	{ "default-mru",          FLAG,    PACKETS },
	{ "noccp",                FLAG,    COMPRESSION },
	{ "nobsdcomp",            FLAG,    COMPRESSION },
	{ "nodeflate",            FLAG,    COMPRESSION },
	{ "nopredictor1",         FLAG,    COMPRESSION },
	{ "novj",                 FLAG,    COMPRESSION },
	{ "novjccomp",            FLAG,    COMPRESSION },
	{ "vj-max-slots",         SLOTS,   COMPRESSION },
	{ "noaccomp",             FLAG,    COMPRESSION },
	{ "nopcomp",              FLAG,    COMPRESSION },
	{ "require-mppe",         FLAG,    ENCRYPTION },
	{ "require-mppe-40",      FLAG,    ENCRYPTION },
	{ "require-mppe-128",     FLAG,    ENCRYPTION },
	{ "nomppe",               FLAG,    ENCRYPTION },
	{ "nomppe-40",            FLAG,    ENCRYPTION },
	{ "nomppe-128",           FLAG,    ENCRYPTION },
	{ "mppe-stateful",        FLAG,    ENCRYPTION },
	{ "nomppe-stateful",      FLAG,    ENCRYPTION },
	{ "lcp-echo-interval",    SECONDS, LIVENESS },
	{ "lcp-echo-failure",     COUNT,   LIVENESS },
	{ "lcp-echo-adaptive",    FLAG,    LIVENESS },
	{ "idle",                 SECONDS, LIVENESS },
	{ "maxconnect",           SECONDS, LIVENESS },
	{ "lcp-restart",          SECONDS, PATIENCE },
	{ "lcp-max-configure",    COUNT,   PATIENCE },
	{ "lcp-max-failure",      COUNT,   PATIENCE },
	{ "lcp-max-terminate",    COUNT,   PATIENCE },
	{ "ipcp-restart",         SECONDS, PATIENCE },
	{ "ipcp-max-configure",   COUNT,   PATIENCE },
	{ "ipcp-max-failure",     COUNT,   PATIENCE },
	{ "ipcp-max-terminate",   COUNT,   PATIENCE },
	{ "ipv6cp-restart",       SECONDS, PATIENCE },
	{ "ipv6cp-max-configure", COUNT,   PATIENCE },
	{ "ipv6cp-max-failure",   COUNT,   PATIENCE },
	{ "ipv6cp-max-terminate", COUNT,   PATIENCE },
	{ "pap-restart",          SECONDS, PATIENCE },
	{ "pap-max-authreq",      COUNT,   PATIENCE },
	{ "refuse-pap",           FLAG,    AUTHENTICATION },
	{ "refuse-chap",          FLAG,    AUTHENTICATION },
	{ "refuse-mschap",        FLAG,    AUTHENTICATION },
	{ "refuse-mschap-v2",     FLAG,    AUTHENTICATION },
	{ "refuse-eap",           FLAG,    AUTHENTICATION },
	{ "noip",                 FLAG,    ADDRESSES },
	{ "noipv6",               FLAG,    ADDRESSES },
	{ "+ipv6",                FLAG,    ADDRESSES },
	{ "noipdefault",          FLAG,    ADDRESSES },
	{ "noremoteip",           FLAG,    ADDRESSES },
	{ "ipcp-accept-local",    FLAG,    ADDRESSES },
	{ "ipcp-accept-remote",   FLAG,    ADDRESSES },
	{ "ipv6cp-accept-local",  FLAG,    ADDRESSES },
	{ "usepeerdns",           FLAG,    "what \"dns: REPORT\" of a profile asks for anyway" },
	{ "nodefaultroute",       FLAG,    "routes are the profile's: pppd makes none" },
	{ "noproxyarp",           FLAG,    "pppd answers for nobody's address" },
	{ "nomagic",              FLAG,    MANNERS },
	{ "noendpoint",           FLAG,    MANNERS },
	{ "nomultilink",          FLAG,    MANNERS },
	{ "passive",              FLAG,    MANNERS },
	{ "silent",               FLAG,    MANNERS },
	{ "debug",                FLAG,    "the system log gets this link's negotiation, passwords left out" },
};

/* Not even root can allow these to others. */
static const struct {
	const char *name, *because;
} never[] = {
	{ "plugin",         "it runs code as root" },
	{ "pty",            "it runs a program as root" },
	{ "connect",        "it runs a program as root" },
	{ "disconnect",     "it runs a program as root" },
	{ "init",           "it runs a program as root" },
	{ "welcome",        "it runs a program as root" },
	{ "ip-up-script",   "it runs a program as root" },
	{ "ip-down-script", "it runs a program as root" },
	{ "ipv6-up-script", "it runs a program as root" },
	{ "ipv6-down-script", "it runs a program as root" },
	{ "auth-up-script", "it runs a program as root" },
	{ "auth-down-script", "it runs a program as root" },
	{ "ipparam",        "root's scripts get it as an argument" },
	{ "set",            "root's scripts get it in their environment" },
	{ "unset",          "root's scripts lose a variable by it" },
	{ "file",           "it reads a file as root" },
	{ "call",           "it reads a file as root" },
	{ "options",        "it reads a file as root" },
	{ "ca",             "it reads a file as root" },
	{ "capath",         "it reads a folder as root" },
	{ "cert",           "it reads a file as root" },
	{ "key",            "it reads a file as root" },
	{ "crl",            "it reads a file as root" },
	{ "crl-dir",        "it reads a folder as root" },
	{ "pkcs12",         "it reads a file as root" },
	{ "+ua",            "it reads a file as root" },
	{ "ua",             "it reads a file as root" },
	{ "logfile",        "it writes a file as root" },
	{ "record",         "it writes a file as root" },
	{ "linkname",       "it writes a file as root" },
	{ "logfd",          "it writes to a descriptor of root's" },
	{ "login",          "it asks the system's own passwords" },
	{ "privgroup",      "it gives away privileges" },
	{ "user",           "the name belongs into the profile's own field" },
	{ "name",           "it chooses among root's secrets" },
	{ "remotename",     "it chooses among root's secrets" },
	{ "usehostname",    "it chooses among root's secrets" },
	{ "domain",         "it chooses among root's secrets" },
	{ "show-password",  "the system log would show passwords" },
};
/* clang-format on */

enum { NUMBER_DIGITS = 6, ARGUMENTS_MAX = 3, NAME_ROOM = 64 };

/* ---- arguments ---- */

static const struct {
	unsigned least, most;
	const char *unit;
} ranges[] = {
	[SECONDS] = { 0, 604800, "seconds" },
	[COUNT] = { 0, 65535, "times" },
	[OCTETS] = { 128, 16384, "octets" }, /* pppd's own limits */
	[SLOTS] = { 2, 16, "slots" },
};

static bool
read_number(const char *text, unsigned *out)
{
	const size_t n = strlen(text);
	unsigned number = 0;

	if (n == 0 || n > NUMBER_DIGITS || strspn(text, "0123456789") != n)
		return false;
	for (size_t i = 0; i < n; i++)
		number = number * 10 + (unsigned)(text[i] - '0');
	*out = number;
	return true;
}

static int
check_argument(const struct word *w, const char *argument, struct kb_error *why)
{
	unsigned number;

	if (argument != NULL && read_number(argument, &number) && number >= ranges[w->kind].least &&
	    number <= ranges[w->kind].most)
		return 0;
	return kb_fail(why, EINVAL,
		       "after the pppd option \"%s\" comes a number of %s, %u to %u, not \"%.40s\"", w->name,
		       ranges[w->kind].unit, ranges[w->kind].least, ranges[w->kind].most,
		       argument != NULL ? argument : "");
}

/* ---- words ---- */

static const struct word *
find_word(const char *name)
{
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (strcmp(words[i].name, name) == 0)
			return &words[i];
	}
	return NULL;
}

static int
check_never(const char *name, struct kb_error *why)
{
	for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
		if (strcmp(never[i].name, name) == 0)
			return kb_fail(why, EINVAL, "the pppd option \"%s\" is refused: %s", name,
				       never[i].because);
	}
	return kb_pppd_check_option(name, why);
}

/* "WORD:N" and "WORD" have this many octets of word, and arguments. */
static size_t
split_extra(const char *extra, unsigned *arguments)
{
	const char *colon = strrchr(extra, ':');

	*arguments = 0;
	if (colon == NULL)
		return strlen(extra);
	if (colon[1] >= '1' && colon[1] <= '0' + ARGUMENTS_MAX && colon[2] == '\0')
		*arguments = (unsigned)(colon[1] - '0');
	return *arguments != 0 ? (size_t)(colon - extra) : strlen(extra);
}

static bool
find_extra(const char *name, const char *const *extra, unsigned *arguments)
{
	for (; extra != NULL && *extra != NULL; extra++) {
		const size_t n = split_extra(*extra, arguments);

		if (strlen(name) == n && memcmp(name, *extra, n) == 0)
			return true;
	}
	return false;
}

int
launcher_check_option(const char *name, const char *const *extra, struct kb_error *why)
{
	unsigned arguments;

	if (find_word(name) != NULL)
		return 0;
	const int r = check_never(name, why);
	if (r < 0 || find_extra(name, extra, &arguments))
		return r;
	return kb_fail(
	    why, EINVAL,
	    "the pppd option \"%.40s\" is refused: the daemon passes on what uptun-profile(5) lists; root "
	    "can add to that with --allow-pppd-option",
	    name);
}

/* Should root have miscounted, an argument still is no word that hands out root. */
static int
check_free_arguments(const char *const *at, unsigned n, struct kb_error *why)
{
	for (unsigned i = 1; i <= n; i++) {
		if (at[i] == NULL)
			return kb_fail(why, EINVAL, "the pppd option \"%.40s\" lacks %u of its %u arguments",
				       at[0], n - i + 1, n);
		const int r = check_never(at[i], why);
		if (r < 0)
			return r;
	}
	return 0;
}

/* One word with its arguments: how many of `at` they are, or -EINVAL. */
static int
check_one(const char *const *at, const char *const *extra, struct kb_error *why)
{
	const struct word *w = find_word(at[0]);
	unsigned arguments = 0;
	int r;

	if (w != NULL && w->kind == FLAG)
		return 1;
	if (w != NULL)
		return check_argument(w, at[1], why) < 0 ? -EINVAL : 2;
	r = launcher_check_option(at[0], extra, why);
	if (r == 0 && find_extra(at[0], extra, &arguments))
		r = check_free_arguments(at, arguments, why);
	return r < 0 ? r : 1 + (int)arguments;
}

int
launcher_check_options(const char *const *options, const char *const *extra, size_t *bad,
		       struct kb_error *why)
{
	size_t i = 0;

	while (options != NULL && options[i] != NULL) {
		const int n = check_one(options + i, extra, why);

		if (n < 0) {
			if (bad != NULL)
				*bad = i;
			return n;
		}
		i += (size_t)n;
	}
	return 0;
}

int
launcher_check_extra(const char *extra, struct kb_error *why)
{
	char name[NAME_ROOM];
	unsigned arguments;
	const size_t n = split_extra(extra, &arguments);

	if (n == 0 || n >= sizeof name)
		return kb_fail(why, EINVAL, "\"%.40s\" is no word for pppd: give WORD or WORD:N", extra);
	memcpy(name, extra, n);
	name[n] = '\0';
	if (strchr(name, ':') != NULL || strchr(name, '/') != NULL)
		return kb_fail(why, EINVAL,
			       "\"%.40s\" is no option of pppd: give WORD, or WORD:N with N from 1 to %d",
			       extra, ARGUMENTS_MAX);
	return check_never(name, why);
}

bool
launcher_allowed_word(size_t i, struct launcher_word *out)
{
	if (i >= sizeof words / sizeof words[0])
		return false;
	*out = (struct launcher_word){
		.name = words[i].name,
		.argument = words[i].kind == FLAG ? "" : ranges[words[i].kind].unit,
		.because = words[i].because,
	};
	return true;
}
