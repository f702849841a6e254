/* l2tp_plain.c - a hand-written L2TP decoder: plain, careful, no cleverness (RFC 2661 sections 3.1 and 4)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/oracle/l2tp_plain.h"

#include <nettle/md5.h>

/* ---- header ---- */

static enum l2tp_fault_reason
header_fault(struct l2tp_fault *fault, enum l2tp_fault_reason reason, size_t offset)
{
	*fault = (struct l2tp_fault){ .reason = reason, .offset = (uint32_t)offset, .avp = UINT16_MAX };
	return reason;
}

/* Octets of the header that these flags announce, offset padding not counted. */
static size_t
header_octets(const struct l2tp_header *h)
{
	return 6 + (h->has_length ? 2u : 0u) + (h->has_sequence ? 4u : 0u) + (h->has_offset ? 2u : 0u);
}

/* Reads what follows the first two octets; the datagram is long enough. Returns the octets of the header. */
static size_t
read_fields(const uint8_t *p, struct l2tp_header *out)
{
	size_t at = 2;

	if (out->has_length) {
		out->length = ut_get_u16(p + at);
		at += 2;
	}
	out->tid.v = ut_get_u16(p + at);
	out->sid.v = ut_get_u16(p + at + 2);
	at += 4;
	if (out->has_sequence) {
		out->ns = ut_get_u16(p + at);
		out->nr = ut_get_u16(p + at + 2);
		at += 4;
	}
	if (out->has_offset) {
		out->offset_size = ut_get_u16(p + at);
		at += 2;
	}
	return at;
}

enum l2tp_fault_reason
l2tp_plain_header_decode(struct ut_slice datagram, struct l2tp_header *out, struct l2tp_fault *fault)
{
	size_t at, end;

	*out = (struct l2tp_header){ .is_control = false };
	if (datagram.n < 2)
		return header_fault(fault, L2TP_FAULT_TRUNCATED, datagram.n);
	out->is_control = (datagram.p[0] & 0x80) != 0;
	out->has_length = (datagram.p[0] & 0x40) != 0;
	out->has_sequence = (datagram.p[0] & 0x08) != 0;
	out->has_offset = (datagram.p[0] & 0x02) != 0;
	out->is_priority = (datagram.p[0] & 0x01) != 0;
	out->version = datagram.p[1] & 0x0f;
	if (out->version != 2)
		return header_fault(fault, L2TP_FAULT_VERSION, 1);
	if (out->is_control && (!out->has_length || !out->has_sequence || out->has_offset))
		return header_fault(fault, L2TP_FAULT_HEADER_FLAGS, 0);
	if (datagram.n < header_octets(out))
		return header_fault(fault, L2TP_FAULT_TRUNCATED, datagram.n);
	at = read_fields(datagram.p, out);
	end = out->has_length ? out->length : datagram.n;
	if (end > datagram.n || end < at)
		return header_fault(fault, L2TP_FAULT_HEADER_LENGTH, 2);
	if (out->offset_size > end - at)
		return header_fault(fault, L2TP_FAULT_OFFSET_SIZE, at - 2);
	at += out->offset_size;
	out->payload = ut_slice(datagram.p + at, end - at);
	return L2TP_FAULT_NONE;
}

/* ---- what the RFC says of messages and AVPs ---- */

#define BIT(token) L2TP_HAS(token)

/* AVPs without which a message is refused; 0 for a Message Type that the RFC does not assign. */
static uint64_t
required_avps(unsigned type)
{
	switch (type) {
	case L2TP_SCCRQ:
	case L2TP_SCCRP:
		return BIT(MESSAGE_TYPE) | BIT(PROTOCOL_VERSION) | BIT(HOST_NAME) |
		       BIT(FRAMING_CAPABILITIES) | BIT(ASSIGNED_TUNNEL_ID);
	case L2TP_OCRQ:
		return BIT(MESSAGE_TYPE) | BIT(ASSIGNED_SESSION_ID) | BIT(CALL_SERIAL_NUMBER) |
		       BIT(MINIMUM_BPS) | BIT(MAXIMUM_BPS) | BIT(BEARER_TYPE) | BIT(FRAMING_TYPE) |
		       BIT(CALLED_NUMBER);
	case L2TP_ICRQ:
		return BIT(MESSAGE_TYPE) | BIT(ASSIGNED_SESSION_ID) | BIT(CALL_SERIAL_NUMBER);
	case L2TP_OCRP:
	case L2TP_ICRP:
		return BIT(MESSAGE_TYPE) | BIT(ASSIGNED_SESSION_ID);
	case L2TP_SCCCN:
	case L2TP_STOPCCN:
	case L2TP_HELLO:
	case L2TP_OCCN:
	case L2TP_ICCN:
	case L2TP_CDN:
	case L2TP_WEN:
	case L2TP_SLI:
		return BIT(MESSAGE_TYPE);
	default:
		return 0;
	}
}

static bool
is_assigned(unsigned type)
{
	return (type <= 39 && type != 20) || type == 46;
}

/* RFC 2661 4.4, the AVPs that say they MUST NOT be hidden. */
static bool
may_be_hidden(unsigned type)
{
	switch (type) {
	case L2TP_AVP_MESSAGE_TYPE:
	case L2TP_AVP_RESULT_CODE:
	case L2TP_AVP_PROTOCOL_VERSION:
	case L2TP_AVP_TIE_BREAKER:
	case L2TP_AVP_HOST_NAME:
	case L2TP_AVP_RECEIVE_WINDOW_SIZE:
	case L2TP_AVP_CAUSE_CODE:
	case L2TP_AVP_RANDOM_VECTOR:
	case L2TP_AVP_SEQUENCING_REQUIRED:
		return false;
	default:
		return true;
	}
}

/* ---- values ---- */

static enum l2tp_fault_reason
take_u16(struct ut_slice v, uint16_t *out)
{
	if (v.n != 2)
		return L2TP_FAULT_AVP_VALUE_LENGTH;
	*out = ut_get_u16(v.p);
	return L2TP_FAULT_NONE;
}

/* A number of which 0 is refused if `not_zero`. */
static enum l2tp_fault_reason
take_number(struct ut_slice v, uint16_t *out, bool not_zero)
{
	if (v.n != 2)
		return L2TP_FAULT_AVP_VALUE_LENGTH;
	if (not_zero && ut_get_u16(v.p) == 0)
		return L2TP_FAULT_AVP_VALUE;
	*out = ut_get_u16(v.p);
	return L2TP_FAULT_NONE;
}

static enum l2tp_fault_reason
take_u32(struct ut_slice v, uint32_t *out)
{
	if (v.n != 4)
		return L2TP_FAULT_AVP_VALUE_LENGTH;
	*out = ut_get_u32(v.p);
	return L2TP_FAULT_NONE;
}

static enum l2tp_fault_reason
take_bytes(struct ut_slice v, size_t min, struct ut_slice *out)
{
	if (v.n < min)
		return L2TP_FAULT_AVP_VALUE_LENGTH;
	*out = v;
	return L2TP_FAULT_NONE;
}

static enum l2tp_fault_reason
take_tie_breaker(struct ut_slice v, struct l2tp_message *m)
{
	if (v.n != 8)
		return L2TP_FAULT_AVP_VALUE_LENGTH;
	m->tie_breaker = (uint64_t)ut_get_u32(v.p) << 32 | ut_get_u32(v.p + 4);
	return L2TP_FAULT_NONE;
}

static enum l2tp_fault_reason
take_response(struct ut_slice v, struct l2tp_message *m)
{
	if (v.n != 16)
		return L2TP_FAULT_AVP_VALUE_LENGTH;
	m->challenge_response = v;
	return L2TP_FAULT_NONE;
}

static enum l2tp_fault_reason
take_serial(struct ut_slice v, struct l2tp_message *m)
{
	if (v.n != 2 && v.n != 4)
		return L2TP_FAULT_AVP_VALUE_LENGTH;
	m->call_serial = v.n == 2 ? ut_get_u16(v.p) : ut_get_u32(v.p);
	return L2TP_FAULT_NONE;
}

static enum l2tp_fault_reason
take_result(struct ut_slice v, struct l2tp_message *m)
{
	if (v.n < 2)
		return L2TP_FAULT_AVP_VALUE_LENGTH;
	m->result = ut_get_u16(v.p);
	m->has_error = v.n >= 4;
	m->error = v.n >= 4 ? ut_get_u16(v.p + 2) : 0;
	m->error_message = v.n >= 4 ? ut_slice(v.p + 4, v.n - 4) : ut_slice(v.p, 0);
	return L2TP_FAULT_NONE;
}

static enum l2tp_fault_reason
take_cause(struct ut_slice v, struct l2tp_message *m)
{
	if (v.n < 3)
		return L2TP_FAULT_AVP_VALUE_LENGTH;
	m->cause_code = ut_get_u16(v.p);
	m->cause_message = v.p[2];
	m->cause_advisory = ut_slice(v.p + 3, v.n - 3);
	return L2TP_FAULT_NONE;
}

static enum l2tp_fault_reason
take_call_errors(struct ut_slice v, struct l2tp_message *m)
{
	if (v.n != 26)
		return L2TP_FAULT_AVP_VALUE_LENGTH;
	for (size_t i = 0; i < 6; i++)
		m->call_errors[i] = ut_get_u32(v.p + 2 + 4 * i);
	return L2TP_FAULT_NONE;
}

static enum l2tp_fault_reason
take_accm(struct ut_slice v, struct l2tp_message *m)
{
	if (v.n != 10)
		return L2TP_FAULT_AVP_VALUE_LENGTH;
	m->send_accm = ut_get_u32(v.p + 2);
	m->receive_accm = ut_get_u32(v.p + 6);
	return L2TP_FAULT_NONE;
}

static enum l2tp_fault_reason
take_disconnect(struct ut_slice v, struct l2tp_message *m)
{
	if (v.n < 5)
		return L2TP_FAULT_AVP_VALUE_LENGTH;
	m->disconnect_code = ut_get_u16(v.p);
	m->disconnect_protocol = ut_get_u16(v.p + 2);
	m->disconnect_direction = v.p[4];
	m->disconnect_message = ut_slice(v.p + 5, v.n - 5);
	return L2TP_FAULT_NONE;
}

/* The AVPs of calls, 14 and up. */
static enum l2tp_fault_reason
take_call_value(unsigned type, struct ut_slice v, struct l2tp_message *m, uint64_t required)
{
	switch (type) {
	case L2TP_AVP_ASSIGNED_SESSION_ID:
		return take_number(v, &m->assigned_sid.v, (required & BIT(ASSIGNED_SESSION_ID)) != 0);
	case L2TP_AVP_CALL_SERIAL_NUMBER:
		return take_serial(v, m);
	case L2TP_AVP_MINIMUM_BPS:
		return take_u32(v, &m->minimum_bps);
	case L2TP_AVP_MAXIMUM_BPS:
		return take_u32(v, &m->maximum_bps);
	case L2TP_AVP_BEARER_TYPE:
		return take_u32(v, &m->bearer_type);
	case L2TP_AVP_FRAMING_TYPE:
		return take_u32(v, &m->framing_type);
	case L2TP_AVP_CALLED_NUMBER:
		return take_bytes(v, 0, &m->called_number);
	case L2TP_AVP_CALLING_NUMBER:
		return take_bytes(v, 0, &m->calling_number);
	case L2TP_AVP_SUB_ADDRESS:
		return take_bytes(v, 0, &m->sub_address);
	case L2TP_AVP_TX_CONNECT_SPEED:
		return take_u32(v, &m->tx_connect_speed);
	case L2TP_AVP_PHYSICAL_CHANNEL_ID:
		return take_u32(v, &m->physical_channel);
	case L2TP_AVP_PRIVATE_GROUP_ID:
		return take_bytes(v, 0, &m->private_group);
	case L2TP_AVP_RX_CONNECT_SPEED:
		return take_u32(v, &m->rx_connect_speed);
	case L2TP_AVP_SEQUENCING_REQUIRED:
		return v.n == 0 ? L2TP_FAULT_NONE : L2TP_FAULT_AVP_VALUE_LENGTH;
	case L2TP_AVP_PPP_DISCONNECT_CAUSE:
		return take_disconnect(v, m);
	default:
		return L2TP_FAULT_AVP_UNKNOWN_MANDATORY;
	}
}

/* The proxy AVPs, 26 to 33, and those of WEN and SLI. */
static enum l2tp_fault_reason
take_ppp_value(unsigned type, struct ut_slice v, struct l2tp_message *m, uint64_t required)
{
	switch (type) {
	case L2TP_AVP_INITIAL_RECEIVED_LCP_CONFREQ:
		return take_bytes(v, 0, &m->initial_received_confreq);
	case L2TP_AVP_LAST_SENT_LCP_CONFREQ:
		return take_bytes(v, 0, &m->last_sent_confreq);
	case L2TP_AVP_LAST_RECEIVED_LCP_CONFREQ:
		return take_bytes(v, 0, &m->last_received_confreq);
	case L2TP_AVP_PROXY_AUTHEN_TYPE:
		return take_u16(v, &m->proxy_type);
	case L2TP_AVP_PROXY_AUTHEN_NAME:
		return take_bytes(v, 0, &m->proxy_name);
	case L2TP_AVP_PROXY_AUTHEN_CHALLENGE:
		return take_bytes(v, 1, &m->proxy_challenge);
	case L2TP_AVP_PROXY_AUTHEN_ID:
		return take_u16(v, &m->proxy_id);
	case L2TP_AVP_PROXY_AUTHEN_RESPONSE:
		return take_bytes(v, 0, &m->proxy_response);
	case L2TP_AVP_CALL_ERRORS:
		return take_call_errors(v, m);
	case L2TP_AVP_ACCM:
		return take_accm(v, m);
	default:
		return take_call_value(type, v, m, required);
	}
}

/* Puts a value in the clear into its field. The tunnel's AVPs here, the others above. */
static enum l2tp_fault_reason
take_value(unsigned type, struct ut_slice v, struct l2tp_message *m, uint64_t required)
{
	uint16_t ignored;

	switch (type) {
	case L2TP_AVP_MESSAGE_TYPE:
		return take_u16(v, &ignored);
	case L2TP_AVP_RESULT_CODE:
		return take_result(v, m);
	case L2TP_AVP_PROTOCOL_VERSION:
		return take_u16(v, &m->protocol_version);
	case L2TP_AVP_FRAMING_CAPABILITIES:
		return take_u32(v, &m->framing_capabilities);
	case L2TP_AVP_BEARER_CAPABILITIES:
		return take_u32(v, &m->bearer_capabilities);
	case L2TP_AVP_TIE_BREAKER:
		return take_tie_breaker(v, m);
	case L2TP_AVP_FIRMWARE_REVISION:
		return take_u16(v, &m->firmware_revision);
	case L2TP_AVP_HOST_NAME:
		return take_bytes(v, 1, &m->host_name);
	case L2TP_AVP_VENDOR_NAME:
		return take_bytes(v, 0, &m->vendor_name);
	case L2TP_AVP_ASSIGNED_TUNNEL_ID:
		return take_number(v, &m->assigned_tid.v, (required & BIT(ASSIGNED_TUNNEL_ID)) != 0);
	case L2TP_AVP_RECEIVE_WINDOW_SIZE:
		return take_number(v, &m->receive_window, true);
	case L2TP_AVP_CHALLENGE:
		return take_bytes(v, 1, &m->challenge);
	case L2TP_AVP_CAUSE_CODE:
		return take_cause(v, m);
	case L2TP_AVP_CHALLENGE_RESPONSE:
		return take_response(v, m);
	case L2TP_AVP_RANDOM_VECTOR:
		return take_bytes(v, 0, &m->random_vector);
	default:
		return take_ppp_value(type, v, m, required);
	}
}

/* ---- hidden AVPs: RFC 2661 4.3 ---- */

static void
unhide_octets(uint8_t *out, struct ut_slice in, unsigned type, const struct l2tp_secret *secret,
	      struct ut_slice vector)
{
	const uint8_t attribute[2] = { (uint8_t)(type >> 8), (uint8_t)type };
	uint8_t pad[MD5_DIGEST_SIZE];

	for (size_t i = 0; i < in.n; i++) {
		if (i % sizeof pad == 0) {
			struct md5_ctx md5;

			md5_init(&md5);
			if (i == 0)
				md5_update(&md5, sizeof attribute, attribute);
			md5_update(&md5, secret->n, secret->octets);
			if (i == 0)
				md5_update(&md5, vector.n, vector.p);
			else
				md5_update(&md5, sizeof pad, in.p + i - sizeof pad);
			md5_digest(&md5, sizeof pad, pad);
		}
		out[i] = in.p[i] ^ pad[i % sizeof pad];
	}
}

static enum l2tp_fault_reason
unhide_value(unsigned type, struct ut_slice *value, struct l2tp_unhide *u, const struct l2tp_message *m)
{
	uint8_t *clear;
	size_t n;

	if (!may_be_hidden(type))
		return L2TP_FAULT_AVP_HIDDEN_FORBIDDEN;
	if (u == NULL || u->secret == NULL || u->secret->n == 0)
		return L2TP_FAULT_AVP_HIDDEN_NO_SECRET;
	if ((m->present & BIT(RANDOM_VECTOR)) == 0)
		return L2TP_FAULT_AVP_HIDDEN_NO_VECTOR;
	if (value->n < 2)
		return L2TP_FAULT_AVP_HIDDEN_LENGTH;
	if (value->n > u->cap - u->used)
		return L2TP_FAULT_AVP_HIDDEN_TOO_MANY;
	clear = u->scratch + u->used;
	unhide_octets(clear, *value, type, u->secret, m->random_vector);
	u->used += value->n;
	n = ut_get_u16(clear);
	if (n > value->n - 2)
		return L2TP_FAULT_AVP_HIDDEN_LENGTH;
	*value = ut_slice(clear + 2, n);
	return L2TP_FAULT_NONE;
}

/* ---- the message ---- */

static enum l2tp_fault_reason
avp_fault(struct l2tp_fault *fault, enum l2tp_fault_reason reason, size_t offset, const uint8_t *avp)
{
	*fault = (struct l2tp_fault){ .reason = reason,
				      .offset = (uint32_t)offset,
				      .avp = ut_get_u16(avp + 4),
				      .vendor = ut_get_u16(avp + 2) };
	return reason;
}

/* Reads the first AVP, of which `left` octets are there, 6 at least. */
static enum l2tp_fault_reason
read_type(const uint8_t *avp, size_t left, struct l2tp_message *out)
{
	const unsigned flags = ut_get_u16(avp), length = flags & 0x3ff;
	unsigned type;

	if (length < 6 || length > left)
		return L2TP_FAULT_AVP_LENGTH;
	if (ut_get_u16(avp + 2) != 0 || ut_get_u16(avp + 4) != L2TP_AVP_MESSAGE_TYPE)
		return L2TP_FAULT_FIRST_AVP_NOT_TYPE;
	if ((flags & 0x3c00) != 0)
		return L2TP_FAULT_AVP_RESERVED;
	if ((flags & 0x4000) != 0)
		return L2TP_FAULT_AVP_HIDDEN_FORBIDDEN;
	if (length != 8)
		return L2TP_FAULT_AVP_VALUE_LENGTH;
	type = ut_get_u16(avp + 6);
	if (required_avps(type) == 0) {
		out->type = L2TP_MESSAGE_N;
		return (flags & 0x8000) != 0 ? L2TP_FAULT_MESSAGE_UNKNOWN_MANDATORY
					     : L2TP_FAULT_MESSAGE_UNKNOWN;
	}
	out->type = (enum l2tp_message_type)type;
	out->present = BIT(MESSAGE_TYPE);
	return L2TP_FAULT_NONE;
}

/* Reads any other AVP, whose Length fits. A fault is one of the message's only if the AVP cannot be done without. */
static enum l2tp_fault_reason
read_avp(const uint8_t *avp, struct l2tp_unhide *unhide, struct l2tp_message *out, uint64_t required)
{
	const unsigned flags = ut_get_u16(avp), vendor = ut_get_u16(avp + 2), type = ut_get_u16(avp + 4);
	struct ut_slice value = ut_slice(avp + 6, (flags & 0x3ff) - 6u);
	enum l2tp_fault_reason reason = L2TP_FAULT_NONE;

	if (vendor != 0 || !is_assigned(type))
		return (flags & 0x8000) != 0 ? L2TP_FAULT_AVP_UNKNOWN_MANDATORY : L2TP_FAULT_NONE;
	if ((out->present >> type & 1) != 0 && type != L2TP_AVP_RANDOM_VECTOR)
		return L2TP_FAULT_NONE;
	if ((flags & 0x3c00) != 0)
		reason = L2TP_FAULT_AVP_RESERVED;
	else if ((flags & 0x4000) != 0)
		reason = unhide_value(type, &value, unhide, out);
	if (reason == L2TP_FAULT_NONE)
		reason = take_value(type, value, out, required);
	if (reason != L2TP_FAULT_NONE)
		return (flags & 0x8000) != 0 || (required >> type & 1) != 0 ? reason : L2TP_FAULT_NONE;
	out->present |= (uint64_t)1 << type;
	if ((flags & 0x4000) != 0)
		out->hidden |= (uint64_t)1 << type;
	return L2TP_FAULT_NONE;
}

/* What is missing, the lowest number first. */
static enum l2tp_fault_reason
check_required(const struct l2tp_message *m, uint64_t required, size_t end, struct l2tp_fault *fault)
{
	unsigned type = 0;

	if ((required & ~m->present) == 0)
		return L2TP_FAULT_NONE;
	while (((required & ~m->present) >> type & 1) == 0)
		type++;
	*fault = (struct l2tp_fault){ .reason = L2TP_FAULT_AVP_MISSING,
				      .offset = (uint32_t)end,
				      .avp = (uint16_t)type };
	return L2TP_FAULT_AVP_MISSING;
}

enum l2tp_fault_reason
l2tp_plain_message_decode(struct ut_slice datagram, const struct l2tp_header *header,
			  struct l2tp_unhide *unhide, struct l2tp_message *out, struct l2tp_fault *fault)
{
	const size_t start = (size_t)(header->payload.p - datagram.p), end = start + header->payload.n;
	enum l2tp_fault_reason reason;
	uint64_t required = 0;
	size_t at = start;

	out->present = 0;
	out->hidden = 0;
	out->type = L2TP_ZLB;
	while (at < end) {
		const uint8_t *const avp = datagram.p + at;
		unsigned length;

		if (end - at < 6)
			return header_fault(fault, L2TP_FAULT_AVP_TRUNCATED, end);
		length = ut_get_u16(avp) & 0x3ff;
		if (at == start)
			reason = read_type(avp, end - at, out);
		else if (length < 6 || length > end - at)
			reason = L2TP_FAULT_AVP_LENGTH;
		else
			reason = read_avp(avp, unhide, out, required);
		if (reason != L2TP_FAULT_NONE)
			return avp_fault(fault, reason, at, avp);
		if (at == start)
			required = required_avps((unsigned)out->type);
		at += length;
	}
	return check_required(out, required, end, fault);
}
