/* kb_pppd_record.h - what uptun and its pppd plugin have agreed upon
 * SPDX-License-Identifier: Apache-2.0
 *
 * One record is one datagram of the socketpair.  Both ends are the same build on the same machine: host
 * order, native layout, no gaps.  Included by the plugin too, so: fixed-width types and libc only.
 */
#ifndef KERNEL_BRIDGE_KB_PPPD_RECORD_H
#define KERNEL_BRIDGE_KB_PPPD_RECORD_H

#include <stdint.h>

/* The descriptors as pppd has them, besides 0, 1 and 2. */
enum kb_pppd_child_fd {
	KB_PPPD_OPTIONS_FD = 3, /* the options file; the plugin closes it */
	KB_PPPD_SESSION_FD = 4, /* the connected PPPoX socket */
	KB_PPPD_REPORT_FD = 5	/* its end of the socketpair */
};

/* The plugin's options. */
#define KB_PPPD_OPTION_SESSION "uptun-session" /* N: descriptor of the PPPoX socket */
#define KB_PPPD_OPTION_REPORT "uptun-report"   /* N: descriptor of the socketpair */
#define KB_PPPD_OPTION_MPPE "uptun-mppe"       /* N: one of enum kb_pppd_record_mppe */

#define KB_PPPD_RECORD_MAGIC UINT32_C(0x75707032) /* "upp2"; the digit is the layout's version */

/* Those of enum kb_mppe, in its order. */
enum kb_pppd_record_mppe {
	KB_PPPD_RECORD_MPPE_UNSAID,
	KB_PPPD_RECORD_MPPE_OFF,
	KB_PPPD_RECORD_MPPE_ALLOW,
	KB_PPPD_RECORD_MPPE_REQUIRE
};

/* Those of enum kb_mppe_end, in its order. */
enum kb_pppd_record_mppe_end {
	KB_PPPD_RECORD_MPPE_PEER_REFUSED,
	KB_PPPD_RECORD_MPPE_PEER_REQUIRES,
	KB_PPPD_RECORD_MPPE_NO_KEYS,
	KB_PPPD_RECORD_MPPE_NO_KERNEL,
	KB_PPPD_RECORD_MPPE_NOT_ON,
	KB_PPPD_RECORD_MPPE_LOST,
	KB_PPPD_RECORD_MPPE_END_N
};

/* Kinds are those of enum kb_pppd_report_kind, in its order. */
enum kb_pppd_record_kind {
	KB_PPPD_RECORD_PHASE,
	KB_PPPD_RECORD_IP_UP,
	KB_PPPD_RECORD_IPV6_UP,
	KB_PPPD_RECORD_IP_DOWN,
	KB_PPPD_RECORD_AUTH_FAILED,
	KB_PPPD_RECORD_MPPE_REFUSED,
	KB_PPPD_RECORD_N
};

struct kb_pppd_record {
	uint32_t magic;
	uint32_t kind;
	char phase[24];		      /* NUL-terminated */
	char ifname[16];	      /* NUL-terminated */
	uint32_t local, peer, dns[2]; /* IPv4, network order */
	uint32_t mtu;		      /* octets */
	uint32_t mppe_bits;	      /* of IP_UP and IPV6_UP; 0: not encrypted */
	uint32_t mppe_end;	      /* of MPPE_REFUSED: enum kb_pppd_record_mppe_end */
};

#endif
