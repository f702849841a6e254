/* kb_pppd.h - start, hear and stop one pppd on a connected PPPoX socket
 * SPDX-License-Identifier: Apache-2.0
 *
 * pppd gets its options, the password among them, in an inherited memory file; argv shows only
 * `pppd file /proc/self/fd/N`.  With our plugin it reports over a socketpair and ends when the other end
 * closes, that is, when we die.
 */
#ifndef KERNEL_BRIDGE_KB_PPPD_H
#define KERNEL_BRIDGE_KB_PPPD_H

#include "kernel-bridge/kb.h"

#include <net/if.h>
#include <sys/types.h>

/* Microsoft's encryption (RFC 3078), which pppd negotiates within CCP. */
enum kb_mppe {
	KB_MPPE_UNSAID,	 /* as pppd's own option files have it */
	KB_MPPE_OFF,	 /* refused */
	KB_MPPE_ALLOW,	 /* if the peer asks for it; needs our plugin, since pppd alone knows no such thing */
	KB_MPPE_REQUIRE, /* 128 bits, and so MS-CHAPv2; the link ends without: KB_PPPD_MPPE_REFUSED */
	KB_MPPE_N
};

/* How a link ended that lacked encryption.  pppd's own status is then 10 or 16, or 0 when it was on before. */
enum kb_mppe_end {
	KB_MPPE_PEER_REFUSED,  /* required by us */
	KB_MPPE_PEER_REQUIRES, /* required by the peer, and not offered by us */
	KB_MPPE_NO_KEYS,       /* the authentication was not MS-CHAP, which is where the keys come from */
	KB_MPPE_NO_KERNEL,     /* no CONFIG_PPP_MPPE, module ppp_mppe */
	KB_MPPE_NOT_ON,	       /* agreed upon, but the kernel does not encrypt */
	KB_MPPE_LOST,	       /* it was on */
	KB_MPPE_END_N
};

struct kb_pppd_request {
	int session_fd;		 /* connected PPPoX session socket; stays the caller's */
	bool stock_plugin;	 /* pppol2tp.so of the distribution instead of ours */
	const char *plugin_path; /* absolute path of uptun-pppox.so */
	const char *pppd_path;	 /* NULL: /usr/sbin/pppd */
	const char *user;	 /* NULL: none */
	const uint8_t *password; /* not kept; the caller wipes its copy */
	size_t password_octets;
	unsigned mtu, mru;  /* octets; 0: pppd's default */
	const char *ifname; /* wished interface name; NULL: the kernel's choice */
	enum kb_mppe mppe;
	bool use_peer_dns;	    /* ask for DNS addresses and report them */
	const char *const *options; /* further pppd options, one word each, NULL-terminated; may be NULL */
	int log_fd;		    /* where pppd's own messages go besides syslog; 0: nowhere (what it says
				     * before it has read its options still goes to our stderr) */
};

struct kb_pppd {
	pid_t pid;     /* -1: none */
	int pidfd;     /* readable when it has ended */
	int report_fd; /* our end of the socketpair, non-blocking; -1 with the stock plugin */
};

/* May a user give this word as a pppd option?  0, or -EINVAL and a sentence: options that carry secrets or
 * would take pppd out of our hands, control characters, words longer than pppd's.  kb_pppd_start() asks the
 * same of every word, arguments too. */
int kb_pppd_check_option(const char *option, struct kb_error *why) KB_MUST_USE;

#define KB_PPPD_NULL ((struct kb_pppd){ .pid = -1, .pidfd = -1, .report_fd = -1 })

/* What the plugin says, one datagram each. */
enum kb_pppd_report_kind {
	KB_PPPD_PHASE, /* LCP up, authenticating, ... for -v */
	KB_PPPD_IP_UP, /* interface and addresses are usable; again when encryption began only later */
	KB_PPPD_IPV6_UP,
	KB_PPPD_IP_DOWN,
	KB_PPPD_AUTH_FAILED,
	KB_PPPD_MPPE_REFUSED, /* one side required it, and the link is ending without: mppe_end */
	KB_PPPD_REPORT_N
};

struct kb_pppd_report {
	enum kb_pppd_report_kind kind;
	char phase[24];
	char ifname[IF_NAMESIZE];
	struct in_addr local, peer, dns[2]; /* 0.0.0.0: none */
	unsigned mtu;			    /* octets */
	unsigned mppe_bits; /* of IP_UP, IPV6_UP: as the kernel has it both ways; 0 (in the clear), 40, 128 */
	enum kb_mppe_end mppe_end; /* of MPPE_REFUSED */
};

/* Starts pppd.  On success `out` owns the three; nothing of the request is kept.  pppd gets SIGTERM when the
 * thread that called this ends.  Without our plugin its options file, with the password, stays open in pppd and
 * the root scripts it runs; our plugin closes it. */
int kb_pppd_start(const struct kb_pppd_request *request, struct kb_pppd *out,
		  struct kb_error *why) KB_MUST_USE;

/* 1 and a report; 0 when there is none now; -EPIPE when pppd has ended; other -errno. */
int kb_pppd_report(const struct kb_pppd *pppd, struct kb_pppd_report *out) KB_MUST_USE;

/* Asks for a graceful end (LCP Terminate-Request): SIGTERM. */
void kb_pppd_stop(const struct kb_pppd *pppd);
void kb_pppd_kill(const struct kb_pppd *pppd);

/* The wait status of an ended pppd, reaped: 1 and `*wstatus`; 0 while it runs; -errno. */
int kb_pppd_wait(const struct kb_pppd *pppd, int *wstatus) KB_MUST_USE;

/* Closes the descriptors (the plugin then ends pppd).  Does not wait. */
void kb_pppd_close(struct kb_pppd *pppd);

/* "authentication failed" ... of pppd's exit status; never NULL. */
const char *kb_pppd_exit_name(int status);

/* "MPPE required but peer refused" ..., never NULL. */
const char *kb_mppe_end_name(enum kb_mppe_end end);

#endif
