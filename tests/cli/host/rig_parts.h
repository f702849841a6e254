/* rig_parts.h - the rig's parts, for each other
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_CLI_HOST_RIG_PARTS_H
#define TESTS_CLI_HOST_RIG_PARTS_H

#include "tests/cli/host/rig.h"

/* Counts a call; true when this one is to fail. */
bool rig_fails(struct rig *rig, enum rig_call call);

void rig_server_open(struct rig *rig, const union kb_sockaddr *address, const struct l2tp_secret *secret);
void rig_server_close(struct rig *rig);
/* Octets of a stream that were taken. */
size_t rig_server_feed(struct rig *rig, struct ut_event event);

void rig_streams_open(struct rig *rig, const union kb_sockaddr *address);
void rig_streams_close(struct rig *rig);
void rig_stream_accepted(struct rig *rig, struct ut_path path);
void rig_stream_send(struct rig *rig, struct ut_path path, struct ut_slice octets);
void rig_stream_close(struct rig *rig, struct ut_path path);
void rig_stream_reset(struct rig *rig, struct ut_path path);

/* A program's rigs keep a journal, which is replayed at the end (rig_journal.c), or do not (rig_no_journal.c). */
void rig_journal_open(struct rig *rig);
void rig_journal_close(struct rig *rig);

extern const struct host_system_ops rig_system_ops;
extern const struct kb_driver rig_driver;
void rig_driver_use(struct rig *rig); /* a driver's calls have no context: one rig at a time */

#endif
