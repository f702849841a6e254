/* pptp_encode.c - a control message becomes octets of exactly the RFC's length (RFC 2637 section 2)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/pptp.h"

static inline uint8_t *
store_u8(uint8_t *at, uint8_t v)
{
	at[0] = v;
	return at + 1;
}

static inline uint8_t *
store_text(uint8_t *at, struct ut_slice text, size_t room)
{
	if (text.n != 0)
		memcpy(at, text.p, text.n);
	memset(at + text.n, 0, room - text.n);
	return at + room;
}

static bool
is_short(struct ut_slice text)
{
	return text.n <= PPTP_TEXT_OCTETS;
}

/* Whether every text of the message fits its field. */
static bool
has_short_texts(const struct pptp_message *m)
{
	switch (m->type) {
	case PPTP_SCCRQ:
	case PPTP_SCCRP:
		return is_short(m->host_name) && is_short(m->vendor_name);
	case PPTP_OCRQ:
		return is_short(m->phone_number) && is_short(m->subaddress);
	case PPTP_ICRQ:
		return is_short(m->dialed_number) && is_short(m->dialing_number) && is_short(m->subaddress);
	case PPTP_CDN:
		return m->statistics.n <= PPTP_STATISTICS_OCTETS;
	case PPTP_STOPCCRQ:
	case PPTP_STOPCCRP:
	case PPTP_ECHORQ:
	case PPTP_ECHORP:
	case PPTP_OCRP:
	case PPTP_ICRP:
	case PPTP_ICCN:
	case PPTP_CCRQ:
	case PPTP_WEN:
	case PPTP_SLI:
	case PPTP_MESSAGE_N:
		break;
	}
	return true;
}

static void
store_start(uint8_t *at, const struct pptp_message *m)
{
	at = ut_store_u16(at, m->protocol_version);
	if (m->type == PPTP_SCCRP)
		at = store_u8(store_u8(at, m->result), m->error);
	else
		at = ut_store_u16(at, 0);
	at = ut_store_u32(at, m->framing);
	at = ut_store_u32(at, m->bearer);
	at = ut_store_u16(at, m->maximum_channels);
	at = ut_store_u16(at, m->firmware_revision);
	at = store_text(at, m->host_name, PPTP_TEXT_OCTETS);
	store_text(at, m->vendor_name, PPTP_TEXT_OCTETS);
}

static void
store_ocrq(uint8_t *at, const struct pptp_message *m)
{
	at = ut_store_u16(at, m->call_id.v);
	at = ut_store_u16(at, m->call_serial);
	at = ut_store_u32(at, m->minimum_bps);
	at = ut_store_u32(at, m->maximum_bps);
	at = ut_store_u32(at, m->bearer);
	at = ut_store_u32(at, m->framing);
	at = ut_store_u16(at, m->window);
	at = ut_store_u16(at, m->processing_delay);
	at = ut_store_u16(at, (uint16_t)m->phone_number.n);
	at = ut_store_u16(at, 0);
	at = store_text(at, m->phone_number, PPTP_TEXT_OCTETS);
	store_text(at, m->subaddress, PPTP_TEXT_OCTETS);
}

static void
store_ocrp(uint8_t *at, const struct pptp_message *m)
{
	at = ut_store_u16(at, m->call_id.v);
	at = ut_store_u16(at, m->peer_call_id.v);
	at = store_u8(at, m->result);
	at = store_u8(at, m->error);
	at = ut_store_u16(at, m->cause);
	at = ut_store_u32(at, m->connect_speed);
	at = ut_store_u16(at, m->window);
	at = ut_store_u16(at, m->processing_delay);
	ut_store_u32(at, m->physical_channel);
}

static void
store_icrq(uint8_t *at, const struct pptp_message *m)
{
	at = ut_store_u16(at, m->call_id.v);
	at = ut_store_u16(at, m->call_serial);
	at = ut_store_u32(at, m->bearer);
	at = ut_store_u32(at, m->physical_channel);
	at = ut_store_u16(at, (uint16_t)m->dialed_number.n);
	at = ut_store_u16(at, (uint16_t)m->dialing_number.n);
	at = store_text(at, m->dialed_number, PPTP_TEXT_OCTETS);
	at = store_text(at, m->dialing_number, PPTP_TEXT_OCTETS);
	store_text(at, m->subaddress, PPTP_TEXT_OCTETS);
}

static void
store_icrp(uint8_t *at, const struct pptp_message *m)
{
	at = ut_store_u16(at, m->call_id.v);
	at = ut_store_u16(at, m->peer_call_id.v);
	at = store_u8(at, m->result);
	at = store_u8(at, m->error);
	at = ut_store_u16(at, m->window);
	at = ut_store_u16(at, m->processing_delay);
	ut_store_u16(at, 0);
}

static void
store_iccn(uint8_t *at, const struct pptp_message *m)
{
	at = ut_store_u16(at, m->peer_call_id.v);
	at = ut_store_u16(at, 0);
	at = ut_store_u32(at, m->connect_speed);
	at = ut_store_u16(at, m->window);
	at = ut_store_u16(at, m->processing_delay);
	ut_store_u32(at, m->framing);
}

static void
store_cdn(uint8_t *at, const struct pptp_message *m)
{
	at = ut_store_u16(at, m->call_id.v);
	at = store_u8(at, m->result);
	at = store_u8(at, m->error);
	at = ut_store_u16(at, m->cause);
	at = ut_store_u16(at, 0);
	store_text(at, m->statistics, PPTP_STATISTICS_OCTETS);
}

static void
store_wen(uint8_t *at, const struct pptp_message *m)
{
	at = ut_store_u16(at, m->peer_call_id.v);
	at = ut_store_u16(at, 0);
	for (size_t i = 0; i < sizeof m->call_errors / sizeof m->call_errors[0]; i++)
		at = ut_store_u32(at, m->call_errors[i]);
}

static void
store_sli(uint8_t *at, const struct pptp_message *m)
{
	at = ut_store_u16(at, m->peer_call_id.v);
	at = ut_store_u16(at, 0);
	at = ut_store_u32(at, m->send_accm);
	ut_store_u32(at, m->receive_accm);
}

/* Result Code, Error Code and Reserved1; of Stop-Control-Connection-Request the Reason, and reserved fields. */
static void
store_result(uint8_t *at, const struct pptp_message *m)
{
	at = store_u8(at, m->result);
	at = store_u8(at, m->type == PPTP_STOPCCRQ ? 0 : m->error);
	ut_store_u16(at, 0);
}

/* What stands behind Reserved0. */
static void
store_fields(uint8_t *at, const struct pptp_message *m)
{
	switch (m->type) {
	case PPTP_SCCRQ:
	case PPTP_SCCRP:
		store_start(at, m);
		break;
	case PPTP_STOPCCRQ:
	case PPTP_STOPCCRP:
		store_result(at, m);
		break;
	case PPTP_ECHORQ:
		ut_store_u32(at, m->identifier);
		break;
	case PPTP_ECHORP:
		store_result(ut_store_u32(at, m->identifier), m);
		break;
	case PPTP_OCRQ:
		store_ocrq(at, m);
		break;
	case PPTP_OCRP:
		store_ocrp(at, m);
		break;
	case PPTP_ICRQ:
		store_icrq(at, m);
		break;
	case PPTP_ICRP:
		store_icrp(at, m);
		break;
	case PPTP_ICCN:
		store_iccn(at, m);
		break;
	case PPTP_CCRQ:
		ut_store_u16(ut_store_u16(at, m->call_id.v), 0);
		break;
	case PPTP_CDN:
		store_cdn(at, m);
		break;
	case PPTP_WEN:
		store_wen(at, m);
		break;
	case PPTP_SLI:
		store_sli(at, m);
		break;
	case PPTP_MESSAGE_N:
		break;
	}
}

void
pptp_message_encode(struct ut_put *w, const struct pptp_message *message)
{
	const size_t octets = pptp_message_octets((unsigned)message->type);
	uint8_t *at;

	if (octets == 0 || !has_short_texts(message)) {
		w->full = true;
		return;
	}
	at = ut_put_room(w, octets);
	if (at == NULL)
		return;
	at = ut_store_u16(at, (uint16_t)octets);
	at = ut_store_u16(at, PPTP_CONTROL_MESSAGE);
	at = ut_store_u32(at, PPTP_COOKIE);
	at = ut_store_u16(at, (uint16_t)message->type);
	at = ut_store_u16(at, 0); /* Reserved0 */
	store_fields(at, message);
}
