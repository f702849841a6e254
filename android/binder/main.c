/* main.c - uptun-binder: the daemon's API as a binder service
 * SPDX-License-Identifier: Apache-2.0
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "android/binder/service.h"
#include "cli/api/client.h"
#include "kernel-bridge/kb_child.h"

static const char help[] =
    "usage: uptun-binder [OPTION...]\n"
    "Hands transactions of binder to the daemon of uptun, in the name of the caller's user, and its events "
    "to watchers.\n"
    "It runs until the service manager or the device is gone.\n"
    "\n"
    "  --device PATH     the binder driver (default /dev/binder)\n"
    "  --socket PATH     the daemon's socket (default " API_SOCKET_PATH
    "); give the daemon our user with --shim-uid\n"
    "  --name NAME       as the service is registered (default uptun)\n"
    "  --android N       release of Android whose layout of parcels is written, from 8 on (default 13)\n"
    "  --help            this text\n"
    "  --version         which version this is\n";

enum { OPTION_DEVICE, OPTION_SOCKET, OPTION_NAME, OPTION_ANDROID, OPTION_HELP, OPTION_VERSION };

static const struct option options[] = { { "device", required_argument, NULL, OPTION_DEVICE },
					 { "socket", required_argument, NULL, OPTION_SOCKET },
					 { "name", required_argument, NULL, OPTION_NAME },
					 { "android", required_argument, NULL, OPTION_ANDROID },
					 { "help", no_argument, NULL, OPTION_HELP },
					 { "version", no_argument, NULL, OPTION_VERSION },
					 { NULL, 0, NULL, 0 } };

static const struct parcel_form *
form_of(const char *text)
{
	enum { RELEASE_MAX = 99 };
	char *end;
	const long release = strtol(text, &end, 10);

	if (*end != '\0' || release < 0 || release > RELEASE_MAX)
		return NULL;
	return parcel_form_find((unsigned)release);
}

/* -1: go on; else the exit status. */
static int
take_option(int option, struct service_config *config)
{
	switch (option) {
	case OPTION_DEVICE:
		config->device = optarg;
		return -1;
	case OPTION_SOCKET:
		config->socket = optarg;
		return -1;
	case OPTION_NAME:
		config->name = optarg;
		return -1;
	case OPTION_ANDROID:
		config->form = form_of(optarg);
		if (config->form != NULL)
			return -1;
		fprintf(stderr, "uptun-binder: --android %s: a release from 8 on, such as 13\n", optarg);
		return EXIT_FAILURE;
	case OPTION_HELP:
		fputs(help, stdout);
		return EXIT_SUCCESS;
	case OPTION_VERSION:
		puts("uptun-binder " UPTUN_VERSION);
		return EXIT_SUCCESS;
	default:
		fputs("uptun-binder: see uptun-binder --help\n", stderr);
		return EXIT_FAILURE;
	}
}

int
main(int argc, char **argv)
{
	struct service_config config = { .device = "/dev/binder",
					 .socket = API_SOCKET_PATH,
					 .name = "uptun",
					 .form = parcel_form_find(13) };
	struct kb_error why = { .err = 0 };
	int option;

	if (!kb_hold_standard_descriptors())
		return EXIT_FAILURE;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		const int status = take_option(option, &config);
		if (status >= 0)
			return status;
	}
	if (optind < argc) {
		fprintf(stderr, "uptun-binder: what is \"%s\"? See uptun-binder --help\n", argv[optind]);
		return EXIT_FAILURE;
	}
	kb_hide_memory(); /* requests have passwords in them */
	(void)signal(SIGPIPE, SIG_IGN);
	service_run(&config, &why);
	fprintf(stderr, "uptun-binder: %s\n", why.text);
	return EXIT_FAILURE;
}
