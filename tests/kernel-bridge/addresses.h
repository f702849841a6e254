/* addresses.h - addresses as tests write them
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_KERNEL_BRIDGE_ADDRESSES_H
#define TESTS_KERNEL_BRIDGE_ADDRESSES_H

#include "kernel-bridge/kb.h"

#include <arpa/inet.h>
#include <assert.h>
#include <string.h>

/* Of either family, as the text is. */
static inline union kb_sockaddr
address(const char *text, uint16_t port)
{
	union kb_sockaddr a;

	memset(&a, 0, sizeof a);
	if (inet_pton(AF_INET, text, &a.in.sin_addr) == 1) {
		a.in.sin_family = AF_INET;
		a.in.sin_port = htons(port);
		return a;
	}
	const int is_6 = inet_pton(AF_INET6, text, &a.in6.sin6_addr);
	assert(is_6 == 1);
	(void)is_6;
	a.in6.sin6_family = AF_INET6;
	a.in6.sin6_port = htons(port);
	return a;
}

#endif
