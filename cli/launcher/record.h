/* record.h - what the daemon and its launcher say to each other, one record a datagram
 * SPDX-License-Identifier: Apache-2.0
 *
 * Pure: octets to structs and back.  Both ends are the same build on the same machine, but the launcher believes
 * nothing: reading is bounded and total, and what was read is within the limits below.  Numbers are big-endian:
 *
 *   magic 4, kind 4, exchange 4, then by kind
 *     START             flags 4, mtu 4, mru 4, mppe 4, ifname, user, password and options, each with its length
 *     TERM, KILL, WAIT, RELEASE   pid 4
 *     KEEP, FORGET      a route
 *     SOCKET            nothing
 *   replies: magic 4, LAUNCHER_REPLY 4, exchange 4, result 4, pid 4, wait status 4, sentence with its length
 *
 * START comes with the session's descriptor; its reply with a pidfd and, without the stock plugin, the end of the pipe
 * that the plugin reports through.  Nothing else has descriptors.
 */
#ifndef CLI_LAUNCHER_RECORD_H
#define CLI_LAUNCHER_RECORD_H

#include "codec/bytes.h"
#include "kernel-bridge/kb_net.h"
#include "kernel-bridge/kb_pppd.h"

#define LAUNCHER_MAGIC UINT32_C(0x75706c31) /* "upl1"; the digit is the layout's version */

enum {
	LAUNCHER_NAME_MAX = 255, /* octets, as the next ones */
	LAUNCHER_PASSWORD_MAX = 255,
	LAUNCHER_OPTIONS_OCTETS = 16384, /* all words, each with its NUL */
	LAUNCHER_WORDS_MAX = 64,
	LAUNCHER_RECORD_MAX = LAUNCHER_OPTIONS_OCTETS + 1024,
	LAUNCHER_REPLY_MAX = 512
};

enum launcher_kind {
	LAUNCHER_START,	  /* answered */
	LAUNCHER_TERM,	  /* SIGTERM */
	LAUNCHER_KILL,	  /* SIGKILL */
	LAUNCHER_WAIT,	  /* answered: 1 and the wait status, 0 while it runs, -errno */
	LAUNCHER_RELEASE, /* ends it, SIGTERM and after 0.5 s SIGKILL; nobody will ask for its status */
	LAUNCHER_KEEP,	  /* a route that is about to be made; answered */
	LAUNCHER_FORGET,  /* it is deleted */
	LAUNCHER_SOCKET,  /* the daemon's socket is made; nothing more is said */
	LAUNCHER_KIND_N
};

/* As read, it borrows the record. */
struct launcher_request {
	enum launcher_kind kind;
	uint32_t exchange;
	pid_t pid; /* above 1 */
	struct kb_route route;
	/* Of START */
	bool stock_plugin, use_peer_dns;
	unsigned mtu, mru; /* octets, 0: pppd's default */
	enum kb_mppe mppe;
	char ifname[IF_NAMESIZE];	  /* "": the kernel's choice */
	char user[LAUNCHER_NAME_MAX + 1]; /* "": none */
	struct ut_slice password;	  /* empty: none */
	const char *words[LAUNCHER_WORDS_MAX + 1];
};

struct launcher_reply {
	uint32_t exchange;
	int32_t result; /* 0 or 1, or -errno */
	pid_t pid;	/* of START */
	int wstatus;	/* of WAIT */
	char text[256]; /* of a failure */
};

/* A record of START may hold a password: the caller wipes it. */

/* What is written in `out`, of `cap` octets: its length; 0 when the request does not fit a record. */
size_t launcher_request_write(const struct launcher_request *request, uint8_t *out, size_t cap) KB_MUST_USE;

/* 0, or -EBADMSG with what is wrong and at which octet. */
int launcher_request_read(const uint8_t *octets, size_t n, struct launcher_request *out,
			  struct kb_error *why) KB_MUST_USE;

size_t launcher_reply_write(const struct launcher_reply *reply, uint8_t *out, size_t cap) KB_MUST_USE;
int launcher_reply_read(const uint8_t *octets, size_t n, struct launcher_reply *out) KB_MUST_USE;

#endif
