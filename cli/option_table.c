/* option_table.c - the table of options
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/option.h"

/* Where a field is, and how large. */
#define PROFILE_FIELD(member)                                                    \
	.target = OPTION_OF_PROFILE, .offset = offsetof(struct profile, member), \
	.octets = sizeof(((struct profile *)0)->member)
#define PPTP_FIELD(name)                                              \
	.pptp = { "pptp." #name, offsetof(struct profile, pptp.name), \
		  sizeof(((struct profile *)0)->pptp.name) }
#define SESSION_FIELD(member)                               \
	.offset = offsetof(struct profile_session, member), \
	.octets = sizeof(((struct profile_session *)0)->member)

enum {
	UP = 1u << COMMAND_UP,
	DECODE = 1u << COMMAND_DECODE,
	GRAPH = 1u << COMMAND_GRAPH,
	REPLAY = 1u << COMMAND_REPLAY,
	HELP = 1u << COMMAND_HELP,
	ANY = (1u << COMMAND_N) - 1
};

/* Whose an option is. */
enum { L2TP = 1u << PROFILE_L2TP, PPTP = 1u << PROFILE_PPTP };

static const struct option_choice dns_choices[] = { { "report", PROFILE_DNS_REPORT },
						    { "none", PROFILE_DNS_NONE },
						    { NULL, 0 } };
static const struct option_choice plugin_choices[] = { { "uptun", PROFILE_PLUGIN_UPTUN },
						       { "pppol2tp", PROFILE_PLUGIN_PPPOL2TP },
						       { NULL, 0 } };
static const struct option_choice data_path_choices[] = {
	{ "auto", PROFILE_DATA_AUTO },	 { "netlink", PROFILE_DATA_NETLINK },
	{ "ol2tp", PROFILE_DATA_OL2TP }, { "olac", PROFILE_DATA_OLAC },
	{ "pptp", PROFILE_DATA_PPTP },	 { "opns", PROFILE_DATA_OPNS },
	{ "null", PROFILE_DATA_NULL },	 { NULL, 0 }
};
static const struct option_choice mppe_choices[] = { { "require", PROFILE_MPPE_REQUIRE },
						     { "allow", PROFILE_MPPE_ALLOW },
						     { "off", PROFILE_MPPE_OFF },
						     { NULL, 0 } };

/* clang-format off */
const struct option_spec option_table[] = {
/* ---- which profile ---- */
{ .name = "profile", .group = OPTION_GROUP_PROFILE, .commands = UP,
  .argument = "FILE", .unit = "a path, - is standard input", .fallback = "none; then the command line names the server",
  .help = "read what to bring up from FILE; may be given again",
  .text = "A file whose name ends in .textproto or .txtpb is text, one in .pb is binary; others are told by their "
	  "content. See uptun-profile(5).",
  .example = "--profile office.textproto", .kind = OPTION_TEXT, .target = OPTION_PROFILE_FILE },
{ .name = "name", .group = OPTION_GROUP_PROFILE, .commands = UP,
  .argument = "NAME", .unit = "1 to 64 of A-Z a-z 0-9 . _ -", .fallback = "made from the server",
  .help = "what the tunnel is called in messages", .example = "--name office",
  .kind = OPTION_TEXT, .is_single = true, .field = "name", PROFILE_FIELD(name) },
/* ---- the server ---- */
{ .name = "port", .group = OPTION_GROUP_SERVER, .commands = UP,
  .argument = "N", .unit = "port, 1 to 65535", .fallback = "1701 with L2TP (UDP), 1723 with PPTP (TCP)",
  .help = "port of the server", .example = "--port 1702",
  .kind = OPTION_NUMBER, .field = "server_port", .min = 1, .max = 65535, PROFILE_FIELD(server_port) },
{ .name = "local-port", .group = OPTION_GROUP_SERVER, .commands = UP,
  .argument = "N", .unit = "port, 1 to 65535", .fallback = "one that the kernel picks",
  .help = "port of ours",
  .text = "Some L2TP servers answer port 1701 only. Two clients behind one address translator need different ports.",
  .example = "--local-port 1701",
  .kind = OPTION_NUMBER, .is_single = true, .field = "local_port", .min = 1, .max = 65535, PROFILE_FIELD(local_port) },
{ .name = "interface", .group = OPTION_GROUP_SERVER, .commands = UP,
  .argument = "IF", .unit = "name of an interface, 1 to 15 octets", .fallback = "none, routing decides",
  .help = "bind the outer packets to this interface", .example = "--interface eth0",
  .kind = OPTION_TEXT, .field = "interface", PROFILE_FIELD(interface) },
{ .name = "mark", .group = OPTION_GROUP_SERVER, .commands = UP,
  .argument = "M", .unit = "32-bit firewall mark, decimal or 0x hexadecimal", .fallback = "0, none",
  .help = "firewall mark of the outer packets", .example = "--mark 0x20",
  .kind = OPTION_NUMBER, .field = "fwmark", .min = 0, .max = UINT32_MAX, PROFILE_FIELD(fwmark) },
{ .name = "require-ipsec", .group = OPTION_GROUP_SERVER, .commands = UP, .fallback = "off, IPsec is up to the system",
  .help = "L2TP: send nothing unless IPsec protects it, and cut the tunnel when it no longer does",
  .text = "The kernel's policies must demand ESP in both directions for the very addresses and ports that are used; an "
	  "association still being negotiated is waited for, at most 10 seconds. uptun does not negotiate IPsec itself: an "
	  "IKE daemon does. A policy that names our port needs --local-port, mostly 1701. Not "
	  "with PPTP, whose frames the kernel sends through no socket that such policies could be fixed to.",
  .example = "--require-ipsec --local-port 1701",
  .kind = OPTION_FLAG, .field = "require_ipsec", PROFILE_FIELD(require_ipsec) },
{ .name = "host-name", .group = OPTION_GROUP_SERVER, .commands = UP,
  .argument = "NAME", .unit = "1 to 255 octets, with PPTP 1 to 64", .fallback = "uptun",
  .help = "the name we tell the server", .example = "--host-name lac1.example.org",
  .kind = OPTION_TEXT, .field = "l2tp.host_name", PROFILE_FIELD(l2tp.host_name), PPTP_FIELD(host_name) },
{ .name = "window", .group = OPTION_GROUP_SERVER, .commands = UP,
  .argument = "N", .unit = "messages (L2TP) or packets (PPTP), 1 to 32768", .fallback = "8 with L2TP, 64 with PPTP",
  .help = "receive window told to the server",
  .text = "With L2TP it counts control messages, with PPTP packets of a session.", .example = "--window 4",
  .kind = OPTION_NUMBER, .field = "l2tp.window", .min = 1, .max = 32768, PROFILE_FIELD(l2tp.window), PPTP_FIELD(window) },
/* ---- L2TP ---- */
{ .name = "secret-file", .group = OPTION_GROUP_L2TP, .commands = UP, .protocols = L2TP,
  .argument = "F|-", .unit = "a path, - is standard input or a prompt", .fallback = "none, the tunnel is not authenticated",
  .help = "read the tunnel secret from this file",
  .text = "1 to 255 octets; one newline at the end is not part of it. The server is asked to prove that it knows the "
	  "secret too.",
  .example = "--secret-file /etc/uptun/office.secret",
  .kind = OPTION_FILE, .field = "l2tp.secret_file", PROFILE_FIELD(l2tp.secret) },
{ .name = "hide-avps", .group = OPTION_GROUP_L2TP, .commands = UP, .protocols = L2TP, .fallback = "off",
  .help = "hide attributes with the tunnel secret (RFC 2661 4.3)", .example = "--hide-avps",
  .kind = OPTION_FLAG, .field = "l2tp.hide_avps", PROFILE_FIELD(l2tp.hide_avps) },
{ .name = "hello", .group = OPTION_GROUP_L2TP, .commands = UP, .protocols = L2TP,
  .argument = "S", .unit = "seconds, 0 to 86400; 0 is never", .fallback = "60",
  .help = "silence after which the server is asked whether it is there", .example = "--hello 20",
  .kind = OPTION_NUMBER, .field = "l2tp.hello_interval_s", .min = 0, .max = 86400, PROFILE_FIELD(l2tp.hello_interval_s) },
{ .name = "tries", .group = OPTION_GROUP_L2TP, .commands = UP, .protocols = L2TP,
  .argument = "N", .unit = "transmissions, 1 to 100", .fallback = "6, which is 31 s",
  .help = "times a message is sent before the server is given up",
  .text = "It is sent again after 1, 2, 4, 8, 8, ... seconds.", .example = "--tries 8",
  .kind = OPTION_NUMBER, .field = "l2tp.tries", .min = 1, .max = 100, PROFILE_FIELD(l2tp.tries) },
/* ---- PPTP ---- */
{ .name = "echo", .group = OPTION_GROUP_PPTP, .commands = UP, .protocols = PPTP,
  .argument = "S", .unit = "seconds, 0 to 86400; 0 is never", .fallback = "60",
  .help = "silence after which the server is asked whether it is there",
  .text = "When no answer comes within as many seconds as pptp.reply_timeout_s of a profile says, 60 by default, the "
	  "server is given up.",
  .example = "--echo 20",
  .kind = OPTION_NUMBER, .field = "pptp.echo_interval_s", .min = 0, .max = 86400, PROFILE_FIELD(pptp.echo_interval_s) },
/* ---- PPP ---- */
{ .name = "user", .group = OPTION_GROUP_PPP, .commands = UP,
  .argument = "U", .unit = "at most 255 octets", .fallback = "none",
  .help = "name to authenticate with", .example = "--user joe",
  .kind = OPTION_TEXT, .target = OPTION_OF_SESSIONS, .field = "user", SESSION_FIELD(user) },
{ .name = "password-file", .group = OPTION_GROUP_PPP, .commands = UP,
  .argument = "F|-", .unit = "a path, - is standard input or a prompt", .fallback = "none",
  .help = "read the password from this file",
  .text = "1 to 255 octets; one newline at the end is not part of it. When standard input is a terminal, - asks there "
	  "and does not show what is typed.",
  .example = "--password-file -",
  .kind = OPTION_FILE, .target = OPTION_OF_SESSIONS, .field = "password_file", SESSION_FIELD(password) },
{ .name = "mtu", .group = OPTION_GROUP_PPP, .commands = UP,
  .argument = "N", .unit = "octets, 128 to 16384", .fallback = "1400",
  .help = "largest packet sent through the tunnel", .example = "--mtu 1380",
  .kind = OPTION_NUMBER, .target = OPTION_OF_SESSIONS, .field = "mtu", .min = 128, .max = 16384, SESSION_FIELD(mtu) },
{ .name = "mru", .group = OPTION_GROUP_PPP, .commands = UP,
  .argument = "N", .unit = "octets, 128 to 16384", .fallback = "1400",
  .help = "largest packet received through the tunnel", .example = "--mru 1380",
  .kind = OPTION_NUMBER, .target = OPTION_OF_SESSIONS, .field = "mru", .min = 128, .max = 16384, SESSION_FIELD(mru) },
{ .name = "mppe", .group = OPTION_GROUP_PPP, .commands = UP,
  .argument = "require|allow|off", .unit = "one of the words", .fallback = "allow with PPTP; with L2TP pppd's own",
  .help = "encryption by MPPE: insist on it, accept it when the server asks, or refuse it",
  .text = "With require the session ends when MPPE is not on, whatever the server and other options say. It needs "
	  "MS-CHAPv2. It is always said whether a PPTP session is encrypted.",
  .example = "--mppe require",
  .kind = OPTION_CHOICE, .target = OPTION_OF_SESSIONS, .field = "mppe", .choices = mppe_choices, SESSION_FIELD(mppe) },
{ .name = "ifname", .group = OPTION_GROUP_PPP, .commands = UP,
  .argument = "PPPIF", .unit = "name of an interface, 1 to 15 octets", .fallback = "the kernel's choice",
  .help = "name wished for the ppp interface",
  .text = "That of the first session, where a profile has several.", .example = "--ifname vpn0",
  .kind = OPTION_TEXT, .target = OPTION_OF_FIRST_SESSION, .is_single = true, .field = "interface_name",
  SESSION_FIELD(interface_name) },
{ .name = "ppp-plugin", .group = OPTION_GROUP_PPP, .commands = UP,
  .argument = "uptun|pppol2tp", .unit = "one of the two words", .fallback = "uptun",
  .help = "which plugin hands the session to pppd",
  .text = "uptun's own reports back and ends pppd when uptun is gone; pppol2tp is the distribution's, and cannot be "
	  "used with PPTP.",
  .example = "--ppp-plugin pppol2tp",
  .kind = OPTION_CHOICE, .field = "ppp_plugin", .choices = plugin_choices, PROFILE_FIELD(ppp_plugin) },
/* ---- routes ---- */
{ .name = "default-route", .group = OPTION_GROUP_ROUTES, .commands = UP, .fallback = "off",
  .help = "send everything through the first session",
  .text = "The way to the server itself stays as it was, and so does the old default route, underneath.",
  .example = "--default-route",
  .kind = OPTION_FLAG, .is_single = true, .field = "default_route", PROFILE_FIELD(default_route) },
{ .name = "route", .group = OPTION_GROUP_ROUTES, .commands = UP,
  .argument = "CIDR", .unit = "ADDRESS/LENGTH, IPv4 or IPv6, host bits zero", .fallback = "none",
  .help = "send this network through the first session; may be given again",
  .text = "At most 64. Added to those of a profile, removed when the session ends.", .example = "--route 10.20.0.0/16",
  .kind = OPTION_ROUTE, .is_single = true, .field = "route", PROFILE_FIELD(routes) },
{ .name = "dns", .group = OPTION_GROUP_ROUTES, .commands = UP,
  .argument = "report|none", .unit = "one of the two words", .fallback = "report",
  .help = "ask the server for DNS servers and report them, or not",
  .text = "The system's own configuration stays as it is in either case.", .example = "--dns none",
  .kind = OPTION_CHOICE, .field = "dns", .choices = dns_choices, PROFILE_FIELD(dns) },
/* ---- life ---- */
{ .name = "timeout", .group = OPTION_GROUP_LIFE, .commands = UP,
  .argument = "S", .unit = "seconds, 1 to 3600", .fallback = "60",
  .help = "longest time from the start to a usable interface", .example = "--timeout 20",
  .kind = OPTION_NUMBER, .field = "timeouts.setup_s", .min = 1, .max = 3600, PROFILE_FIELD(timeouts.setup_s) },
{ .name = "reconnect", .group = OPTION_GROUP_LIFE, .commands = UP, .fallback = "off, the program ends instead",
  .help = "try again when the tunnel breaks",
  .text = "After 1 second at first, doubling to 60 with some randomness, and at once when the network comes back.",
  .example = "--reconnect",
  .kind = OPTION_FLAG, .field = "reconnect.enabled", PROFILE_FIELD(reconnect.enabled) },
{ .name = "data-path", .group = OPTION_GROUP_LIFE, .commands = UP,
  .argument = "auto|netlink|ol2tp|olac|pptp|opns|null", .unit = "one of the words",
  .fallback = "auto, the first that works of netlink, ol2tp and olac or, with PPTP, of pptp and opns",
  .help = "which driver carries the frames",
  .text = "netlink and ol2tp are mainline Linux's PPPoL2TP: netlink also notices when another program deletes the tunnel, "
	  "ol2tp needs no l2tp_netlink module. pptp is mainline Linux's PPTP. olac and opns are Android's old drivers of the "
	  "two; null carries nothing and is for tests. With -v it is said which is used.",
  .example = "--data-path ol2tp",
  .kind = OPTION_CHOICE, .field = "data_path", .choices = data_path_choices, PROFILE_FIELD(data_path) },
/* ---- output ---- */
{ .name = "json", .group = OPTION_GROUP_OUTPUT, .commands = UP, .fallback = "text for people",
  .help = "print one JSON object a line on standard output",
  .text = "What can be in it is told in json.md among uptun's documents.", .example = "--json",
  .kind = OPTION_FLAG, .target = OPTION_JSON },
{ .name = "verbose", .letter = 'v', .group = OPTION_GROUP_OUTPUT, .commands = UP, .fallback = "milestones only",
  .help = "also print notes; twice: every step of the machines too", .example = "-vv",
  .kind = OPTION_FLAG, .target = OPTION_VERBOSE },
{ .name = "journal", .group = OPTION_GROUP_OUTPUT, .commands = UP,
  .argument = "FILE", .unit = "a path where there is no file yet", .fallback = "none is kept",
  .help = "write down every event and every effect, for uptun replay",
  .text = "The file is made with mode 0600. No secret gets into it. See uptun-journal(5).", .example = "--journal office.journal",
  .kind = OPTION_TEXT, .target = OPTION_JOURNAL },
/* ---- input of replay ---- */
{ .name = "secret-file", .group = OPTION_GROUP_INPUT, .commands = REPLAY,
  .argument = "FILE", .unit = "a path", .fallback = "none; then what depends on a secret is not looked at",
  .help = "read the secret of an authenticated tunnel from this file; may be given again",
  .text = "One newline at its end is not part of the secret. Of a capture of L2TP, hidden attributes are read and responses to "
	  "challenges verified with it; who has another secret is named. Of a journal, given again, the second is for the second "
	  "authenticated profile, and so on; the last one is for all that follow.", .example = "--secret-file tunnel.secret",
  .kind = OPTION_TEXT, .target = OPTION_DECODE_SECRET },
{ .name = "force", .group = OPTION_GROUP_INPUT, .commands = REPLAY, .fallback = "off, such a journal is refused",
  .help = "replay a journal although other tables than this program's made it", .example = "--force",
  .kind = OPTION_FLAG, .target = OPTION_FORCE },
/* ---- input of decode ---- */
{ .name = "hex", .group = OPTION_GROUP_INPUT, .commands = DECODE, .fallback = "off, the input is the message itself",
  .help = "the input is text: hexadecimal digits, or what tcpdump -x prints",
  .text = "Of what tcpdump -x or -X prints the first packet is taken, without its IP, UDP and TCP headers, which say "
	  "what it is: UDP carries L2TP, TCP of port 1723 PPTP.",
  .example = "--hex", .kind = OPTION_FLAG, .target = OPTION_HEX },
{ .name = "pptp", .group = OPTION_GROUP_INPUT, .commands = DECODE, .fallback = "what the IP header says, or L2TP",
  .help = "the input is a stream of PPTP control messages, as TCP carries them",
  .text = "Or the beginning of one, or a segment; an IP packet may have any TCP port.",
  .example = "--pptp", .kind = OPTION_FLAG, .target = OPTION_DECODE_PPTP },
{ .name = "gre", .group = OPTION_GROUP_INPUT, .commands = DECODE, .fallback = "what the IP header says, or L2TP",
  .help = "the input is a packet of enhanced GRE, which carries PPTP's frames",
  .example = "--gre", .kind = OPTION_FLAG, .target = OPTION_DECODE_GRE },
{ .name = "secret-file", .group = OPTION_GROUP_INPUT, .commands = DECODE,
  .argument = "FILE", .unit = "a path", .fallback = "none, hidden AVPs are shown as hidden",
  .help = "read the tunnel secret from this file, to show and check hidden AVPs",
  .text = "One newline at its end is not part of the secret.", .example = "--secret-file tunnel.secret",
  .kind = OPTION_TEXT, .target = OPTION_DECODE_SECRET },
{ .name = "json", .group = OPTION_GROUP_OUTPUT, .commands = DECODE, .fallback = "text for people",
  .help = "print one JSON object a line: the header, each AVP or field, a fault", .example = "--json",
  .kind = OPTION_FLAG, .target = OPTION_JSON },
/* ---- output of graph ---- */
{ .name = "format", .group = OPTION_GROUP_OUTPUT, .commands = GRAPH,
  .argument = "tsv|dot|svg|md|promela", .unit = "one of the words", .fallback = "tsv",
  .help = "what to print the table as", .example = "--format dot",
  .kind = OPTION_TEXT, .target = OPTION_FORMAT },
{ .name = "list", .group = OPTION_GROUP_OUTPUT, .commands = GRAPH, .fallback = "off",
  .help = "print the names of the machines and do nothing else", .example = "--list",
  .kind = OPTION_FLAG, .target = OPTION_LIST },
/* ---- output of replay ---- */
{ .name = "verbose", .letter = 'v', .group = OPTION_GROUP_OUTPUT, .commands = REPLAY, .fallback = "off",
  .help = "tell AVPs and fields, notes, and steps that change nothing",
  .text = "Of a journal: events, effects, and the rows that other answers would have chosen.", .example = "-v",
  .kind = OPTION_FLAG, .target = OPTION_VERBOSE },
{ .name = "json", .group = OPTION_GROUP_OUTPUT, .commands = REPLAY, .fallback = "text for people",
  .help = "print one JSON object a line: each message and frame of data, what is over, the verdict", .example = "--json",
  .kind = OPTION_FLAG, .target = OPTION_JSON },
{ .name = "table", .group = OPTION_GROUP_OUTPUT, .commands = REPLAY, .fallback = "the story, frame by frame",
  .help = "print a row for each connection: set-up time, round trips, retransmissions, how it ended",
  .text = "Round trips are from a message to its acknowledgment, at the place of the capture; retransmitted messages "
	  "are not measured.",
  .example = "--table", .kind = OPTION_FLAG, .target = OPTION_REPLAY_TABLE },
{ .name = "svg", .group = OPTION_GROUP_OUTPUT, .commands = REPLAY,
  .argument = "FILE", .unit = "a path", .fallback = "none",
  .help = "draw a message ladder into FILE: two lifelines a connection, states on them",
  .text = "At most 10000 messages are drawn.", .example = "--svg ladder.svg",
  .kind = OPTION_TEXT, .target = OPTION_REPLAY_SVG },
{ .name = "html", .group = OPTION_GROUP_OUTPUT, .commands = REPLAY,
  .argument = "FILE", .unit = "a path", .fallback = "none",
  .help = "the same as a page, a picture for each connection", .example = "--html ladder.html",
  .kind = OPTION_TEXT, .target = OPTION_REPLAY_HTML },
{ .name = "respond", .group = OPTION_GROUP_OUTPUT, .commands = REPLAY, .fallback = "off",
  .help = "show where uptun would have acted differently from the captured client",
  .text = "Of L2TP: the server's messages are fed to uptun's engine at their times, and what it sends is laid beside what "
	  "the client sent. HELLOs and repetitions are left out. Any difference makes the exit status 3.",
  .example = "--respond", .kind = OPTION_FLAG, .target = OPTION_REPLAY_RESPOND },
{ .name = "count", .group = OPTION_GROUP_OUTPUT, .commands = REPLAY, .fallback = "off",
  .help = "only decode and count the frames", .example = "--count",
  .kind = OPTION_FLAG, .target = OPTION_REPLAY_COUNT },
/* ---- every command ---- */
{ .name = "help", .letter = 'h', .group = OPTION_GROUP_OUTPUT, .commands = ANY & ~HELP, .fallback = "off",
  .help = "print this help and do nothing else", .example = "--help",
  .kind = OPTION_FLAG, .target = OPTION_HELP },
/* ---- for the documents' maker ---- */
{ .name = "format", .group = OPTION_GROUP_HIDDEN, .commands = HELP,
  .argument = "text|mdoc|markdown", .unit = "one of the words", .fallback = "text",
  .help = "write help as mdoc, or the JSON events as Markdown", .example = "--format mdoc",
  .kind = OPTION_TEXT, .target = OPTION_FORMAT },
};
/* clang-format on */

const size_t option_table_n = sizeof option_table / sizeof option_table[0];

static const char *const titles[OPTION_GROUP_N] = {
	[OPTION_GROUP_PROFILE] = "What to bring up",
	[OPTION_GROUP_SERVER] = "The way to the server",
	[OPTION_GROUP_L2TP] = "L2TP",
	[OPTION_GROUP_PPTP] = "PPTP",
	[OPTION_GROUP_PPP] = "PPP",
	[OPTION_GROUP_ROUTES] = "Routes and names",
	[OPTION_GROUP_LIFE] = "Start, end and data path",
	[OPTION_GROUP_OUTPUT] = "Output",
	[OPTION_GROUP_INPUT] = "Input",
	[OPTION_GROUP_HIDDEN] = "",
};

const char *
option_group_title(enum option_group group)
{
	return titles[group];
}
