/* requests.h - requests to a launcher, as tests make them
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_CLI_LAUNCHER_REQUESTS_H
#define TESTS_CLI_LAUNCHER_REQUESTS_H

#include "cli/launcher/record.h"

#include <stdio.h>

/* With everything a START may have. */
static inline struct launcher_request
full_start(void)
{
	static const uint8_t password[] = { 's', 'e', '\0', 'c', 0xff };

	return (struct launcher_request){ .kind = LAUNCHER_START,
					  .exchange = 7,
					  .stock_plugin = true,
					  .use_peer_dns = true,
					  .mtu = 1400,
					  .mru = 1401,
					  .mppe = KB_MPPE_REQUIRE,
					  .ifname = "vpn0.1",
					  .user = "alice",
					  .password = { password, sizeof password },
					  .words = { "noccp", "mtu", "1400" } };
}

static inline struct launcher_request
full_route(enum launcher_kind kind)
{
	return (struct launcher_request){ .kind = kind,
					  .exchange = 9,
					  .route = { .to = { AF_INET, 24, { 10, 9, 8 } },
						     .has_gateway = true,
						     .gateway = { 10, 0, 0, 1 },
						     .ifindex = 3,
						     .table = 100,
						     .metric = 5,
						     .has_source = true,
						     .source = { 10, 0, 0, 2 } } };
}

#endif
