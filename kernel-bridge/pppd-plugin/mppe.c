/* mppe.c - Microsoft's encryption: allowed, required, and looked at in the kernel (RFC 3078)
 * SPDX-License-Identifier: Apache-2.0
 *
 * pppd requires MPPE or refuses it.  Three things are added here, by stepping between pppd and its CCP:
 *
 * Allowed: the peer's first Configure-Request with MPPE, while CCP waits in silence, makes pppd want it too, as if it had
 * been asked for from the start.  pppd's network protocols have begun by then, and it begins them once more when CCP is
 * up; the second count of them is taken back, and the requests that the peer threw away meanwhile go out again.
 *
 * Required: whether it is on is asked of the kernel, not of the options; and a peer that never answers CCP, which pppd
 * would wait for without end, ends the link.
 *
 * Ended: why a link ends for want of encryption is told, which pppd's exit status does not.
 */
#include "kernel-bridge/pppd-plugin/pppd_compat.h"

#include "kernel-bridge/pppd-plugin/mppe.h"

#include <fcntl.h>
#include <linux/ppp-ioctl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
	CONFIGURE_REQUEST = 1,
	TERMINATE_REQUEST = 5,
	CODE_HEADER_OCTETS = 4, /* code, identifier, length: of a packet of LCP and CCP */
	OPTION_MPPE = 18,
	OPTION_MPPE_OCTETS = 6,
	KEY_OCTETS = 16,
	PROTOCOL_ECP = 0x8053,
	REQUESTS_MAX = 2 * DEFMAXCONFREQS,
	PATIENCE_S = 3 /* with a negotiation, before an interface is told of as not encrypted */
};

int mppe_mode = KB_PPPD_RECORD_MPPE_UNSAID;

/* pppd has one link a process, so has the plugin. */
static struct mppe_listener hear;
static int is_required;	   /* by mode, or by pppd's own options */
static int is_adopted;	   /* wanted because the peer asked */
static int is_on;	   /* as CCP has it */
static int is_ended;	   /* told */
static int is_lower_going; /* CCP goes down because LCP does */
static int is_waited_for;  /* an interface is up, and not told of */
static int is_patience_over;
static int told_bits;
static struct fsm_callbacks callbacks;
static const struct fsm_callbacks *pppd_callbacks;
static struct protent pppd_ccp;
static void (*next_receive_hook)(unsigned char *packet, int octets);

/* ---- what the kernel does ---- */

/* The interface's ppp unit, attached to once more: the descriptor pppd has of it is its own. */
static int
open_unit(void)
{
	int unit = ppp_ifunit();
	const int fd = open("/dev/ppp", O_RDWR | O_CLOEXEC);

	if (fd < 0 || ioctl(fd, PPPIOCATTACH, &unit) == 0)
		return fd;
	close(fd);
	return -1;
}

static int
unit_flags(void)
{
	const int fd = open_unit();
	int flags = 0;

	if (fd < 0)
		return 0;
	if (ioctl(fd, PPPIOCGFLAGS, &flags) < 0)
		flags = 0;
	close(fd);
	return flags;
}

static void
let_nothing_out(void)
{
	static const int protocols_of_ip[] = { PPP_IP, PPP_IPV6 };
	const int fd = open_unit();

	if (fd < 0)
		return;
	for (size_t i = 0; i < sizeof protocols_of_ip / sizeof protocols_of_ip[0]; i++) {
		struct npioctl np = { .protocol = protocols_of_ip[i], .mode = NPMODE_DROP };

		(void)ioctl(fd, PPPIOCSNPMODE, &np);
	}
	close(fd);
}

static int
bits_of(int options)
{
	if (options & MPPE_OPT_128)
		return 128;
	return options & MPPE_OPT_40 ? 40 : 0;
}

int
mppe_bits(void)
{
	const int both = SC_COMP_RUN | SC_DECOMP_RUN;
	const int receive = bits_of(ccp_gotoptions[0].mppe), send = bits_of(ccp_hisoptions[0].mppe);

	if (ccp_fsm[0].state != OPENED || receive == 0 || send == 0 || (unit_flags() & both) != both)
		return 0;
	return receive < send ? receive : send;
}

/* ---- what it takes ---- */

/* Keys come from exactly one MS-CHAP. */
static int
has_keys(void)
{
	const int ms = auth_done[0] & (CHAP_MS_WITHPEER | CHAP_MS_PEER | CHAP_MS2_WITHPEER | CHAP_MS2_PEER);

	return ms != 0 && (ms & (ms - 1)) == 0 && pppd_has_mppe_keys();
}

static int
has_kernel(void)
{
	unsigned char option[OPTION_MPPE_OCTETS + KEY_OCTETS] = { OPTION_MPPE, OPTION_MPPE_OCTETS,
								  MPPE_H_BIT,  0,
								  0,	       MPPE_S_BIT };

	return ccp_test(0, option, sizeof option, 0) > 0;
}

/* ---- the end ---- */

static int
is_lcp_open(void)
{
	return lcp_fsm[0].state == OPENED;
}

static void
tell_end(enum kb_pppd_record_mppe_end end)
{
	if (is_ended)
		return;
	is_ended = 1;
	hear.ended(end);
}

/* What of ours was in the way, else it was the peer. */
static enum kb_pppd_record_mppe_end
obstacle(void)
{
	if (!has_keys())
		return KB_PPPD_RECORD_MPPE_NO_KEYS;
	return has_kernel() ? KB_PPPD_RECORD_MPPE_PEER_REFUSED : KB_PPPD_RECORD_MPPE_NO_KERNEL;
}

static void
end_link(enum kb_pppd_record_mppe_end end, char *reason)
{
	tell_end(end);
	lcp_close(0, reason);
}

/* ---- may it pass? ---- */

static int
is_negotiating(void)
{
	const int state = ccp_fsm[0].state;

	return ccp_wantoptions[0].mppe != 0 && (state == REQSENT || state == ACKRCVD || state == ACKSENT);
}

static void
settle(void)
{
	const int was_waited_for = is_waited_for;

	is_waited_for = 0;
	if (was_waited_for || mppe_bits() != told_bits)
		hear.settled();
}

static void
on_patience_over(void *unused)
{
	(void)unused;
	is_patience_over = 1;
	if (is_waited_for)
		settle();
}

int
mppe_may_pass(void)
{
	if (is_negotiating() && !is_patience_over) {
		if (!is_waited_for)
			ppp_timeout(on_patience_over, NULL, PATIENCE_S, 0);
		is_waited_for = 1;
		return 0;
	}
	const int bits = mppe_bits();
	if (is_required && bits == 0) {
		end_link(KB_PPPD_RECORD_MPPE_NOT_ON, "MPPE required but not on");
		return 0;
	}
	told_bits = bits;
	return 1;
}

/* ---- allowed ---- */

/* The strengths and the mode that a Configure-Request of CCP asks for, as MPPE_OPT_*; 0: no MPPE in it. */
static int
asked_for(unsigned char *packet, int octets)
{
	int end = octets < CODE_HEADER_OCTETS ? 0 : packet[2] << 8 | packet[3];
	int asked = 0;

	if (end > octets)
		end = octets;
	for (int at = CODE_HEADER_OCTETS; at + 1 < end; at += packet[at + 1]) {
		if (packet[at + 1] < 2 || at + packet[at + 1] > end)
			return 0;
		if (packet[at] == OPTION_MPPE && packet[at + 1] == OPTION_MPPE_OCTETS)
			MPPE_CI_TO_OPTS(&packet[at + 2], asked);
	}
	return asked;
}

/* The strongest that the peer asks for and the keys are good for: 40 bits want a key that MS-CHAP of version 1 lacks. */
static int
strength_of(int asked)
{
	if (asked & MPPE_OPT_STATEFUL)
		return 0;
	if (asked & MPPE_OPT_128)
		return MPPE_OPT_128;
	return auth_done[0] & (CHAP_MS2_WITHPEER | CHAP_MS2_PEER) ? asked & MPPE_OPT_40 : 0;
}

static void
adopt(unsigned char *packet, int octets)
{
	if (mppe_mode != KB_PPPD_RECORD_MPPE_ALLOW || ccp_wantoptions[0].mppe != 0 ||
	    ccp_fsm[0].state != STOPPED || octets < 1 || packet[0] != CONFIGURE_REQUEST)
		return;
	const int strength = strength_of(asked_for(packet, octets));
	if (strength == 0 || !has_keys() || !has_kernel())
		return;
	ccp_wantoptions[0].mppe = (unsigned char)strength;
	is_adopted = 1;
}

/* As pppd's continue_networks() counts them. */
static int
is_network_protocol(const struct protent *p)
{
	return p->protocol < 0xc000 && p->protocol != PPP_CCP && p->protocol != PROTOCOL_ECP &&
	       p->enabled_flag && p->open != NULL;
}

static void
count_once(void)
{
	for (struct protent *const *p = protocols; *p != NULL; p++) {
		if (is_network_protocol(*p))
			np_finished(0, (*p)->protocol);
	}
}

static void
ask_again(const struct fsm *f, const struct protent *p)
{
	if (f->state != REQSENT)
		return;
	p->lowerdown(0);
	p->lowerup(0);
}

/* ---- between pppd and its CCP ---- */

static void
on_up(struct fsm *f)
{
	pppd_callbacks->up(f);
	is_on = ccp_gotoptions[0].mppe != 0;
	if (is_adopted && is_on) {
		count_once();
		ask_again(&ipcp_fsm[0], &ipcp_protent);
	}
	settle();
}

/* For a loss pppd ends the link.  Until it has, nothing goes out in the clear.  When it is LCP that goes, pppd would end
 * it once more, and the peer would read "MPPE disabled" where the user asked for the end. */
static void
on_down(struct fsm *f)
{
	const int is_loss = is_on && !is_lower_going;

	is_on = 0;
	if (is_loss) {
		let_nothing_out();
		tell_end(KB_PPPD_RECORD_MPPE_LOST);
	}
	if (is_lower_going)
		ccp_gotoptions[0].mppe = 0;
	pppd_callbacks->down(f);
}

/* CCP has asked for the last time. */
static void
on_finished(struct fsm *f)
{
	if (pppd_callbacks->finished != NULL)
		pppd_callbacks->finished(f);
	if (is_lower_going || is_on || !is_lcp_open())
		return;
	if (is_required)
		end_link(KB_PPPD_RECORD_MPPE_PEER_REFUSED, "MPPE required but peer did not answer");
	else
		settle();
}

/* Whatever of CCP closes LCP does so for want of MPPE. */
static void
look_at_lcp(int was_open)
{
	if (was_open && !is_lcp_open() && !is_ended)
		tell_end(obstacle());
}

static void
ccp_open(int unit)
{
	const int was_open = is_lcp_open();

	pppd_ccp.open(unit);
	look_at_lcp(was_open);
}

static void
ccp_input(int unit, unsigned char *packet, int octets)
{
	const int was_open = is_lcp_open();

	adopt(packet, octets);
	pppd_ccp.input(unit, packet, octets);
	look_at_lcp(was_open);
}

static void
ccp_protrej(int unit)
{
	const int was_open = is_lcp_open();

	pppd_ccp.protrej(unit);
	look_at_lcp(was_open);
}

static void
ccp_lowerdown(int unit)
{
	is_lower_going = 1;
	pppd_ccp.lowerdown(unit);
	is_lower_going = 0;
}

/* ---- the peer's last word ---- */

/* "LCP terminated by peer (MPPE required but peer refused)": what a server of pppd's says. */
static void
on_receive(unsigned char *packet, int octets)
{
	enum { PROTOCOL_AT = 2, CODE_AT = 4, TEXT_AT = 8 };
	static const char words[] = "MPPE required";

	if (next_receive_hook != NULL)
		next_receive_hook(packet, octets);
	if (octets <= TEXT_AT || (packet[PROTOCOL_AT] << 8 | packet[PROTOCOL_AT + 1]) != PPP_LCP ||
	    packet[CODE_AT] != TERMINATE_REQUEST || !is_lcp_open())
		return;
	if (memmem(packet + TEXT_AT, (size_t)(octets - TEXT_AT), words, sizeof words - 1) != NULL)
		tell_end(is_required ? KB_PPPD_RECORD_MPPE_PEER_REFUSED : KB_PPPD_RECORD_MPPE_PEER_REQUIRES);
}

/* ---- in place ---- */

void
mppe_check_options(void)
{
	is_required = mppe_mode == KB_PPPD_RECORD_MPPE_REQUIRE || ccp_wantoptions[0].mppe != 0;
}

void
mppe_init(const struct mppe_listener *listener)
{
	hear = *listener;
	pppd_callbacks = ccp_fsm[0].callbacks;
	callbacks = *pppd_callbacks;
	callbacks.up = on_up;
	callbacks.down = on_down;
	callbacks.finished = on_finished;
	ccp_fsm[0].callbacks = &callbacks;
	ccp_fsm[0].timeouttime = DEFTIMEOUT / 3; /* lost ones cost less, and peers wait 30 s */
	ccp_fsm[0].maxconfreqtransmits = REQUESTS_MAX;
	pppd_ccp = ccp_protent;
	ccp_protent.open = ccp_open;
	ccp_protent.input = ccp_input;
	ccp_protent.protrej = ccp_protrej;
	ccp_protent.lowerdown = ccp_lowerdown;
	next_receive_hook = snoop_recv_hook;
	snoop_recv_hook = on_receive;
}
