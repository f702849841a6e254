/* profile_route.c - routes of a profile: networks in CIDR form (RFC 4632 3.1, RFC 4291 2.3)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/profile.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "cli/profile_error.h"

/* The longest, ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128, and its NUL. */
enum { CIDR_CAP = INET6_ADDRSTRLEN + 4 };

/* One to three decimal digits without a needless zero, up to `max`. */
static bool
parse_length(const char *text, unsigned max, uint8_t *out)
{
	const size_t n = strspn(text, "0123456789");
	unsigned v = 0;

	if (n == 0 || n > 3 || text[n] != '\0' || (n > 1 && text[0] == '0'))
		return false;
	for (size_t i = 0; i < n; i++)
		v = v * 10 + (unsigned)(text[i] - '0');
	if (v > max)
		return false;
	*out = (uint8_t)v;
	return true;
}

static bool
has_host_bits(const struct profile_route *route)
{
	const unsigned octets = route->family == 4 ? 4 : 16;

	for (unsigned i = 0; i < octets; i++) {
		const unsigned fixed = route->length > 8 * i ? route->length - 8 * i : 0;

		if (fixed < 8 && (route->address[i] & 0xffu >> fixed) != 0)
			return true;
	}
	return false;
}

/* NULL, or what is wrong. */
static const char *
parse(char *cidr, struct profile_route *out)
{
	char *slash = strchr(cidr, '/');

	*out = (struct profile_route){ .family = strchr(cidr, ':') != NULL ? 6 : 4 };
	if (slash == NULL)
		return "no /LENGTH: a network is ADDRESS/LENGTH";
	*slash = '\0';
	if (inet_pton(out->family == 4 ? AF_INET : AF_INET6, cidr, out->address) != 1)
		return "not an IPv4 or IPv6 address";
	if (!parse_length(slash + 1, out->family == 4 ? 32 : 128, &out->length))
		return out->family == 4 ? "the length is not 0 to 32" : "the length is not 0 to 128";
	return has_host_bits(out) ? "bits behind the length are not 0" : NULL;
}

static bool
is_there(const struct profile *p, const struct profile_route *route)
{
	for (unsigned i = 0; i < p->routes_n; i++)
		if (p->routes[i].family == route->family && p->routes[i].length == route->length &&
		    memcmp(p->routes[i].address, route->address, sizeof route->address) == 0)
			return true;
	return false;
}

enum profile_result
profile_add_route(struct profile *p, struct ut_slice cidr, struct profile_error *why)
{
	struct profile_route route;
	char field[32], text[CIDR_CAP];
	const char *fault;

	(void)snprintf(field, sizeof field, "route[%u]", p->routes_n);
	if (p->routes_n == PROFILE_ROUTES_MAX)
		return profile_fail(why, field, "more than %d routes", PROFILE_ROUTES_MAX);
	if (profile_set_text(text, sizeof text, field, cidr, why) != PROFILE_OK)
		return PROFILE_BAD;
	fault = parse(text, &route);
	if (fault != NULL)
		return profile_fail(why, field, "%.*s: %s", (int)cidr.n, (const char *)cidr.p, fault);
	if (is_there(p, &route))
		return profile_fail(why, field, "%.*s is given twice", (int)cidr.n, (const char *)cidr.p);
	p->routes[p->routes_n++] = route;
	return PROFILE_OK;
}
