/* kb_datapath.c - what drivers have in common whose kernel objects go with their descriptors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_datapath.h"

#include <unistd.h>

void
kb_session_close(struct kb_session *session)
{
	if (session->fd >= 0)
		close(session->fd);
	*session = KB_SESSION_NULL;
}

void
kb_tunnel_close(struct kb_tunnel *tunnel)
{
	if (tunnel->fd >= 0)
		close(tunnel->fd);
	*tunnel = KB_TUNNEL_NULL;
}
