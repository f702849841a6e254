/* chap_again.c - our CHAP Response, repeated when the answer to it was lost
 * SPDX-License-Identifier: Apache-2.0
 *
 * pppd sends a Response once.  When the Success is lost, the peer goes on to the network protocols and asks no more,
 * pppd throws what comes from there away, and after half a minute the peer hangs up.  A packet of a network protocol's
 * negotiation says that the Success was sent: then the Response goes out once more.  RFC 1994 4.1: "the authenticator
 * MUST allow repeated Response packets during the Network-Layer Protocol phase", and gives the same answer.
 */
#include "kernel-bridge/pppd-plugin/pppd_compat.h"

#include "kernel-bridge/pppd-plugin/chap_again.h"

#include <string.h>

enum {
	RESPONSE_OCTETS_MAX = 512,
	PROTOCOL_AT = 2,
	CODE_AT = 4,
	PROTOCOL_CHAP = 0xc223,
	CHAP_CODE_RESPONSE = 2,
	NETWORK_CONTROL_MASK = 0xc000,
	NETWORK_CONTROL = 0x8000 /* 8xxx to bxxx: IPCP, IPV6CP, CCP, ... */
};

/* pppd has one link a process, so has the plugin. */
static unsigned char response[RESPONSE_OCTETS_MAX];
static int response_octets; /* 0: none is unanswered */
static void (*next_send_hook)(unsigned char *packet, int octets);
static void (*next_receive_hook)(unsigned char *packet, int octets);

static int
protocol_of(const unsigned char *packet, int octets)
{
	return octets > CODE_AT ? packet[PROTOCOL_AT] << 8 | packet[PROTOCOL_AT + 1] : 0;
}

static void
on_send(unsigned char *packet, int octets)
{
	if (next_send_hook != NULL)
		next_send_hook(packet, octets);
	if (protocol_of(packet, octets) != PROTOCOL_CHAP || packet[CODE_AT] != CHAP_CODE_RESPONSE ||
	    octets > RESPONSE_OCTETS_MAX || packet == response)
		return;
	memcpy(response, packet, (size_t)octets);
	response_octets = octets;
}

/* Any word of CHAP is an answer, or a new challenge that gets a response of its own. */
static void
on_receive(unsigned char *packet, int octets)
{
	const int protocol = protocol_of(packet, octets);

	if (next_receive_hook != NULL)
		next_receive_hook(packet, octets);
	if (response_octets == 0)
		return;
	if (protocol == PROTOCOL_CHAP)
		response_octets = 0;
	else if ((protocol & NETWORK_CONTROL_MASK) == NETWORK_CONTROL)
		output(0, response, response_octets);
}

void
chap_again_init(void)
{
	next_send_hook = snoop_send_hook;
	next_receive_hook = snoop_recv_hook;
	snoop_send_hook = on_send;
	snoop_recv_hook = on_receive;
}
