/* utf8.h - is this UTF-8? (RFC 3629)
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_UTF8_H
#define CLI_UTF8_H

#include "codec/bytes.h"

/* Refuses overlong forms, surrogates and code points above U+10FFFF; NUL is a character like any other. */
bool utf8_is_valid(struct ut_slice text) UT_MUST_USE;

/* True for valid UTF-8 without the C0 and C1 control characters (NUL among them) and without DEL. */
bool utf8_is_printable(struct ut_slice text) UT_MUST_USE;

#endif
