/* pppd_compat.h - one face for the plugin interfaces of pppd 2.4 and 2.5
 * SPDX-License-Identifier: Apache-2.0
 *
 * The names are 2.5's; for 2.4 they are made here.  What 2.5 exports but no longer declares (pppd has it in a
 * private header) is declared here.  pppd refuses a plugin whose `pppd_version` is not exactly its own, so the
 * plugin is built for one version, the one whose headers are installed.
 */
#ifndef KERNEL_BRIDGE_PPPD_PLUGIN_PPPD_COMPAT_H
#define KERNEL_BRIDGE_PPPD_PLUGIN_PPPD_COMPAT_H

/* pppd.h of 2.4 has a `bool` of its own; <stdbool.h> must not come before it. */
#include <pppd/pppd.h>

#ifdef PPPD_VERSION /* 2.5: from pppdconf.h */

#include <pppd/options.h>

#include <pppd/fsm.h>
#include <pppd/lcp.h>
#include <pppd/ipcp.h>
#include <pppd/ccp.h>
#include <pppd/mppe.h>

typedef struct option pppd_option;

#define PPPD_PLUGIN_VERSION const char pppd_version[] = PPPD_VERSION

void link_terminated(int unit);
void output(int unit, unsigned char *packet, int octets);
int ccp_test(int unit, unsigned char *option, int octets, int for_transmit);
void np_finished(int unit, int protocol);
extern int auth_done[NUM_PPP];

enum { CHAP_MS_WITHPEER = 0x100, CHAP_MS_PEER = 0x200, CHAP_MS2_WITHPEER = 0x400, CHAP_MS2_PEER = 0x800 };

/* A pppd made without MPPE lacks the symbol. */
bool mppe_keys_isset(void) __attribute__((weak));

static inline int
pppd_has_mppe_keys(void)
{
	return mppe_keys_isset != NULL && mppe_keys_isset();
}

static inline void
pppd_name_device(const char *name)
{
	ppp_set_pppdevnam(name);
	ppp_set_devnam(name);
}

#else /* 2.4 */

#include <pppd/patchlevel.h>

#include <pppd/fsm.h>
#include <pppd/lcp.h>
#include <pppd/ipcp.h>
#include <pppd/ccp.h>
#include <pppd/mppe.h>

typedef option_t pppd_option;

#define PPPD_PLUGIN_VERSION char pppd_version[] = VERSION

extern int mppe_keys_set __attribute__((weak));

/* A pppd made without MPPE lacks the symbol. */
static inline int
pppd_has_mppe_keys(void)
{
	return &mppe_keys_set != NULL && mppe_keys_set != 0;
}

typedef void(ppp_notify_fn)(void *context, int argument);
typedef struct notifier **ppp_notify_t;

#define NF_PHASE_CHANGE (&phasechange)
#define NF_EXIT (&exitnotify)
#define NF_IP_UP (&ip_up_notifier)
#define NF_IP_DOWN (&ip_down_notifier)
#define NF_IPV6_UP (&ipv6_up_notifier)

static inline void
ppp_add_notify(ppp_notify_t list, ppp_notify_fn *call, void *context)
{
	add_notifier(list, call, context);
}

static inline void
ppp_add_options(pppd_option *options)
{
	add_options(options);
}

static inline void
ppp_timeout(void (*call)(void *), void *argument, int seconds, int microseconds)
{
	timeout(call, argument, seconds, microseconds);
}

static inline int
ppp_generic_establish(int fd)
{
	return generic_establish_ppp(fd);
}

static inline void
ppp_generic_disestablish(int fd)
{
	generic_disestablish_ppp(fd);
}

static inline int
ppp_status(void)
{
	return status;
}

static inline void
ppp_set_status(int code)
{
	status = code;
}

static inline int
ppp_ifunit(void)
{
	return ifunit;
}

static inline const char *
ppp_ifname(void)
{
	return ifname;
}

static inline int
ppp_get_mtu(int unit)
{
	return netif_get_mtu(unit);
}

static inline void
ppp_set_modem(int on)
{
	modem = (bool)on;
}

static inline void
ppp_script_unsetenv(char *name)
{
	script_unsetenv(name);
}

static inline void
pppd_name_device(const char *name)
{
	slprintf(ppp_devnam, sizeof ppp_devnam, (char *)"%s", name);
	slprintf(devnam, sizeof devnam, (char *)"%s", name);
}

#endif

#endif
