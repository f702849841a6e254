/* host_observe.c - what goes into the engine and comes out, shown to whoever keeps a journal
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/host_state.h"

void
host_observe_engine(const struct host *h)
{
	const struct host_observer *o = h->config.observer;

	if (o != NULL && o->engine != NULL)
		o->engine(h->config.observer_ctx, &h->engine_config, HOST_EFFECTS, HOST_EFFECT_OCTETS);
}

void
host_observe_l2tp_params(const struct host *h, uint16_t index, const struct ut_l2tp_params *params)
{
	const struct host_observer *o = h->config.observer;
	struct ut_l2tp_params bare;

	if (o == NULL || o->l2tp_params == NULL)
		return;
	bare = *params;
	ut_wipe(bare.secret.octets, sizeof bare.secret.octets);
	o->l2tp_params(h->config.observer_ctx, index, &bare);
}

void
host_observe_pptp_params(const struct host *h, uint16_t index, const struct ut_pptp_params *params)
{
	const struct host_observer *o = h->config.observer;

	if (o != NULL && o->pptp_params != NULL)
		o->pptp_params(h->config.observer_ctx, index, params);
}

void
host_observe_client(const struct host *h, const struct ut_client_config *config, struct ut_ref client,
		    uint16_t first_link)
{
	const struct host_observer *o = h->config.observer;

	if (o != NULL && o->client != NULL)
		o->client(h->config.observer_ctx, config, client, first_link);
}

void
host_observe_client_freed(const struct host *h, struct ut_ref client)
{
	const struct host_observer *o = h->config.observer;

	if (o != NULL && o->client_freed != NULL)
		o->client_freed(h->config.observer_ctx, client);
}

void
host_observe_step(const struct host *h, const struct ut_event *event, const struct ut_effects *effects)
{
	const struct host_observer *o = h->config.observer;

	if (o != NULL && o->step != NULL)
		o->step(h->config.observer_ctx, event, effects);
}
