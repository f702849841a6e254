/* kb_address.c - addresses as text, for the bridge's error sentences
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_address.h"

#include <arpa/inet.h>
#include <stdio.h>

const char *
kb_address_text(const union kb_sockaddr *a, char text[KB_ADDRESS_TEXT_OCTETS])
{
	char host[INET6_ADDRSTRLEN] = "?";
	unsigned port = 0;

	if (a->sa.sa_family == AF_INET) {
		inet_ntop(AF_INET, &a->in.sin_addr, host, sizeof host);
		port = ntohs(a->in.sin_port);
	} else if (a->sa.sa_family == AF_INET6) {
		inet_ntop(AF_INET6, &a->in6.sin6_addr, host, sizeof host);
		port = ntohs(a->in6.sin6_port);
	}
	snprintf(text, KB_ADDRESS_TEXT_OCTETS, "%s port %u", host, port);
	return text;
}
