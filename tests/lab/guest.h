/* guest.h - what process 1 does in every guest of the lab, whatever kernel it is
 * SPDX-License-Identifier: Apache-2.0
 *
 * Nothing here returns an error: what must be done and cannot ends the guest, with its reason on the console.
 */
#ifndef TESTS_LAB_GUEST_H
#define TESTS_LAB_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Ends the guest; each kind of guest has its own. */
void guest_end(void) __attribute__((noreturn));

void guest_must(bool done, const char *what);
void guest_must_mount(const char *type, const char *where, const char *options);
void guest_must_load(const char *path); /* a kernel module */
void guest_make_folders(const char *path);
void guest_bind(const char *from, const char *to);

/* A root of memory over the folder `below`, entered; whatever is written lies in /mnt then. */
void guest_enter_overlay(const char *below);

/* /proc, /dev, /lib/modules from `modules`, /etc/ppp, /run. */
void guest_fill_root(const char *modules);

/* The network namespaces of the lab's hosts; the caller is in the client's afterwards. */
void guest_make_hosts(void);

/* Runs the script `inside` of the folder `out` with these as standard output and error, and leaves the exit
 * status there, as a shell would say it. */
void guest_run(const char *out, int output, int errors);

#endif
