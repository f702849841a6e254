/* l2tp_hiding.h - hiding of AVP values (RFC 2661 section 4.3)
 * SPDX-License-Identifier: Apache-2.0
 *
 * For the files of codec/, their tests and the printer in cli/.  A "subformat" is the two octets of the
 * original length, the value and the padding.
 */
#ifndef CODEC_L2TP_HIDING_H
#define CODEC_L2TP_HIDING_H

#include "codec/l2tp.h"

/* Hides the subformat `at`[0..n) of the attribute `type`, in place. */
void l2tp_hide_octets(uint8_t *at, size_t n, unsigned type, const struct l2tp_secret *secret,
		      struct ut_slice vector);

/* Writes the subformat that `hidden` conceals to `out`, which takes hidden.n octets and does not overlap.
 * A wrong secret gives noise; the caller judges the length it finds. */
void l2tp_unhide_octets(uint8_t *out, struct ut_slice hidden, unsigned type, const struct l2tp_secret *secret,
			struct ut_slice vector);

#endif
