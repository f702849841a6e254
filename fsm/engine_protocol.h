/* engine_protocol.h - what clients and links ask of a protocol, whichever it is
 * SPDX-License-Identifier: Apache-2.0
 *
 * Clients and links know a tunnel and a session; L2TP and PPTP each bring their own.
 */
#ifndef FSM_ENGINE_PROTOCOL_H
#define FSM_ENGINE_PROTOCOL_H

#include "fsm/engine_internal.h"

/* Opens the client's tunnel over the path that just opened; false when there is no slot. */
bool protocol_tunnel_open(struct step *st, struct client *c) UT_MUST_USE;
/* Ends it with a goodbye.  UT_CLIENT_EV_TUNNEL_GONE follows, at once when there is nothing to end. */
void protocol_tunnel_close(struct step *st, struct client *c);
/* Ends it without a word. */
void protocol_tunnel_drop(struct step *st, struct client *c);
/* It is the client's no more, and its path is closed; whatever was left to say is not waited for. */
void protocol_tunnel_leave(struct step *st, struct client *c);
void protocol_tunnel_ask(struct step *st, struct client *c);
bool protocol_tunnel_is_up(struct ut_engine *e, const struct client *c);

/* Places a call for the link; false when there is no slot. */
bool protocol_session_open(struct step *st, struct link *l) UT_MUST_USE;
void protocol_session_close(struct step *st, struct link *l);
/* The link's session as effects name it. */
struct ut_ref protocol_session_ref(struct ut_engine *e, const struct link *l);
/* State of the session's or call's machine; NULL: the link has none. */
const char *protocol_session_state(struct ut_engine *e, const struct link *l);

#endif
