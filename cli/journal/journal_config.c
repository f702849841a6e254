/* journal_config.c - an engine's configuration as records of the journal and back
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/journal/journal_record.h"

/* X(field, type): what both have under one name. */
#define ENGINE_FIELDS(X)           \
	X(n_params, uint16_t)      \
	X(n_listeners, uint16_t)   \
	X(n_tunnels, uint16_t)     \
	X(n_sessions, uint16_t)    \
	X(n_clients, uint16_t)     \
	X(n_links, uint16_t)       \
	X(n_blocks, uint16_t)      \
	X(n_pptp_params, uint16_t) \
	X(n_connections, uint16_t) \
	X(n_calls, uint16_t)
#define L2TP_FIELDS(X)                 \
	X(hide_avps, bool)             \
	X(tie_breaker, bool)           \
	X(send_sequence, bool)         \
	X(accept_tunnels, bool)        \
	X(accept_calls, bool)          \
	X(authenticate_peer, bool)     \
	X(receive_window, uint16_t)    \
	X(hello_s, uint16_t)           \
	X(ack_delay_ms, uint16_t)      \
	X(retransmit_ms, uint16_t)     \
	X(retransmit_cap_ms, uint16_t) \
	X(call_setup_s, uint16_t)      \
	X(tries, uint8_t)              \
	X(framing, uint16_t)           \
	X(bearer, uint16_t)            \
	X(tx_connect_speed, uint32_t)
#define PPTP_FIELDS(X)                 \
	X(is_pac, bool)                \
	X(accept_connections, bool)    \
	X(accept_calls, bool)          \
	X(echo_s, uint16_t)            \
	X(reply_s, uint16_t)           \
	X(clear_ms, uint16_t)          \
	X(window, uint16_t)            \
	X(processing_delay, uint16_t)  \
	X(maximum_channels, uint16_t)  \
	X(firmware_revision, uint16_t) \
	X(framing, uint32_t)           \
	X(bearer, uint32_t)            \
	X(minimum_bps, uint32_t)       \
	X(maximum_bps, uint32_t)       \
	X(connect_speed, uint32_t)
#define CLIENT_FIELDS(X)              \
	X(params, uint16_t)           \
	X(n_links, uint16_t)          \
	X(needs_data_path, bool)      \
	X(reconnect, bool)            \
	X(max_attempts, uint16_t)     \
	X(setup_ms, uint32_t)         \
	X(close_ms, uint32_t)         \
	X(stop_ms, uint32_t)          \
	X(settle_ms, uint32_t)        \
	X(backoff_first_ms, uint32_t) \
	X(backoff_cap_ms, uint32_t)

/* No larger engine is made for a journal; a host's is always smaller (cli/host/host.c). */
enum { SLOTS_MAX = 20000, TIMERS_MAX = UINT16_MAX - 1, BLOCKS_MAX = UINT16_MAX - 1 };

#define PUT(field, type) to->field = from->field;
#define GET(field, type)               \
	to->field = (type)from->field; \
	fits &= (uint64_t)to->field == (uint64_t)from->field;

static ProtobufCBinaryData
borrow(const uint8_t *octets, size_t n)
{
	return (ProtobufCBinaryData){ .len = n, .data = (uint8_t *)(uintptr_t)octets };
}

/* ---- the engine ---- */

void
journal_put_engine(Uptun__Journal__EngineConfig *to, const struct ut_engine_config *from, size_t effects,
		   size_t effect_octets)
{
	uptun__journal__engine_config__init(to);
	ENGINE_FIELDS(PUT)
	to->effects = (uint32_t)effects;
	to->effect_octets = (uint32_t)effect_octets;
}

static bool
has_timers(const struct ut_engine_config *c)
{
	return (unsigned)c->n_tunnels + c->n_clients + c->n_links + c->n_connections + c->n_calls <=
	       TIMERS_MAX;
}

bool
journal_get_engine(const Uptun__Journal__EngineConfig *from, struct ut_engine_config *to)
{
	bool fits = true;

	memset(to, 0, sizeof *to);
	to->trace = true;
	ENGINE_FIELDS(GET)
	fits &= from->effects >= UT_EFFECTS_MIN && from->effects <= JOURNAL_EFFECTS_MAX;
	fits &=
	    from->effect_octets >= UT_EFFECT_OCTETS_MIN && from->effect_octets <= JOURNAL_EFFECT_OCTETS_MAX;
	fits &= to->n_params <= SLOTS_MAX && to->n_pptp_params <= SLOTS_MAX && to->n_listeners <= SLOTS_MAX;
	fits &= to->n_tunnels <= SLOTS_MAX && to->n_connections <= SLOTS_MAX;
	fits &= to->n_clients <= SLOTS_MAX && to->n_links <= SLOTS_MAX;
	fits &= to->n_sessions <= SLOTS_MAX && to->n_calls <= SLOTS_MAX && has_timers(to);
	return fits && to->n_blocks <= BLOCKS_MAX;
}

/* ---- params ---- */

void
journal_put_l2tp_params(Uptun__Journal__L2tpParams *to, uint16_t index, const struct ut_l2tp_params *from)
{
	uptun__journal__l2tp_params__init(to);
	to->index = index;
	to->has_secret = from->secret.n > 0;
	to->host_name = borrow(from->host_name, from->host_name_octets);
	to->vendor_name = borrow(from->vendor_name, from->vendor_name_octets);
	L2TP_FIELDS(PUT)
}

static bool
get_name(const ProtobufCBinaryData *from, uint8_t *to, size_t cap, uint8_t *octets)
{
	if (from->len > cap)
		return false;
	if (from->len > 0)
		memcpy(to, from->data, from->len);
	*octets = (uint8_t)from->len;
	return true;
}

bool
journal_get_l2tp_params(const Uptun__Journal__L2tpParams *from, struct ut_l2tp_params *to)
{
	bool fits;

	memset(to, 0, sizeof *to);
	fits = get_name(&from->host_name, to->host_name, sizeof to->host_name, &to->host_name_octets) &&
	       get_name(&from->vendor_name, to->vendor_name, sizeof to->vendor_name, &to->vendor_name_octets);
	L2TP_FIELDS(GET)
	return fits && to->host_name_octets > 0 && to->tries > 0 && to->receive_window > 0 &&
	       to->receive_window <= L2TP_WINDOW_MAX && to->framing <= 3 && to->bearer <= 3;
}

void
journal_put_pptp_params(Uptun__Journal__PptpParams *to, uint16_t index, const struct ut_pptp_params *from)
{
	uptun__journal__pptp_params__init(to);
	to->index = index;
	to->host_name = borrow(from->host_name, from->host_name_octets);
	to->vendor_name = borrow(from->vendor_name, from->vendor_name_octets);
	PPTP_FIELDS(PUT)
}

bool
journal_get_pptp_params(const Uptun__Journal__PptpParams *from, struct ut_pptp_params *to)
{
	bool fits;

	memset(to, 0, sizeof *to);
	fits = get_name(&from->host_name, to->host_name, sizeof to->host_name, &to->host_name_octets) &&
	       get_name(&from->vendor_name, to->vendor_name, sizeof to->vendor_name, &to->vendor_name_octets);
	PPTP_FIELDS(GET)
	return fits && to->reply_s > 0 && to->clear_ms > 0;
}

/* ---- clients ---- */

void
journal_put_client(Uptun__Journal__Client *to, const struct ut_client_config *from, struct ut_ref client,
		   uint16_t first_link)
{
	uptun__journal__client__init(to);
	to->ref = journal_ref(client);
	to->first_link = first_link;
	to->protocol = from->protocol;
	CLIENT_FIELDS(PUT)
}

bool
journal_get_client(const Uptun__Journal__Client *from, struct ut_client_config *to)
{
	bool fits = from->protocol < UT_PROTOCOL_N;

	memset(to, 0, sizeof *to);
	to->protocol = from->protocol == UT_PPTP ? UT_PPTP : UT_L2TP;
	CLIENT_FIELDS(GET)
	return fits && to->n_links > 0;
}
