/* record.c - what the daemon and its launcher say to each other, one record a datagram
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/launcher/record.h"

#include "codec/put.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

#define REPLY_KIND UINT32_C(0x80000000) /* above every request */

enum { FLAG_STOCK_PLUGIN = 1, FLAG_PEER_DNS = 2, FLAGS = 3 };
enum { ROUTE_GATEWAY = 1, ROUTE_SOURCE = 2, ROUTE_FLAGS = 3, ADDRESS_OCTETS = 16 };
enum { PACKET_OCTETS_MAX = 65535 };

/* ---- reading: a cursor that stops at the first fault ---- */

struct cursor {
	const uint8_t *base;
	size_t at, n;
	const char *fault; /* NULL: none so far */
};

static void
fault(struct cursor *c, const char *what)
{
	if (c->fault == NULL)
		c->fault = what;
}

static const uint8_t *
take(struct cursor *c, size_t n)
{
	if (c->fault == NULL && c->n - c->at < n)
		fault(c, "it ends too early");
	if (c->fault != NULL)
		return NULL;
	c->at += n;
	return c->base + c->at - n;
}

static uint32_t
take_u32(struct cursor *c)
{
	const uint8_t *p = take(c, 4);

	return p != NULL ? ut_get_u32(p) : 0;
}

static uint32_t
take_up_to(struct cursor *c, uint32_t most, const char *what)
{
	const uint32_t v = take_u32(c);

	if (v <= most)
		return v;
	fault(c, what);
	return 0;
}

static struct ut_slice
take_slice(struct cursor *c, uint32_t most, const char *what)
{
	const uint32_t n = take_up_to(c, most, what);
	const uint8_t *p = take(c, n);

	return p != NULL ? ut_slice(p, n) : ut_slice("", 0);
}

/* A text of at most room - 1 octets, none of them NUL. */
static void
take_text(struct cursor *c, char *out, size_t room, const char *what)
{
	const struct ut_slice s = take_slice(c, (uint32_t)room - 1, what);

	if (memchr(s.p, '\0', s.n) != NULL) {
		fault(c, what);
		return;
	}
	memcpy(out, s.p, s.n);
	out[s.n] = '\0';
}

static int
finish(const struct cursor *c, struct kb_error *why)
{
	if (c->fault != NULL)
		return kb_fail(why, EBADMSG, "bad record at octet %zu: %s", c->at, c->fault);
	if (c->at != c->n)
		return kb_fail(why, EBADMSG, "bad record at octet %zu: nothing belongs there", c->at);
	return 0;
}

/* ---- START ---- */

/* An interface is a file in /proc and /run: a letter, and then letters, digits, and what joins them. */
static bool
is_ifname(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const char inner[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

	if (name[0] == '\0')
		return true;
	return strchr(letters, name[0]) != NULL && name[strspn(name, inner)] == '\0';
}

static bool
has_control_characters(struct ut_slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < 0x20 || s.p[i] == 0x7f)
			return true;
	}
	return false;
}

static void
take_words(struct cursor *c, const char *words[LAUNCHER_WORDS_MAX + 1])
{
	const struct ut_slice s = take_slice(c, LAUNCHER_OPTIONS_OCTETS, "too many octets of options");
	const char *p = (const char *)s.p, *end = p + s.n;
	size_t n = 0;

	if (s.n != 0 && end[-1] != '\0')
		fault(c, "the last option does not end");
	while (c->fault == NULL && p < end) {
		if (n == LAUNCHER_WORDS_MAX) {
			fault(c, "too many options");
			return;
		}
		words[n++] = p;
		p += strlen(p) + 1;
	}
}

static void
take_start(struct cursor *c, struct launcher_request *r)
{
	const uint32_t flags = take_up_to(c, FLAGS, "unknown flags");

	r->stock_plugin = (flags & FLAG_STOCK_PLUGIN) != 0;
	r->use_peer_dns = (flags & FLAG_PEER_DNS) != 0;
	r->mtu = take_up_to(c, PACKET_OCTETS_MAX, "the MTU is too large");
	r->mru = take_up_to(c, PACKET_OCTETS_MAX, "the MRU is too large");
	r->mppe = (enum kb_mppe)take_up_to(c, KB_MPPE_N - 1, "no such wish for MPPE");
	take_text(c, r->ifname, sizeof r->ifname, "no name of an interface");
	if (!is_ifname(r->ifname))
		fault(c, "no name of an interface");
	take_text(c, r->user, sizeof r->user, "no name of a user");
	if (has_control_characters(ut_slice_str(r->user)))
		fault(c, "control characters in the user's name");
	r->password = take_slice(c, LAUNCHER_PASSWORD_MAX, "the password is too long");
	take_words(c, r->words);
}

/* ---- the others ---- */

static void
take_pid(struct cursor *c, pid_t *out)
{
	const uint32_t pid = take_up_to(c, INT_MAX, "no number of a process");

	if (pid <= 1)
		fault(c, "no number of a process");
	*out = (pid_t)pid;
}

static void
take_address(struct cursor *c, uint8_t out[ADDRESS_OCTETS])
{
	const uint8_t *p = take(c, ADDRESS_OCTETS);

	if (p != NULL)
		memcpy(out, p, ADDRESS_OCTETS);
}

static void
take_route(struct cursor *c, struct kb_route *r)
{
	const uint32_t flags = take_up_to(c, ROUTE_FLAGS, "unknown flags of a route");
	const uint32_t family = take_up_to(c, AF_INET6, "no family of addresses");

	if (family != AF_INET && family != AF_INET6)
		fault(c, "no family of addresses");
	r->to.family = (sa_family_t)family;
	r->to.length = (uint8_t)take_up_to(c, family == AF_INET ? 32 : 128, "too long a prefix");
	take_address(c, r->to.address);
	r->has_gateway = (flags & ROUTE_GATEWAY) != 0;
	take_address(c, r->gateway);
	r->ifindex = take_u32(c);
	r->table = take_u32(c);
	r->metric = take_u32(c);
	r->has_source = (flags & ROUTE_SOURCE) != 0;
	take_address(c, r->source);
}

static void
take_body(struct cursor *c, struct launcher_request *r)
{
	switch (r->kind) {
	case LAUNCHER_START:
		take_start(c, r);
		break;
	case LAUNCHER_TERM:
	case LAUNCHER_KILL:
	case LAUNCHER_WAIT:
	case LAUNCHER_RELEASE:
		take_pid(c, &r->pid);
		break;
	case LAUNCHER_KEEP:
	case LAUNCHER_FORGET:
		take_route(c, &r->route);
		break;
	case LAUNCHER_SOCKET:
	case LAUNCHER_KIND_N:
		break;
	}
}

int
launcher_request_read(const uint8_t *octets, size_t n, struct launcher_request *out, struct kb_error *why)
{
	struct cursor c = { .base = octets, .n = n };

	*out = (struct launcher_request){ .kind = LAUNCHER_KIND_N };
	if (take_u32(&c) != LAUNCHER_MAGIC)
		fault(&c, "it is none of ours");
	out->kind = (enum launcher_kind)take_up_to(&c, LAUNCHER_KIND_N - 1, "no such request");
	out->exchange = take_u32(&c);
	if (c.fault == NULL)
		take_body(&c, out);
	return finish(&c, why);
}

/* ---- writing ---- */

static void
put_counted(struct ut_put *w, struct ut_slice s)
{
	ut_put_u32(w, (uint32_t)s.n);
	ut_put_slice(w, s);
}

static void
put_words(struct ut_put *w, const char *const *words)
{
	size_t octets = 0, n = 0;

	for (; words[n] != NULL; n++)
		octets += strlen(words[n]) + 1;
	if (octets > LAUNCHER_OPTIONS_OCTETS)
		w->full = true;
	ut_put_u32(w, (uint32_t)octets);
	for (size_t i = 0; i < n; i++)
		ut_put_slice(w, ut_slice(words[i], strlen(words[i]) + 1));
}

static void
put_start(struct ut_put *w, const struct launcher_request *r)
{
	ut_put_u32(w, (r->stock_plugin ? FLAG_STOCK_PLUGIN : 0) | (r->use_peer_dns ? FLAG_PEER_DNS : 0));
	ut_put_u32(w, r->mtu);
	ut_put_u32(w, r->mru);
	ut_put_u32(w, r->mppe);
	put_counted(w, ut_slice_str(r->ifname));
	put_counted(w, ut_slice_str(r->user));
	put_counted(w, r->password);
	put_words(w, r->words);
}

static void
put_route(struct ut_put *w, const struct kb_route *r)
{
	ut_put_u32(w, (r->has_gateway ? ROUTE_GATEWAY : 0) | (r->has_source ? ROUTE_SOURCE : 0));
	ut_put_u32(w, r->to.family);
	ut_put_u32(w, r->to.length);
	ut_put_slice(w, ut_slice(r->to.address, ADDRESS_OCTETS));
	ut_put_slice(w, ut_slice(r->gateway, ADDRESS_OCTETS));
	ut_put_u32(w, r->ifindex);
	ut_put_u32(w, r->table);
	ut_put_u32(w, r->metric);
	ut_put_slice(w, ut_slice(r->source, ADDRESS_OCTETS));
}

static void
put_body(struct ut_put *w, const struct launcher_request *r)
{
	switch (r->kind) {
	case LAUNCHER_START:
		put_start(w, r);
		break;
	case LAUNCHER_TERM:
	case LAUNCHER_KILL:
	case LAUNCHER_WAIT:
	case LAUNCHER_RELEASE:
		ut_put_u32(w, (uint32_t)r->pid);
		break;
	case LAUNCHER_KEEP:
	case LAUNCHER_FORGET:
		put_route(w, &r->route);
		break;
	case LAUNCHER_SOCKET:
		break;
	case LAUNCHER_KIND_N:
		w->full = true;
		break;
	}
}

size_t
launcher_request_write(const struct launcher_request *request, uint8_t *out, size_t cap)
{
	struct ut_put w = ut_put_into(out, cap);

	ut_put_u32(&w, LAUNCHER_MAGIC);
	ut_put_u32(&w, request->kind);
	ut_put_u32(&w, request->exchange);
	put_body(&w, request);
	return w.full ? 0 : w.len;
}

/* ---- replies ---- */

size_t
launcher_reply_write(const struct launcher_reply *reply, uint8_t *out, size_t cap)
{
	struct ut_put w = ut_put_into(out, cap);

	ut_put_u32(&w, LAUNCHER_MAGIC);
	ut_put_u32(&w, REPLY_KIND);
	ut_put_u32(&w, reply->exchange);
	ut_put_u32(&w, (uint32_t)reply->result);
	ut_put_u32(&w, (uint32_t)reply->pid);
	ut_put_u32(&w, (uint32_t)reply->wstatus);
	put_counted(&w, ut_slice_str(reply->text));
	return w.full ? 0 : w.len;
}

int
launcher_reply_read(const uint8_t *octets, size_t n, struct launcher_reply *out)
{
	struct cursor c = { .base = octets, .n = n };

	*out = (struct launcher_reply){ .pid = -1 };
	if (take_u32(&c) != LAUNCHER_MAGIC || take_u32(&c) != REPLY_KIND)
		fault(&c, "it is none of ours");
	out->exchange = take_u32(&c);
	out->result = (int32_t)take_u32(&c);
	out->pid = (pid_t)take_u32(&c);
	out->wstatus = (int)take_u32(&c);
	take_text(&c, out->text, sizeof out->text, "no sentence");
	return finish(&c, NULL);
}
