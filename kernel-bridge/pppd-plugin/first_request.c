/* first_request.c - the first LCP Configure-Request, repeated until the peer says its first word
 * SPDX-License-Identifier: Apache-2.0
 *
 * A server starts its pppd when the call connects.  What we send before that pppd listens is lost, and LCP's
 * restart timer counts whole seconds.  So the first request goes out again after ever longer pauses until
 * anything is heard, and once more when the peer's own request is what is heard.
 *
 * It is the same packet with the same identifier.  A peer that had it already acknowledges it again, which
 * changes nothing in any state before Opened (RFC 1661 4.1); and a peer that we have said nothing to since
 * cannot be in Opened.
 */
#include "kernel-bridge/pppd-plugin/pppd_compat.h"

#include "kernel-bridge/pppd-plugin/first_request.h"

#include <string.h>

enum {
	REQUEST_OCTETS_MAX = 256,
	FIRST_PAUSE_US = 40000,
	LAST_PAUSE_US = 640000, /* then LCP's own restart timer has taken over */
	PROTOCOL_AT = 2,
	CODE_AT = 4,
	PROTOCOL_LCP = 0xc021,
	CONFIGURE_REQUEST = 1
};

/* pppd has one link a process, so has the plugin. */
static unsigned char request[REQUEST_OCTETS_MAX];
static int request_octets;
static int is_peer_heard;
static int pause_us = FIRST_PAUSE_US;
static void (*next_send_hook)(unsigned char *packet, int octets);
static void (*next_receive_hook)(unsigned char *packet, int octets);

static int
is_lcp_request(const unsigned char *packet, int octets)
{
	return octets > CODE_AT && (packet[PROTOCOL_AT] << 8 | packet[PROTOCOL_AT + 1]) == PROTOCOL_LCP &&
	       packet[CODE_AT] == CONFIGURE_REQUEST;
}

static void
send_again(void)
{
	if (lcp_fsm[0].state == REQSENT)
		output(0, request, request_octets);
}

static void
on_pause_over(void *unused)
{
	(void)unused;
	if (is_peer_heard || pause_us > LAST_PAUSE_US)
		return;
	send_again();
	pause_us *= 2;
	ppp_timeout(on_pause_over, NULL, 0, pause_us);
}

static void
on_send(unsigned char *packet, int octets)
{
	if (next_send_hook != NULL)
		next_send_hook(packet, octets);
	if (request_octets != 0 || octets > REQUEST_OCTETS_MAX || !is_lcp_request(packet, octets))
		return;
	memcpy(request, packet, (size_t)octets);
	request_octets = octets;
	ppp_timeout(on_pause_over, NULL, 0, pause_us);
}

/* Called before pppd looks at the packet, hence before it answers it. */
static void
on_receive(unsigned char *packet, int octets)
{
	if (next_receive_hook != NULL)
		next_receive_hook(packet, octets);
	if (is_peer_heard)
		return;
	is_peer_heard = 1;
	if (request_octets != 0 && is_lcp_request(packet, octets))
		send_again();
}

void
first_request_init(void)
{
	next_send_hook = snoop_send_hook;
	next_receive_hook = snoop_recv_hook;
	snoop_send_hook = on_send;
	snoop_recv_hook = on_receive;
}
