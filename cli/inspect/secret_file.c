/* secret_file.c - the secret of a tunnel, from a file named on the command line
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/secret_file.h"

#include "cli/host/host_memory.h"
#include "cli/profile.h"
#include "cli/say.h"

static bool
load(struct profile *p, const char *path, struct l2tp_secret *to)
{
	const struct profile_listener listener = { .warn = say_warning };
	struct profile_error why = { .line = 0 };

	if (profile_set_secret_file(&p->l2tp.secret, "secret", ut_slice_str(path), &why) != PROFILE_OK ||
	    profile_load_secrets(p, listener, &why) != PROFILE_OK) {
		say("--secret-file: %s", why.text);
		return false;
	}
	memcpy(to->octets, p->l2tp.secret.octets, p->l2tp.secret.n);
	to->n = (uint8_t)p->l2tp.secret.n;
	return true;
}

bool
secret_file_load(const char *path, struct l2tp_secret *to)
{
	struct profile *const p = host_memory_new(sizeof *p);
	bool is_loaded;

	if (p == NULL) {
		say("no memory");
		return false;
	}
	profile_init_zeroed(p);
	is_loaded = load(p, path, to);
	profile_fini(p);
	host_memory_free(p, sizeof *p);
	return is_loaded;
}
