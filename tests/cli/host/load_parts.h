/* load_parts.h - the load's parts, for each other
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_CLI_HOST_LOAD_PARTS_H
#define TESTS_CLI_HOST_LOAD_PARTS_H

#include "cli/host/host_slots.h"
#include "tests/cli/host/load.h"
#include "tests/cli/host/sham_pppd.h"

#define LOAD_CLIENT_IP UINT32_C(0xc0000201)
#define LOAD_SERVER_IP UINT32_C(0xcb007101)

enum { LOAD_EFFECTS = 64, LOAD_EFFECT_OCTETS = 16384, LOAD_PORTS = 65536, LOAD_ANSWERS = 64 };

struct load_ppp {
	struct load *load;
	struct sham_pppd pppd;
	bool is_told;
	uint64_t up_us; /* when it comes up */
};

struct load_machine {
	struct host_slots slots; /* of pppds */
	struct load_ppp *ppps;	 /* owned, as the next one */
	uint16_t *ppp_of_fd;	 /* by descriptor */
	unsigned n, n_running, n_fds;
	unsigned kernel;
	int monitor_fd;
};

struct load_server {
	struct ut_engine *engine;
	void *memory;
	struct ut_engine_config config;
	struct ut_io io;
	int fd;
	struct ut_path path;
	struct ut_effects out;
	struct ut_effect effects[LOAD_EFFECTS];
	uint8_t octets[LOAD_EFFECT_OCTETS];
	struct ut_event answers[LOAD_ANSWERS];
	unsigned n_answers;
	uint64_t alarm_us; /* of the appointment under way; 0: none */
	uint64_t datagrams, spent_ns;
	struct ut_ref *tunnels;			       /* owned: by slot, the one that is up there */
	bool is_known[LOAD_PORTS], is_cut[LOAD_PORTS]; /* by the client's port */
};

struct load {
	struct load_spec spec;
	struct ut_world *world;
	struct ut_io io;
	struct host *host;
	struct profile *profile;
	uint64_t random;
	struct load_machine machine;
	struct load_server server;
	bool *is_up; /* by profile */
	struct load_counts counts;
};

/* Below n, by the seed. */
unsigned load_draw(struct load *l, unsigned n);

bool load_machine_init(struct load *l);
void load_machine_fini(struct load *l);
extern const struct host_system_ops load_system_ops;
extern const struct kb_driver load_driver;
void load_driver_use(struct load *l);

bool load_server_open(struct load *l, const union kb_sockaddr *address);
void load_server_close(struct load *l);

#endif
