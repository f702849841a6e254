/* mtpd_state.h - the file that tells Android's framework how a VPN is set up
 * SPDX-License-Identifier: Apache-2.0
 *
 * Seven fields, parted by newlines, as Android's ip-up-vpn writes them for pppd: the interface; our address with the
 * length 32; the route 0.0.0.0/0; the DNS servers, parted by one space; search domains, which PPP does not tell; the
 * server's address, which ip-up-vpn leaves empty for PPP; and what follows the last newline, which is nothing.
 */
#ifndef CLI_MTPD_STATE_H
#define CLI_MTPD_STATE_H

#include "cli/host/host.h"

enum { MTPD_STATE_OCTETS = 256, MTPD_STATE_FIELDS = 7 };

/* The file's text for a HOST_PPP_UP that has an IPv4 address, ended with NUL; its length, or 0: there is none for this
 * report. */
size_t mtpd_state_format(const struct host_report *report, char out[MTPD_STATE_OCTETS]);

/* Puts `text` at `path`, whole or not at all: a new file beside it (PATH.tmp, readable by all who may read the folder)
 * takes its place.  0 or -errno. */
int mtpd_state_write(const char *path, const char *text, size_t octets) UT_MUST_USE;

/* Takes it away again; that it is not there any more is no error.  0 or -errno. */
int mtpd_state_remove(const char *path);

#endif
