/* fuzz_launcher.c - what a hostile daemon may say to the launcher, which is root
 * SPDX-License-Identifier: Apache-2.0
 *
 * Oracles: what was read is within its limits; written again it is the same octets; words that pass the list contain none
 * that runs a program or names a file; and the options made of them are of the lines pppd was meant to get.
 */
#include "cli/launcher/allow.h"
#include "cli/launcher/record.h"
#include "kernel-bridge/kb_pppd_options.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n);

static void
check_words(const struct launcher_request *r)
{
	static const char *const evil[] = { "plugin", "connect", "pty",	    "init",
					    "file",   "call",	 "ipparam", "logfile" };
	size_t bad = 0, count = 0;
	struct kb_error why;

	while (r->words[count] != NULL)
		count++;
	assert(count <= LAUNCHER_WORDS_MAX);
	if (launcher_check_options(r->words, NULL, &bad, &why) < 0) {
		assert(bad < count && why.text[0] != '\0');
		return;
	}
	for (size_t i = 0; i < count; i++) {
		assert(strpbrk(r->words[i], "/\n \"\\") == NULL);
		for (size_t e = 0; e < sizeof evil / sizeof evil[0]; e++)
			assert(strcmp(r->words[i], evil[e]) != 0);
	}
}

/* One line end for each of ours: nobody's text adds another. */
static void
check_options(const struct launcher_request *r)
{
	char file[KB_PPPD_OPTIONS_MAX];
	struct kb_pppd_text text = { .base = file, .cap = sizeof file };
	const struct kb_pppd_request request = {
		.plugin_path = "/p",
		.user = r->user[0] != '\0' ? r->user : NULL,
		.password = r->password.n > 0 ? r->password.p : NULL,
		.password_octets = r->password.n,
		.ifname = r->ifname[0] != '\0' ? r->ifname : NULL,
		.mppe = r->mppe,
	};
	size_t lines = 0;
	struct kb_error why;

	if (kb_pppd_put_options(&text, &request, &why) < 0)
		return;
	for (size_t i = 0; i < text.len; i++)
		lines += file[i] == '\n' ? 1 : 0;
	assert(lines <= 14);
	assert(strchr(r->ifname, '/') == NULL && r->ifname[0] != '.');
}

static void
check_request(const struct launcher_request *r, const uint8_t *octets, size_t n)
{
	uint8_t again[LAUNCHER_RECORD_MAX];

	assert(r->kind < LAUNCHER_KIND_N);
	assert(launcher_request_write(r, again, sizeof again) == n && memcmp(again, octets, n) == 0);
	if (r->kind == LAUNCHER_START) {
		assert(r->password.n <= LAUNCHER_PASSWORD_MAX && r->mppe < KB_MPPE_N);
		check_words(r);
		check_options(r);
	} else if (r->kind < LAUNCHER_KEEP) {
		assert(r->pid > 1);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	struct launcher_request request;
	struct launcher_reply reply;
	struct kb_error why;

	if (n > LAUNCHER_RECORD_MAX)
		return 0;
	if (launcher_request_read(octets, n, &request, &why) == 0)
		check_request(&request, octets, n);
	else
		assert(why.err != 0 && why.text[0] != '\0');
	if (launcher_reply_read(octets, n, &reply) == 0)
		assert(memchr(reply.text, '\0', sizeof reply.text) != NULL);
	return 0;
}
