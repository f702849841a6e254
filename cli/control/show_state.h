/* show_state.h - how a tunnel is, in a few words and numbers; for the files that show it
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_CONTROL_SHOW_STATE_H
#define CLI_CONTROL_SHOW_STATE_H

#include <stdbool.h>

#include "cli/control/show.h"

/* One word of a session: "up", "starting PPP". */
const char *show_session_state(const Uptun__SessionStatus *session);

/* Are all sessions up, and for how long, in milliseconds? */
bool show_is_up(const Uptun__TunnelStatus *tunnel);
uint64_t show_up_ms(const Uptun__TunnelStatus *tunnel, uint64_t now_ms);

#endif
