/* profile_write.c - a profile as a message, and as text without its secrets
 * SPDX-License-Identifier: Apache-2.0
 *
 * The message that is written borrows everything from the profile; nothing of it is freed by protobuf-c.
 */
#include "cli/profile.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/profile_message.h"
#include "cli/textproto.h"

struct profile_parts {
	Uptun__Profile profile;
	Uptun__L2tp l2tp;
	Uptun__Pptp pptp;
	Uptun__Timeouts timeouts;
	Uptun__Reconnect reconnect;
	Uptun__PppSession sessions[PROFILE_SESSIONS_MAX];
	Uptun__PppSession *session_list[PROFILE_SESSIONS_MAX];
	char routes[PROFILE_ROUTES_MAX][INET6_ADDRSTRLEN + 4];
	char *route_list[PROFILE_ROUTES_MAX];
};

/* protobuf-c's structs have no const; the writer only reads. */
static char *
borrow(const char *text)
{
	return (char *)text;
}

static ProtobufCBinaryData
borrow_secret(const struct profile_secret *secret)
{
	return (ProtobufCBinaryData){ .len = secret->n, .data = (uint8_t *)secret->octets };
}

static void
fill_l2tp(Uptun__L2tp *to, const struct profile_l2tp *from)
{
	uptun__l2tp__init(to);
	to->host_name = borrow(from->host_name);
	to->hide_avps = from->hide_avps;
	to->window = from->window;
	to->tries = from->tries;
	if (from->hello_interval_s != PROFILE_UNSET) {
		to->hello_case = UPTUN__L2TP__HELLO_HELLO_INTERVAL_S;
		to->hello_interval_s = from->hello_interval_s;
	}
	if (from->secret.file != NULL) {
		to->secret_source_case = UPTUN__L2TP__SECRET_SOURCE_SECRET_FILE;
		to->secret_file = from->secret.file;
	} else if (from->secret.n != 0) {
		to->secret_source_case = UPTUN__L2TP__SECRET_SOURCE_SECRET;
		to->secret = borrow_secret(&from->secret);
	}
}

static void
fill_pptp(Uptun__Pptp *to, const struct profile_pptp *from)
{
	uptun__pptp__init(to);
	to->host_name = borrow(from->host_name);
	to->reply_timeout_s = from->reply_timeout_s;
	to->window = from->window;
	if (from->echo_interval_s != PROFILE_UNSET) {
		to->echo_case = UPTUN__PPTP__ECHO_ECHO_INTERVAL_S;
		to->echo_interval_s = from->echo_interval_s;
	}
}

static void
fill_session(Uptun__PppSession *to, const struct profile_session *from)
{
	uptun__ppp_session__init(to);
	to->user = borrow(from->user);
	to->mtu = from->mtu;
	to->mru = from->mru;
	to->mppe = (Uptun__PppSession__Mppe)from->mppe;
	to->interface_name = borrow(from->interface_name);
	to->n_option = from->options_n;
	to->option = (char **)from->options;
	if (from->password.file != NULL) {
		to->password_source_case = UPTUN__PPP_SESSION__PASSWORD_SOURCE_PASSWORD_FILE;
		to->password_file = from->password.file;
	} else if (from->password.n != 0) {
		to->password_source_case = UPTUN__PPP_SESSION__PASSWORD_SOURCE_PASSWORD;
		to->password = borrow_secret(&from->password);
	}
}

static void
format_route(char *out, size_t cap, const struct profile_route *route)
{
	char address[INET6_ADDRSTRLEN] = "";

	(void)inet_ntop(route->family == 4 ? AF_INET : AF_INET6, route->address, address, sizeof address);
	(void)snprintf(out, cap, "%s/%u", address, route->length);
}

static void
fill_lists(struct profile_parts *to, const struct profile *from)
{
	for (unsigned i = 0; i < from->sessions_n; i++) {
		fill_session(&to->sessions[i], &from->sessions[i]);
		to->session_list[i] = &to->sessions[i];
	}
	for (unsigned i = 0; i < from->routes_n; i++) {
		format_route(to->routes[i], sizeof to->routes[i], &from->routes[i]);
		to->route_list[i] = to->routes[i];
	}
	to->profile.n_session = from->sessions_n;
	to->profile.session = to->session_list;
	to->profile.n_route = from->routes_n;
	to->profile.route = to->route_list;
}

static void
fill_protocol(struct profile_parts *to, const struct profile *from)
{
	switch (from->protocol) {
	case PROFILE_L2TP:
		fill_l2tp(&to->l2tp, &from->l2tp);
		to->profile.protocol_case = UPTUN__PROFILE__PROTOCOL_L2TP;
		to->profile.l2tp = &to->l2tp;
		return;
	case PROFILE_PPTP:
		fill_pptp(&to->pptp, &from->pptp);
		to->profile.protocol_case = UPTUN__PROFILE__PROTOCOL_PPTP;
		to->profile.pptp = &to->pptp;
		return;
	case PROFILE_PROTOCOL_N:
		return;
	}
}

static void
fill_policies(struct profile_parts *to, const struct profile *from)
{
	uptun__timeouts__init(&to->timeouts);
	to->timeouts.setup_s = from->timeouts.setup_s;
	to->timeouts.close_s = from->timeouts.close_s;
	uptun__reconnect__init(&to->reconnect);
	to->reconnect.enabled = from->reconnect.enabled;
	to->reconnect.first_delay_ms = from->reconnect.first_delay_ms;
	to->reconnect.max_delay_s = from->reconnect.max_delay_s;
	to->reconnect.max_attempts = from->reconnect.max_attempts;
	to->profile.timeouts = &to->timeouts;
	to->profile.reconnect = &to->reconnect;
}

static void
fill(struct profile_parts *to, const struct profile *from)
{
	uptun__profile__init(&to->profile);
	to->profile.name = borrow(from->name);
	to->profile.server = borrow(from->server);
	to->profile.server_port = from->server_port;
	to->profile.local_port = from->local_port;
	to->profile.interface = borrow(from->interface);
	to->profile.fwmark = from->fwmark;
	to->profile.ppp_plugin = (Uptun__Profile__PppPlugin)from->ppp_plugin;
	to->profile.default_route = from->default_route;
	to->profile.dns = (Uptun__Profile__Dns)from->dns;
	to->profile.data_path = (Uptun__Profile__DataPath)from->data_path;
	to->profile.require_ipsec = from->require_ipsec;
	fill_protocol(to, from);
	fill_lists(to, from);
	fill_policies(to, from);
}

struct profile_parts *
profile_parts_new(const struct profile *p)
{
	struct profile_parts *parts = malloc(sizeof *parts);

	if (parts != NULL)
		fill(parts, p);
	return parts;
}

Uptun__Profile *
profile_parts_message(struct profile_parts *parts)
{
	return &parts->profile;
}

void
profile_parts_free(struct profile_parts *parts)
{
	free(parts);
}

bool
profile_write(const struct profile *p, struct ut_put *w)
{
	struct profile_parts *parts = profile_parts_new(p);

	if (parts == NULL)
		return false;
	textproto_write(&parts->profile.base, TEXTPROTO_SECRETS_HIDDEN, w);
	profile_parts_free(parts);
	return true;
}
