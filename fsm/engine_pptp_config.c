/* engine_pptp_config.c - how control connections speak PPTP, by default and by order
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/engine_pptp.h"

#include <assert.h>

enum { EITHER = 3 }; /* asynchronous or synchronous framing, analog or digital bearer */

struct ut_pptp_params
ut_pptp_params_default(void)
{
	struct ut_pptp_params p;

	memset(&p, 0, sizeof p);
	memcpy(p.host_name, "uptun", 5);
	p.host_name_octets = 5;
	p.echo_s = 60; /* RFC 2637 3.1.4 */
	p.reply_s = 60;
	p.clear_ms = 1000;
	p.window = 64;
	p.framing = p.bearer = EITHER;
	p.minimum_bps = 2400;
	p.maximum_bps = 100000000;
	p.connect_speed = 100000000;
	return p;
}

void
ut_engine_set_pptp_params(struct ut_engine *e, uint16_t index, const struct ut_pptp_params *params)
{
	assert(params->host_name_octets <= PPTP_TEXT_OCTETS &&
	       params->vendor_name_octets <= PPTP_TEXT_OCTETS);
	assert(params->reply_s > 0 && params->clear_ms > 0);
	*engine_pptp_params(e, index) = *params;
}
