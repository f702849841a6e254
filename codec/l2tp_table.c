/* l2tp_table.c - the AVPs and the messages that carry them (RFC 2661 sections 4.4 and 6)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/l2tp_table.h"

#define IN_SET(token) | L2TP_HAS(token)
#define NOT_IN_SET(token)
#define IN_ORDER(token) L2TP_AVP_##token,

const struct l2tp_message_row l2tp_message_rows[L2TP_MESSAGE_N] = {
#define X(token, number, name)                                                                       \
	[number] = { .avps = { .required = L2TP_HAS(MESSAGE_TYPE)                                    \
				   L2TP_AVPS_OF_##token(IN_SET, NOT_IN_SET, NOT_IN_SET),             \
			       .expected = 0 L2TP_AVPS_OF_##token(NOT_IN_SET, IN_SET, NOT_IN_SET),   \
			       .optional = 0 L2TP_AVPS_OF_##token(NOT_IN_SET, NOT_IN_SET, IN_SET) }, \
		     .order = { L2TP_AVPS_OF_##token(IN_ORDER, IN_ORDER, IN_ORDER) 0 } },
	L2TP_MESSAGES(X)
#undef X
};

const struct l2tp_message_avps *
l2tp_message_avps(enum l2tp_message_type type)
{
	const unsigned row = (unsigned)type < L2TP_MESSAGE_N ? (unsigned)type : L2TP_ZLB;

	return &l2tp_message_rows[row].avps;
}
