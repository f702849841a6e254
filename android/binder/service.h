/* service.h - the daemon as a binder service: IUptun (android/aidl) in front of its socket
 * SPDX-License-Identifier: Apache-2.0
 *
 * Octets go through as they are, except that each request gets the caller's user as the kernel attests it; the daemon
 * judges both us and the caller.  One connection serves all calls, one more each watcher.
 */
#ifndef ANDROID_BINDER_SERVICE_H
#define ANDROID_BINDER_SERVICE_H

#include "android/binder/driver.h"

struct service_config {
	const char *device, *socket; /* paths */
	const char *name;	     /* as it is registered */
	const struct parcel_form *form;
};

/* Registers and serves until the device or the service manager is gone: `why` says
 * which. */
void service_run(const struct service_config *config, struct kb_error *why);

#endif
