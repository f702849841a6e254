/* mtpd_control.h - the socket by which Android's framework drives mtpd
 * SPDX-License-Identifier: Apache-2.0
 *
 * Android's init makes a listening socket and names its descriptor in the environment.  The framework connects, sends
 * the arguments and waits for the end of what we send, which is nothing: that end means "accepted".  When it closes the
 * connection, the tunnel is to end.
 */
#ifndef CLI_MTPD_CONTROL_H
#define CLI_MTPD_CONTROL_H

#include "cli/mtpd_arguments.h"

#define MTPD_CONTROL_VARIABLE "ANDROID_SOCKET_mtpd"

enum {
	MTPD_CONTROL_ACCEPT_S = 60,    /* to connect: all the time the framework itself has for a VPN */
	MTPD_CONTROL_ARGUMENTS_S = 10, /* to send all arguments, from then on */
	MTPD_CONTROL_WHY_OCTETS = 160
};

struct mtpd_control {
	int fd;		 /* of the connection; -1: none */
	uint8_t *octets; /* owned; MTPD_ARGUMENTS_OCTETS_MAX of memory that may hold secrets */
	struct mtpd_arguments arguments; /* in `octets` */
	char why[MTPD_CONTROL_WHY_OCTETS];
};
#define MTPD_CONTROL_NULL ((struct mtpd_control){ .fd = -1 })

/* Is there such a socket?  Whether it is one is found out later. */
bool mtpd_control_is_asked_for(void);

/* Waits for the framework and its arguments, each not longer than said above.  False: c->why says in words what is
 * wrong, and mtpd_control_close() is still to be called.  The listening socket is closed in any case. */
bool mtpd_control_receive(struct mtpd_control *c) UT_MUST_USE;

/* Tells the framework that its arguments are good. */
void mtpd_control_accept(const struct mtpd_control *c);

/* Wipes the arguments and gives their memory back. */
void mtpd_control_forget(struct mtpd_control *c);

/* Forgets and closes. */
void mtpd_control_close(struct mtpd_control *c);

#endif
