/* host_params.c - from a profile to the engine's parameters
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/host_state.h"

#include <string.h>
#include <unistd.h>

/* The profile's, else the machine's, else the program's; of at most `cap` octets.  How many there are. */
static uint8_t
set_host_name(uint8_t *to, size_t cap, const char *wished)
{
	char machine[UT_HOST_NAME_MAX + 1];

	if (wished[0] == '\0' && gethostname(machine, sizeof machine) == 0) {
		machine[sizeof machine - 1] = '\0';
		wished = machine;
	}
	if (wished[0] == '\0')
		wished = "uptun";
	const size_t n = strnlen(wished, cap);
	memcpy(to, wished, n);
	return (uint8_t)n;
}

static uint16_t
at_most_16_bits(uint32_t v)
{
	return v > UINT16_MAX ? UINT16_MAX : (uint16_t)v;
}

struct ut_l2tp_params
host_params(const struct profile *profile)
{
	struct ut_l2tp_params params = ut_l2tp_params_default();
	const struct profile_l2tp *l2tp = &profile->l2tp;

	_Static_assert((int)PROFILE_SECRET_MAX == (int)L2TP_SECRET_MAX, "a profile's secret fits");
	params.host_name_octets = set_host_name(params.host_name, sizeof params.host_name, l2tp->host_name);
	memcpy(params.secret.octets, l2tp->secret.octets, l2tp->secret.n);
	params.secret.n = l2tp->secret.n;
	params.authenticate_peer = l2tp->secret.n > 0;
	params.hide_avps = l2tp->hide_avps && l2tp->secret.n > 0;
	params.receive_window = (uint16_t)l2tp->window;
	params.hello_s = at_most_16_bits(l2tp->hello_interval_s);
	params.tries = (uint8_t)l2tp->tries;
	return params;
}

struct ut_pptp_params
host_pptp_params(const struct profile *profile)
{
	struct ut_pptp_params params = ut_pptp_params_default();
	const struct profile_pptp *pptp = &profile->pptp;

	_Static_assert((int)PROFILE_PPTP_NAME_MAX == (int)PPTP_TEXT_OCTETS, "a profile's name fits");
	params.host_name_octets = set_host_name(params.host_name, sizeof params.host_name, pptp->host_name);
	params.echo_s = at_most_16_bits(pptp->echo_interval_s);
	params.reply_s = at_most_16_bits(pptp->reply_timeout_s);
	params.window = at_most_16_bits(pptp->window);
	return params;
}

/* A graceful end has the profile's time in all: three fifths for PPP's, two for the control connection's. */
struct ut_client_config
host_client_config(const struct profile *profile, uint16_t params)
{
	const struct profile_reconnect *again = &profile->reconnect;

	return (struct ut_client_config){
		.protocol = profile->protocol == PROFILE_PPTP ? UT_PPTP : UT_L2TP,
		.params = params,
		.n_links = (uint16_t)profile->sessions_n,
		.needs_data_path = true,
		.reconnect = again->enabled,
		.max_attempts = at_most_16_bits(again->max_attempts),
		.setup_ms = profile->timeouts.setup_s * 1000,
		.close_ms = profile->timeouts.close_s * 400,
		.stop_ms = profile->timeouts.close_s * 600,
		.settle_ms = 1000,
		.backoff_first_ms = again->first_delay_ms,
		.backoff_cap_ms = again->max_delay_s * 1000,
	};
}
