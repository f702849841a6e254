/* rig_no_journal.c - rigs of this program keep no journal of themselves
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/cli/host/rig_parts.h"

void
rig_journal_open(struct rig *rig)
{
	(void)rig;
}

void
rig_journal_close(struct rig *rig)
{
	(void)rig;
}
