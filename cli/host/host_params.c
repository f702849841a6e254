/* host_params.c - from a profile to the engine's parameters
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/host_state.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The profile's, else the machine's, else the program's. */
static void
set_host_name(struct ut_l2tp_params *params, const char *wished)
{
	char name[UT_HOST_NAME_MAX + 1];

	snprintf(name, sizeof name, "%s", wished);
	if (name[0] == '\0' && gethostname(name, sizeof name) < 0)
		name[0] = '\0';
	name[sizeof name - 1] = '\0';
	if (name[0] == '\0')
		snprintf(name, sizeof name, "uptun");
	params->host_name_octets = (uint8_t)strlen(name);
	memcpy(params->host_name, name, params->host_name_octets);
}

struct ut_l2tp_params
host_params(const struct profile *profile)
{
	struct ut_l2tp_params params = ut_l2tp_params_default();
	const struct profile_l2tp *l2tp = &profile->l2tp;

	_Static_assert((int)PROFILE_SECRET_MAX == (int)L2TP_SECRET_MAX, "a profile's secret fits");
	set_host_name(&params, l2tp->host_name);
	memcpy(params.secret.octets, l2tp->secret.octets, l2tp->secret.n);
	params.secret.n = l2tp->secret.n;
	params.authenticate_peer = l2tp->secret.n > 0;
	params.hide_avps = l2tp->hide_avps && l2tp->secret.n > 0;
	params.receive_window = (uint16_t)l2tp->window;
	params.hello_s = l2tp->hello_interval_s > UINT16_MAX ? UINT16_MAX : (uint16_t)l2tp->hello_interval_s;
	params.tries = (uint8_t)l2tp->tries;
	return params;
}

/* A graceful end has the profile's time in all: three fifths for PPP's, two for the control connection's. */
struct ut_client_config
host_client_config(const struct profile *profile, uint16_t params)
{
	const struct profile_reconnect *again = &profile->reconnect;

	return (struct ut_client_config){
		.params = params,
		.n_links = (uint16_t)profile->sessions_n,
		.needs_data_path = true,
		.reconnect = again->enabled,
		.max_attempts =
		    (uint16_t)(again->max_attempts > UINT16_MAX ? UINT16_MAX : again->max_attempts),
		.setup_ms = profile->timeouts.setup_s * 1000,
		.close_ms = profile->timeouts.close_s * 400,
		.stop_ms = profile->timeouts.close_s * 600,
		.settle_ms = 1000,
		.backoff_first_ms = again->first_delay_ms,
		.backoff_cap_ms = again->max_delay_s * 1000,
	};
}
