/* world_internal.h - what the files of a world share
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_MODEL_WORLD_INTERNAL_H
#define TESTS_MODEL_WORLD_INTERNAL_H

#include "tests/model/world.h"

/* ---- sides: world_side.c ---- */
struct ut_engine *world_engine(const struct world *w, unsigned side);
struct ut_engine_config world_config(enum ut_protocol protocol);
/* Feeds an event, and has the side's host carry out what comes of it. */
void world_feed(struct world *w, unsigned side, struct ut_event event);
void world_feed_random(struct world *w, unsigned side, size_t n);
struct ut_peer world_address(enum ut_protocol protocol, unsigned side);
void world_answer(struct world *w, unsigned task, bool ok);
/* Notes the first thing that does not hold. */
void world_breaks(struct world *w, const char *what);

/* ---- datagrams: world_net.c ---- */
int world_compare_flights(const struct world_flight *a, const struct world_flight *b);
/* Message Type, 0 of a ZLB. */
unsigned world_flight_type(const struct world_flight *f);
bool world_flights_are_alike(const struct world *a, const struct world *b);
void world_launch(struct world *w, unsigned to, struct ut_slice bytes);
void world_land(struct world *w, unsigned flight);
void world_deliver(struct world *w, unsigned flight, bool again);

/* ---- streams: world_stream.c ---- */
void world_pipe_open(struct world *w, unsigned side, const struct ut_effect *fx);
void world_pipe_accepted(struct world *w, unsigned side, const struct ut_effect *fx);
void world_pipe_send(struct world *w, unsigned side, const struct ut_effect *fx);
void world_pipe_give_back(struct world *w, unsigned side, const struct ut_effect *fx);
/* The first moves that lead on: an end learns of the connection, or reads all there is.  False: nothing to do. */
bool world_pipe_go_on(struct world *w);
unsigned world_pipe_choices(const struct world *w, struct world_choice *out);
void world_pipe_take(struct world *w, struct world_choice choice);
/* The first message under way in a stream, or what else there is. */
const char *world_pipe_word(const struct world *w, struct world_choice choice);
void world_pipe_sever(struct world *w);

/* ---- like worlds: world_tidy.c ---- */
/* But for parameters and for messages that wait for their acknowledgement. */
bool world_engines_are_alike(const struct world *a, const struct world *b, unsigned side);

#endif
