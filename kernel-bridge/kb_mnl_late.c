/* kb_mnl_late.c - libmnl, loaded when the first netlink socket is opened
 * SPDX-License-Identifier: Apache-2.0
 *
 * A program linked with libmnl starts a tenth of a millisecond later, and the first SCCRQ needs no netlink.  A program
 * that has this file among its own gets libmnl's functions from here, and these pass on to libmnl's.  What is missing in
 * the list below the linker takes from libmnl again: tests/kernel-bridge looks that it does not.
 */
#include <dlfcn.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdlib.h>
#include <string.h>

#define LIBRARY "libmnl.so.0"

/* clang-format off */
#define OPENING(X) \
	X(struct mnl_socket *, mnl_socket_open2, (int bus, int flags), (bus, flags))
#define WITH_RESULT(X) \
	X(int, mnl_socket_bind, (struct mnl_socket *s, unsigned groups, pid_t pid), (s, groups, pid)) \
	X(int, mnl_socket_close, (struct mnl_socket *s), (s)) \
	X(int, mnl_socket_get_fd, (const struct mnl_socket *s), (s)) \
	X(int, mnl_socket_setsockopt, (const struct mnl_socket *s, int o, void *v, socklen_t n), (s, o, v, n)) \
	X(ssize_t, mnl_socket_recvfrom, (const struct mnl_socket *s, void *to, size_t n), (s, to, n)) \
	X(struct nlmsghdr *, mnl_nlmsg_put_header, (void *buffer), (buffer)) \
	X(void *, mnl_nlmsg_put_extra_header, (struct nlmsghdr *m, size_t n), (m, n)) \
	X(bool, mnl_nlmsg_ok, (const struct nlmsghdr *m, int left), (m, left)) \
	X(struct nlmsghdr *, mnl_nlmsg_next, (const struct nlmsghdr *m, int *left), (m, left)) \
	X(void *, mnl_nlmsg_get_payload, (const struct nlmsghdr *m), (m)) \
	X(void *, mnl_nlmsg_get_payload_offset, (const struct nlmsghdr *m, size_t offset), (m, offset)) \
	X(size_t, mnl_nlmsg_get_payload_len, (const struct nlmsghdr *m), (m)) \
	X(bool, mnl_attr_ok, (const struct nlattr *a, int left), (a, left)) \
	X(struct nlattr *, mnl_attr_next, (const struct nlattr *a), (a)) \
	X(uint16_t, mnl_attr_get_type, (const struct nlattr *a), (a)) \
	X(void *, mnl_attr_get_payload, (const struct nlattr *a), (a)) \
	X(uint16_t, mnl_attr_get_payload_len, (const struct nlattr *a), (a)) \
	X(uint16_t, mnl_attr_get_u16, (const struct nlattr *a), (a)) \
	X(uint32_t, mnl_attr_get_u32, (const struct nlattr *a), (a)) \
	X(uint64_t, mnl_attr_get_u64, (const struct nlattr *a), (a))
#define WITHOUT_RESULT(X) \
	X(mnl_attr_put, (struct nlmsghdr *m, uint16_t type, size_t n, const void *v), (m, type, n, v)) \
	X(mnl_attr_put_u8, (struct nlmsghdr *m, uint16_t type, uint8_t v), (m, type, v)) \
	X(mnl_attr_put_u16, (struct nlmsghdr *m, uint16_t type, uint16_t v), (m, type, v)) \
	X(mnl_attr_put_u32, (struct nlmsghdr *m, uint16_t type, uint32_t v), (m, type, v)) \
	X(mnl_attr_put_strz, (struct nlmsghdr *m, uint16_t type, const char *v), (m, type, v))
/* clang-format on */

/* libmnl's functions, in the order of the lists. */
struct functions {
#define MEMBER(type, name, parameters, arguments) type(*name) parameters;
#define VOID_MEMBER(name, parameters, arguments) void(*name) parameters;
	OPENING(MEMBER)
	WITH_RESULT(MEMBER)
	WITHOUT_RESULT(VOID_MEMBER)
};

static const char names[] =
#define NAME(type, name, parameters, arguments) #name "\0"
#define VOID_NAME(name, parameters, arguments) #name "\0"
    OPENING(NAME) WITH_RESULT(NAME) WITHOUT_RESULT(VOID_NAME);

_Static_assert(sizeof(void (*)(void)) == sizeof(void *), "dlsym() gives a function as a void *");

static bool
look_up(void *library, struct functions *to)
{
	char *at = (char *)to;

	for (const char *name = names; *name != '\0'; name += strlen(name) + 1) {
		void *const found = dlsym(library, name);

		if (found == NULL)
			return false;
		memcpy(at, &found, sizeof found);
		at += sizeof found;
	}
	return true;
}

/* NULL: there is no such library, or an older one.  What is loaded stays, and is the same whoever asks: the one thing
 * that this program keeps outside of its objects, for libmnl's functions have no context that could hold it. */
static const struct functions *
load(void)
{
	static struct functions loaded;
	static bool is_loaded;

	if (!is_loaded) {
		void *const library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

		is_loaded = library != NULL && look_up(library, &loaded);
	}
	return is_loaded ? &loaded : NULL;
}

struct mnl_socket *
mnl_socket_open2(int bus, int flags)
{
	const struct functions *const f = load();

	if (f == NULL) {
		errno = ELIBACC;
		return NULL;
	}
	return f->mnl_socket_open2(bus, flags);
}

/* A socket is opened before a message is made: whoever comes here without has none to send it by. */
static const struct functions *
mnl(void)
{
	const struct functions *const f = load();

	if (f == NULL)
		abort();
	return f;
}

/* clang-format off */
#define FUNCTION(type, name, parameters, arguments) type name parameters { return mnl()->name arguments; }
#define VOID_FUNCTION(name, parameters, arguments) void name parameters { mnl()->name arguments; }
WITH_RESULT(FUNCTION)
WITHOUT_RESULT(VOID_FUNCTION)
/* clang-format on */
