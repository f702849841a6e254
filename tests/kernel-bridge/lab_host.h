/* lab_host.h - what the lab's programs share: hosts, pppds, and what is left of them
 * SPDX-License-Identifier: Apache-2.0
 *
 * Whatever goes wrong in these fails the cmocka test that runs.
 */
#ifndef TESTS_KERNEL_BRIDGE_LAB_HOST_H
#define TESTS_KERNEL_BRIDGE_LAB_HOST_H

#include "kernel-bridge/kb_pppd.h"

/* A start takes 0.3 s where nothing else runs, and more than 5 s beside ten busy processes. */
enum { SECOND_MS = 1000, UP_LIMIT_MS = 10 * SECOND_MS, GONE_LIMIT_MS = 3 * SECOND_MS };

long now_ms(void);
void nap_ms(long ms);
void must(int r, const struct kb_error *why);

/* From here on this process is on that host. */
void enter(const char *host);

/* At most size - 1 octets, and a NUL; how many; 0 when there is no such file. */
size_t read_file(const char *path, char *out, size_t size);
void write_file(const char *path, const char *text);

/* On all hosts; ppp interfaces on ours. */
int count_pppds(void);
bool no_pppds(void);
bool no_ppp_links(void);

/* ms until it held; fails the test when it did not in time. */
long until(bool (*holds)(void), long limit_ms, const char *what);

/* By ping, from our host.  Asks again for 5 s: IP is up on one end before it is on the other, and what goes there in
 * between is lost. */
bool reaches(const char *address);

/* A pppd on this session; with LAB_LOUD in the environment its words go to standard error. */
struct kb_pppd_request pppd_request(int session_fd, const char *plugin_path, const char *const *options);
/* On that host. */
void pppd_start(const char *host, const struct kb_pppd_request *request, struct kb_pppd *out);

/* Waits for a report of this kind. */
bool pppd_hears(const struct kb_pppd *pppd, enum kb_pppd_report_kind kind, long limit_ms,
		struct kb_pppd_report *out);

/* Waits for its end, and closes what we had of it: its exit status, or the negative signal. */
int pppd_ended(struct kb_pppd *pppd, long limit_ms);

/* Asks the first one to end, which it does with status 5, and the other with it. */
void pppds_stop(struct kb_pppd *first, struct kb_pppd *other);

/* For cmocka.  The first writes what Debian installs, options of a serial line among them; after the second a case that
 * failed leaves nothing to the next one. */
int write_system_options(void **state);
int clean_up(void **state);

#endif
