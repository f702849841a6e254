/* sandbox.c - what is left to the daemon proper: a user of its own, two capabilities, some system calls
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/launcher/sandbox.h"

#include <errno.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "cli/launcher/sandbox_calls.h"
#include "kernel-bridge/kb_become.h"

#define USUAL_USER "uptun"

/* gcc's way to say it, and clang's. */
#if defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN true
#elif defined(__has_feature)
#define HAS_ASAN __has_feature(address_sanitizer)
#else
#define HAS_ASAN false
#endif

static bool
read_number(const char *text, uid_t *out)
{
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	const unsigned long number = strtoul(text, &end, 10);
	if (errno != 0 || *end != '\0' || number >= (uid_t)-1)
		return false;
	*out = (uid_t)number;
	return true;
}

int
sandbox_user(const struct sandbox_config *config, uid_t *uid, gid_t *gid, struct kb_error *why)
{
	const char *name = config->user != NULL ? config->user : USUAL_USER;
	uid_t number;
	const bool is_number = read_number(name, &number);
	const struct passwd *entry = is_number ? getpwuid(number) : getpwnam(name);

	if (entry == NULL && !is_number)
		return kb_fail(
		    why, ENOENT,
		    "there is no user \"%.40s\" to run as: make it (systemd-sysusers does), or name another "
		    "with --user",
		    name);
	*uid = entry != NULL ? entry->pw_uid : number;
	*gid = entry != NULL ? entry->pw_gid : (gid_t)number;
	return 0;
}

static int
filter(const struct sandbox_config *config, struct sandbox_state *out, struct kb_error *why)
{
	out->seccomp = config->seccomp;
	if (config->seccomp == SANDBOX_OFF)
		return 0;
	const int r = sandbox_load_calls(config->seccomp, why);
	if (r != -ENOSYS)
		return r;
	out->seccomp = SANDBOX_OFF;
	out->lacks_seccomp = true;
	return 0;
}

int
sandbox_enter(const struct sandbox_config *config, struct sandbox_state *out, struct kb_error *why)
{
	struct sandbox_state state = { .seccomp = SANDBOX_OFF };
	struct kb_become whom = { .capabilities = UINT64_C(1) << CAP_NET_ADMIN };
	int r = sandbox_user(config, &whom.uid, &whom.gid, why);

	if (config->low_ports)
		whom.capabilities |= UINT64_C(1) << CAP_NET_BIND_SERVICE;
	if (r == 0)
		r = kb_become(&whom, why);
	if (r == 0)
		r = filter(config, &state, why);
	if (r < 0)
		return r;
	state.uid = whom.uid;
	state.gid = whom.gid;
	*out = state;
	return 0;
}

enum sandbox_seccomp
sandbox_usual_seccomp(void)
{
	return HAS_ASAN ? SANDBOX_LOG : SANDBOX_KILL;
}

const char *
sandbox_seccomp_name(const struct sandbox_state *state)
{
	static const char *const names[SANDBOX_SECCOMP_N] = { "killed", "logged", "off" };

	return state->lacks_seccomp ? "off: this kernel has no seccomp filters" : names[state->seccomp];
}
