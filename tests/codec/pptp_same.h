/* pptp_same.h - whether two control messages say the same, field by field
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_CODEC_PPTP_SAME_H
#define TESTS_CODEC_PPTP_SAME_H

#include "codec/pptp.h"

/* clang-format off */
#define PPTP_NUMBER_FIELDS(X)                                                                           \
	X(type) X(number) X(length) X(reserved0) X(protocol_version) X(result) X(error) X(framing)      \
	X(bearer) X(maximum_channels) X(firmware_revision) X(identifier) X(call_id.v) X(peer_call_id.v) \
	X(call_serial) X(minimum_bps) X(maximum_bps) X(connect_speed) X(window) X(processing_delay)     \
	X(cause) X(physical_channel) X(call_errors[0]) X(call_errors[1]) X(call_errors[2])              \
	X(call_errors[3]) X(call_errors[4]) X(call_errors[5]) X(send_accm) X(receive_accm)
#define PPTP_TEXT_FIELDS(X)                                                                             \
	X(host_name) X(vendor_name) X(phone_number) X(dialed_number) X(dialing_number) X(subaddress)    \
	X(statistics)
/* clang-format on */

/* Name of the first field in which they differ, NULL if there is none.  Texts are compared by their octets. */
static inline const char *
pptp_difference(const struct pptp_message *a, const struct pptp_message *b)
{
#define X(field)                  \
	if (a->field != b->field) \
		return #field;
	PPTP_NUMBER_FIELDS(X)
#undef X
#define X(field)                                    \
	if (!ut_slice_is_equal(a->field, b->field)) \
		return #field;
	PPTP_TEXT_FIELDS(X)
#undef X
	return NULL;
}

#endif
