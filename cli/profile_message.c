/* profile_message.c - a decoded uptun.Profile into the plain struct
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/profile_message.h"

#include <assert.h>
#include <stdio.h>

#include "cli/profile_error.h"

/* The schema's numbers are the struct's. */
static_assert((int)UPTUN__PROFILE__PPP_PLUGIN__UPTUN == PROFILE_PLUGIN_UPTUN, "plugin");
static_assert((int)UPTUN__PROFILE__PPP_PLUGIN__PPPOL2TP == PROFILE_PLUGIN_PPPOL2TP, "plugin");
static_assert((int)UPTUN__PROFILE__DNS__REPORT == PROFILE_DNS_REPORT, "dns");
static_assert((int)UPTUN__PROFILE__DNS__NONE == PROFILE_DNS_NONE, "dns");
static_assert((int)UPTUN__PROFILE__DATA_PATH__AUTO == PROFILE_DATA_AUTO, "data path");
static_assert((int)UPTUN__PROFILE__DATA_PATH__OL2TP == PROFILE_DATA_OL2TP, "data path");
static_assert((int)UPTUN__PROFILE__DATA_PATH__OLAC == PROFILE_DATA_OLAC, "data path");
static_assert((int)UPTUN__PROFILE__DATA_PATH__PPTP == PROFILE_DATA_PPTP, "data path");
static_assert((int)UPTUN__PROFILE__DATA_PATH__OPNS == PROFILE_DATA_OPNS, "data path");
static_assert((int)UPTUN__PROFILE__DATA_PATH__NULL_PATH == PROFILE_DATA_NULL, "data path");
static_assert((int)UPTUN__PROFILE__DATA_PATH__NETLINK == PROFILE_DATA_NETLINK, "data path");

static_assert((int)UPTUN__PPP_SESSION__MPPE__UNSAID == PROFILE_MPPE_UNSAID, "mppe");
static_assert((int)UPTUN__PPP_SESSION__MPPE__OFF == PROFILE_MPPE_OFF, "mppe");
static_assert((int)UPTUN__PPP_SESSION__MPPE__ALLOW == PROFILE_MPPE_ALLOW, "mppe");
static_assert((int)UPTUN__PPP_SESSION__MPPE__REQUIRE == PROFILE_MPPE_REQUIRE, "mppe");

static struct ut_slice
slice_of(ProtobufCBinaryData bytes)
{
	return ut_slice(bytes.data, bytes.len);
}

/* ---- parts ---- */

/* PROFILE_UNSET cannot be said by a file. */
static enum profile_result
from_interval(uint32_t *to, uint32_t from, const char *field, struct profile_error *why)
{
	if (from == PROFILE_UNSET)
		return profile_fail(why, field, "%u is above 86400", (unsigned)PROFILE_UNSET);
	*to = from;
	return PROFILE_OK;
}

static enum profile_result
from_l2tp(struct profile_l2tp *to, const Uptun__L2tp *from, struct profile_error *why)
{
	to->hide_avps = from->hide_avps != 0;
	to->window = from->window;
	to->tries = from->tries;
	if (from->hello_case == UPTUN__L2TP__HELLO_HELLO_INTERVAL_S &&
	    from_interval(&to->hello_interval_s, from->hello_interval_s, "l2tp.hello_interval_s", why) !=
		PROFILE_OK)
		return PROFILE_BAD;
	if (profile_set_text(to->host_name, sizeof to->host_name, "l2tp.host_name",
			     ut_slice_str(from->host_name), why) != PROFILE_OK)
		return PROFILE_BAD;
	if (from->secret_source_case == UPTUN__L2TP__SECRET_SOURCE_SECRET)
		return profile_set_secret(&to->secret, "l2tp.secret", slice_of(from->secret), why);
	if (from->secret_source_case == UPTUN__L2TP__SECRET_SOURCE_SECRET_FILE)
		return profile_set_secret_file(&to->secret, "l2tp.secret_file",
					       ut_slice_str(from->secret_file), why);
	return PROFILE_OK;
}

static enum profile_result
from_pptp(struct profile_pptp *to, const Uptun__Pptp *from, struct profile_error *why)
{
	to->reply_timeout_s = from->reply_timeout_s;
	to->window = from->window;
	if (from->echo_case == UPTUN__PPTP__ECHO_ECHO_INTERVAL_S &&
	    from_interval(&to->echo_interval_s, from->echo_interval_s, "pptp.echo_interval_s", why) !=
		PROFILE_OK)
		return PROFILE_BAD;
	return profile_set_text(to->host_name, sizeof to->host_name, "pptp.host_name",
				ut_slice_str(from->host_name), why);
}

static enum profile_result
from_protocol(struct profile *p, const Uptun__Profile *m, struct profile_error *why)
{
	switch (m->protocol_case) {
	case UPTUN__PROFILE__PROTOCOL_L2TP:
		return from_l2tp(&p->l2tp, m->l2tp, why);
	case UPTUN__PROFILE__PROTOCOL_PPTP:
		p->protocol = PROFILE_PPTP;
		return from_pptp(&p->pptp, m->pptp, why);
	case UPTUN__PROFILE__PROTOCOL__NOT_SET:
	case _UPTUN__PROFILE__PROTOCOL__CASE_IS_INT_SIZE:
		break;
	}
	return PROFILE_OK;
}

static enum profile_result
from_password(struct profile_secret *to, const Uptun__PppSession *from, unsigned index,
	      struct profile_error *why)
{
	char field[48];

	if (from->password_source_case == UPTUN__PPP_SESSION__PASSWORD_SOURCE_PASSWORD) {
		(void)snprintf(field, sizeof field, "session[%u].password", index);
		return profile_set_secret(to, field, slice_of(from->password), why);
	}
	if (from->password_source_case == UPTUN__PPP_SESSION__PASSWORD_SOURCE_PASSWORD_FILE) {
		(void)snprintf(field, sizeof field, "session[%u].password_file", index);
		return profile_set_secret_file(to, field, ut_slice_str(from->password_file), why);
	}
	return PROFILE_OK;
}

static enum profile_result
from_session(struct profile *p, unsigned index, const Uptun__PppSession *from, struct profile_error *why)
{
	struct profile_session *to = profile_session_at(p, index);
	char field[48];

	(void)snprintf(field, sizeof field, "session[%u]", index);
	if (to == NULL)
		return profile_fail(why, field, "more than %d sessions", PROFILE_SESSIONS_MAX);
	to->mtu = from->mtu;
	to->mru = from->mru;
	to->mppe = (enum profile_mppe)from->mppe;
	(void)snprintf(field, sizeof field, "session[%u].user", index);
	if (profile_set_text(to->user, sizeof to->user, field, ut_slice_str(from->user), why) != PROFILE_OK)
		return PROFILE_BAD;
	(void)snprintf(field, sizeof field, "session[%u].interface_name", index);
	if (profile_set_text(to->interface_name, sizeof to->interface_name, field,
			     ut_slice_str(from->interface_name), why) != PROFILE_OK)
		return PROFILE_BAD;
	for (size_t i = 0; i < from->n_option; i++)
		if (profile_add_option(p, index, ut_slice_str(from->option[i]), why) != PROFILE_OK)
			return PROFILE_BAD;
	return from_password(&to->password, from, index, why);
}

static void
from_timeouts(struct profile_timeouts *to, const Uptun__Timeouts *from)
{
	to->setup_s = from->setup_s;
	to->close_s = from->close_s;
}

static void
from_reconnect(struct profile_reconnect *to, const Uptun__Reconnect *from)
{
	to->enabled = from->enabled != 0;
	to->first_delay_ms = from->first_delay_ms;
	to->max_delay_s = from->max_delay_s;
	to->max_attempts = from->max_attempts;
}

static enum profile_result
from_names(struct profile *p, const Uptun__Profile *m, struct profile_error *why)
{
	if (profile_set_text(p->name, sizeof p->name, "name", ut_slice_str(m->name), why) != PROFILE_OK ||
	    profile_set_text(p->server, sizeof p->server, "server", ut_slice_str(m->server), why) !=
		PROFILE_OK)
		return PROFILE_BAD;
	return profile_set_text(p->interface, sizeof p->interface, "interface", ut_slice_str(m->interface),
				why);
}

static enum profile_result
from_lists(struct profile *p, const Uptun__Profile *m, struct profile_error *why)
{
	for (size_t i = 0; i < m->n_session; i++)
		if (from_session(p, (unsigned)i, m->session[i], why) != PROFILE_OK)
			return PROFILE_BAD;
	for (size_t i = 0; i < m->n_route; i++)
		if (profile_add_route(p, ut_slice_str(m->route[i]), why) != PROFILE_OK)
			return PROFILE_BAD;
	return PROFILE_OK;
}

enum profile_result
profile_from_message(struct profile *p, const Uptun__Profile *m, struct profile_error *why)
{
	p->server_port = m->server_port;
	p->local_port = m->local_port;
	p->fwmark = m->fwmark;
	p->ppp_plugin = (enum profile_ppp_plugin)m->ppp_plugin;
	p->default_route = m->default_route != 0;
	p->dns = (enum profile_dns)m->dns;
	p->data_path = (enum profile_data_path)m->data_path;
	p->require_ipsec = m->require_ipsec != 0;
	if (m->reconnect != NULL)
		from_reconnect(&p->reconnect, m->reconnect);
	if (m->timeouts != NULL)
		from_timeouts(&p->timeouts, m->timeouts);
	if (from_protocol(p, m, why) != PROFILE_OK || from_names(p, m, why) != PROFILE_OK)
		return PROFILE_BAD;
	return from_lists(p, m, why);
}
