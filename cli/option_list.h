/* option_list.h - every option there is, once
 * SPDX-License-Identifier: Apache-2.0
 *
 * OPTION(name, commands, argument, unit, ROW(what the parser needs), TEXT(what is said about it)): members of struct
 * option_spec and of struct option_text.  option_table.c and control/option_text.c each include this list and take their
 * part of it, so it has no guard.  A flag has neither argument nor unit.
 */
/* clang-format off */
/* ---- which profile ---- */
OPTION("profile", UP, "FILE", "a path, - is standard input",
  ROW(.kind = OPTION_TEXT, .target = OPTION_PROFILE_FILE),
  TEXT(.group = OPTION_GROUP_PROFILE, .fallback = "none; then the command line names the server",
       .help = "read what to bring up from FILE; may be given again",
       .text = "A file whose name ends in .textproto or .txtpb is text, one in .pb is binary; others are told by their "
	     "content. See uptun-profile(5).",
       .example = "--profile office.textproto"))
OPTION("name", UP, "NAME", "1 to 64 of A-Z a-z 0-9 . _ -",
  ROW(.kind = OPTION_TEXT, .is_single = true, .field = "name", PROFILE_FIELD(name)),
  TEXT(.group = OPTION_GROUP_PROFILE, .fallback = "made from the server",
       .help = "what the tunnel is called in messages", .example = "--name office"))
/* ---- the server ---- */
OPTION("port", UP, "N", "port, 1 to 65535",
  ROW(.kind = OPTION_NUMBER, .field = "server_port", .min = 1, .max = 65535, PROFILE_FIELD(server_port)),
  TEXT(.group = OPTION_GROUP_SERVER, .fallback = "1701 with L2TP (UDP), 1723 with PPTP (TCP)",
       .help = "port of the server", .example = "--port 1702"))
OPTION("local-port", UP, "N", "port, 1 to 65535",
  ROW(.kind = OPTION_NUMBER, .is_single = true, .field = "local_port", .min = 1, .max = 65535,
      PROFILE_FIELD(local_port)),
  TEXT(.group = OPTION_GROUP_SERVER, .fallback = "one that the kernel picks", .help = "port of ours",
       .text = "Some L2TP servers answer port 1701 only. Two clients behind one address translator need different ports.",
       .example = "--local-port 1701"))
OPTION("interface", UP, "IF", "name of an interface, 1 to 15 octets",
  ROW(.kind = OPTION_TEXT, .field = "interface", PROFILE_FIELD(interface)),
  TEXT(.group = OPTION_GROUP_SERVER, .fallback = "none, routing decides",
       .help = "bind the outer packets to this interface", .example = "--interface eth0"))
OPTION("mark", UP, "M", "32-bit firewall mark, decimal or 0x hexadecimal",
  ROW(.kind = OPTION_NUMBER, .field = "fwmark", .min = 0, .max = UINT32_MAX, PROFILE_FIELD(fwmark)),
  TEXT(.group = OPTION_GROUP_SERVER, .fallback = "0, none", .help = "firewall mark of the outer packets",
       .example = "--mark 0x20"))
OPTION("require-ipsec", UP, "", "",
  ROW(.kind = OPTION_FLAG, .field = "require_ipsec", PROFILE_FIELD(require_ipsec)),
  TEXT(.group = OPTION_GROUP_SERVER, .fallback = "off, IPsec is up to the system",
       .help = "L2TP: send nothing unless IPsec protects it, and cut the tunnel when it no longer does",
       .text = "The kernel's policies must demand ESP in both directions for the very addresses and ports that are used; an "
	     "association still being negotiated is waited for, at most 10 seconds. uptun does not negotiate IPsec itself: an "
	     "IKE daemon does, and ipsec.md among uptun's documents has what strongSwan needs for it. A policy that names "
	     "our port needs --local-port, mostly 1701. Not "
	     "with PPTP, whose frames the kernel sends through no socket that such policies could be fixed to.",
       .example = "--require-ipsec --local-port 1701"))
OPTION("host-name", UP, "NAME", "1 to 255 octets, with PPTP 1 to 64",
  ROW(.kind = OPTION_TEXT, .field = "l2tp.host_name", PROFILE_FIELD(l2tp.host_name), PPTP_FIELD(host_name)),
  TEXT(.group = OPTION_GROUP_SERVER, .fallback = "uptun", .help = "the name we tell the server",
       .example = "--host-name lac1.example.org"))
OPTION("window", UP, "N", "messages (L2TP) or packets (PPTP), 1 to 32768",
  ROW(.kind = OPTION_NUMBER, .field = "l2tp.window", .min = 1, .max = 32768, PROFILE_FIELD(l2tp.window),
      PPTP_FIELD(window)),
  TEXT(.group = OPTION_GROUP_SERVER, .fallback = "8 with L2TP, 64 with PPTP",
       .help = "receive window told to the server",
       .text = "With L2TP it counts control messages, with PPTP packets of a session.", .example = "--window 4"))
/* ---- L2TP ---- */
OPTION("secret-file", UP, "F|-", "a path, - is standard input or a prompt",
  ROW(.kind = OPTION_FILE, .field = "l2tp.secret_file", .protocols = L2TP, PROFILE_FIELD(l2tp.secret)),
  TEXT(.group = OPTION_GROUP_L2TP, .fallback = "none, the tunnel is not authenticated",
       .help = "read the tunnel secret from this file",
       .text = "1 to 255 octets; one newline at the end is not part of it. The server is asked to prove that it knows the "
	     "secret too.",
       .example = "--secret-file /etc/uptun/office.secret"))
OPTION("hide-avps", UP, "", "",
  ROW(.kind = OPTION_FLAG, .field = "l2tp.hide_avps", .protocols = L2TP, PROFILE_FIELD(l2tp.hide_avps)),
  TEXT(.group = OPTION_GROUP_L2TP, .fallback = "off", .help = "hide attributes with the tunnel secret (RFC 2661 4.3)",
       .example = "--hide-avps"))
OPTION("hello", UP, "S", "seconds, 0 to 86400; 0 is never",
  ROW(.kind = OPTION_NUMBER, .field = "l2tp.hello_interval_s", .protocols = L2TP, .min = 0, .max = 86400,
      PROFILE_FIELD(l2tp.hello_interval_s)),
  TEXT(.group = OPTION_GROUP_L2TP, .fallback = "60",
       .help = "silence after which the server is asked whether it is there", .example = "--hello 20"))
OPTION("tries", UP, "N", "transmissions, 1 to 100",
  ROW(.kind = OPTION_NUMBER, .field = "l2tp.tries", .protocols = L2TP, .min = 1, .max = 100,
      PROFILE_FIELD(l2tp.tries)),
  TEXT(.group = OPTION_GROUP_L2TP, .fallback = "6, which is 31 s",
       .help = "times a message is sent before the server is given up",
       .text = "It is sent again after 1, 2, 4, 8, 8, ... seconds.", .example = "--tries 8"))
/* ---- PPTP ---- */
OPTION("echo", UP, "S", "seconds, 0 to 86400; 0 is never",
  ROW(.kind = OPTION_NUMBER, .field = "pptp.echo_interval_s", .protocols = PPTP, .min = 0, .max = 86400,
      PROFILE_FIELD(pptp.echo_interval_s)),
  TEXT(.group = OPTION_GROUP_PPTP, .fallback = "60",
       .help = "silence after which the server is asked whether it is there",
       .text = "When no answer comes within as many seconds as pptp.reply_timeout_s of a profile says, 60 by default, the "
	     "server is given up.",
       .example = "--echo 20"))
/* ---- PPP ---- */
OPTION("user", UP, "U", "at most 255 octets",
  ROW(.kind = OPTION_TEXT, .target = OPTION_OF_SESSIONS, .field = "user", SESSION_FIELD(user)),
  TEXT(.group = OPTION_GROUP_PPP, .fallback = "none", .help = "name to authenticate with", .example = "--user joe"))
OPTION("password-file", UP, "F|-", "a path, - is standard input or a prompt",
  ROW(.kind = OPTION_FILE, .target = OPTION_OF_SESSIONS, .field = "password_file", SESSION_FIELD(password)),
  TEXT(.group = OPTION_GROUP_PPP, .fallback = "none", .help = "read the password from this file",
       .text = "1 to 255 octets; one newline at the end is not part of it. When standard input is a terminal, - asks there "
	     "and does not show what is typed.",
       .example = "--password-file -"))
OPTION("mtu", UP, "N", "octets, 128 to 16384",
  ROW(.kind = OPTION_NUMBER, .target = OPTION_OF_SESSIONS, .field = "mtu", .min = 128, .max = 16384,
      SESSION_FIELD(mtu)),
  TEXT(.group = OPTION_GROUP_PPP, .fallback = "1400", .help = "largest packet sent through the tunnel",
       .example = "--mtu 1380"))
OPTION("mru", UP, "N", "octets, 128 to 16384",
  ROW(.kind = OPTION_NUMBER, .target = OPTION_OF_SESSIONS, .field = "mru", .min = 128, .max = 16384,
      SESSION_FIELD(mru)),
  TEXT(.group = OPTION_GROUP_PPP, .fallback = "1400", .help = "largest packet received through the tunnel",
       .example = "--mru 1380"))
OPTION("mppe", UP, "require|allow|off", "one of the words",
  ROW(.kind = OPTION_CHOICE, .target = OPTION_OF_SESSIONS, .field = "mppe", .choices = OPTION_CHOICES_MPPE,
      SESSION_FIELD(mppe)),
  TEXT(.group = OPTION_GROUP_PPP, .fallback = "allow with PPTP; with L2TP pppd's own",
       .help = "encryption by MPPE: insist on it, accept it when the server asks, or refuse it",
       .text = "With require the session ends when MPPE is not on, whatever the server and other options say. It needs "
	     "MS-CHAPv2. It is always said whether a PPTP session is encrypted.",
       .example = "--mppe require"))
OPTION("ifname", UP, "PPPIF", "name of an interface, 1 to 15 octets",
  ROW(.kind = OPTION_TEXT, .target = OPTION_OF_FIRST_SESSION, .is_single = true, .field = "interface_name",
      SESSION_FIELD(interface_name)),
  TEXT(.group = OPTION_GROUP_PPP, .fallback = "the kernel's choice", .help = "name wished for the ppp interface",
       .text = "That of the first session, where a profile has several.", .example = "--ifname vpn0"))
OPTION("ppp-plugin", UP, "uptun|pppol2tp", "one of the two words",
  ROW(.kind = OPTION_CHOICE, .field = "ppp_plugin", .choices = OPTION_CHOICES_PLUGIN, PROFILE_FIELD(ppp_plugin)),
  TEXT(.group = OPTION_GROUP_PPP, .fallback = "uptun", .help = "which plugin hands the session to pppd",
       .text = "uptun's own reports back and ends pppd when uptun is gone; pppol2tp is the distribution's, and cannot be "
	     "used with PPTP.",
       .example = "--ppp-plugin pppol2tp"))
/* ---- routes ---- */
OPTION("default-route", UP, "", "",
  ROW(.kind = OPTION_FLAG, .is_single = true, .field = "default_route", PROFILE_FIELD(default_route)),
  TEXT(.group = OPTION_GROUP_ROUTES, .fallback = "off", .help = "send everything through the first session",
       .text = "The way to the server itself stays as it was, and so does the old default route, underneath.",
       .example = "--default-route"))
OPTION("route", UP, "CIDR", "ADDRESS/LENGTH, IPv4 or IPv6, host bits zero",
  ROW(.kind = OPTION_ROUTE, .is_single = true, .field = "route", PROFILE_FIELD(routes)),
  TEXT(.group = OPTION_GROUP_ROUTES, .fallback = "none",
       .help = "send this network through the first session; may be given again",
       .text = "At most 64. Added to those of a profile, removed when the session ends.",
       .example = "--route 10.20.0.0/16"))
OPTION("dns", UP, "report|none", "one of the two words",
  ROW(.kind = OPTION_CHOICE, .field = "dns", .choices = OPTION_CHOICES_DNS, PROFILE_FIELD(dns)),
  TEXT(.group = OPTION_GROUP_ROUTES, .fallback = "report",
       .help = "ask the server for DNS servers and report them, or not",
       .text = "The system's own configuration stays as it is in either case.", .example = "--dns none"))
/* ---- life ---- */
OPTION("timeout", UP, "S", "seconds, 1 to 3600",
  ROW(.kind = OPTION_NUMBER, .field = "timeouts.setup_s", .min = 1, .max = 3600, PROFILE_FIELD(timeouts.setup_s)),
  TEXT(.group = OPTION_GROUP_LIFE, .fallback = "60", .help = "longest time from the start to a usable interface",
       .example = "--timeout 20"))
OPTION("reconnect", UP, "", "",
  ROW(.kind = OPTION_FLAG, .field = "reconnect.enabled", PROFILE_FIELD(reconnect.enabled)),
  TEXT(.group = OPTION_GROUP_LIFE, .fallback = "off, the program ends instead",
       .help = "try again when the tunnel breaks",
       .text = "After 1 second at first, doubling to 60 with some randomness, and at once when the network comes back.",
       .example = "--reconnect"))
OPTION("data-path", UP, "auto|netlink|ol2tp|olac|pptp|opns|null", "one of the words",
  ROW(.kind = OPTION_CHOICE, .field = "data_path", .choices = OPTION_CHOICES_DATA_PATH, PROFILE_FIELD(data_path)),
  TEXT(.group = OPTION_GROUP_LIFE,
       .fallback = "auto, the first that works of netlink, ol2tp and olac or, with PPTP, of pptp and opns",
       .help = "which driver carries the frames",
       .text = "netlink and ol2tp are mainline Linux's PPPoL2TP: netlink also notices when another program deletes the tunnel, "
	     "ol2tp needs no l2tp_netlink module. pptp is mainline Linux's PPTP. olac and opns are Android's old drivers of the "
	     "two; null carries nothing and is for tests. With -v it is said which is used.",
       .example = "--data-path ol2tp"))
OPTION("daemon", UP, "", "",
  ROW(.kind = OPTION_FLAG, .target = OPTION_BY_DAEMON),
  TEXT(.group = OPTION_GROUP_LIFE, .fallback = "off, uptun does it itself",
       .help = "have the daemon bring it up, and return when that is done",
       .text = "Files and secrets are read here and handed over as octets, so the daemon needs no way to them. The tunnel stays when "
	     "uptun has returned. Interrupted before, uptun takes it down again.",
       .example = "--daemon"))
OPTION("foreground", UP, "", "",
  ROW(.kind = OPTION_FLAG, .target = OPTION_FOREGROUND),
  TEXT(.group = OPTION_GROUP_LIFE, .fallback = "off, uptun returns when the tunnel is up",
       .help = "with --daemon: stay until the tunnel ends; it ends when uptun does", .example = "--foreground"))
/* ---- output ---- */
OPTION("json", UP, "", "",
  ROW(.kind = OPTION_FLAG, .target = OPTION_JSON),
  TEXT(.group = OPTION_GROUP_OUTPUT, .fallback = "text for people",
       .help = "print one JSON object a line on standard output",
       .text = "What can be in it is told in json.md among uptun's documents.", .example = "--json"))
OPTION("verbose", UP, "", "",
  ROW(.letter = 'v', .kind = OPTION_FLAG, .target = OPTION_VERBOSE),
  TEXT(.group = OPTION_GROUP_OUTPUT, .fallback = "milestones only",
       .help = "also print notes; twice: every step of the machines too", .example = "-vv"))
OPTION("journal", UP, "FILE", "a path where there is no file yet",
  ROW(.kind = OPTION_TEXT, .target = OPTION_JOURNAL),
  TEXT(.group = OPTION_GROUP_OUTPUT, .fallback = "none is kept",
       .help = "write down every event and every effect, for uptun replay",
       .text = "The file is made with mode 0600. No secret gets into it. See uptun-journal(5).",
       .example = "--journal office.journal"))
/* ---- input of replay ---- */
OPTION("secret-file", REPLAY, "FILE", "a path",
  ROW(.kind = OPTION_TEXT, .target = OPTION_DECODE_SECRET),
  TEXT(.group = OPTION_GROUP_INPUT, .fallback = "none; then what depends on a secret is not looked at",
       .help = "read the secret of an authenticated tunnel from this file; may be given again",
       .text = "One newline at its end is not part of the secret. Of a capture of L2TP, hidden attributes are read and responses to "
	     "challenges verified with it; who has another secret is named. Of a journal, given again, the second is for the second "
	     "authenticated profile, and so on; the last one is for all that follow.",
       .example = "--secret-file tunnel.secret"))
OPTION("force", REPLAY, "", "",
  ROW(.kind = OPTION_FLAG, .target = OPTION_FORCE),
  TEXT(.group = OPTION_GROUP_INPUT, .fallback = "off, such a journal is refused",
       .help = "replay a journal although other tables than this program's made it", .example = "--force"))
/* ---- input of decode ---- */
OPTION("hex", DECODE, "", "",
  ROW(.kind = OPTION_FLAG, .target = OPTION_HEX),
  TEXT(.group = OPTION_GROUP_INPUT, .fallback = "off, the input is the message itself",
       .help = "the input is text: hexadecimal digits, or what tcpdump -x prints",
       .text = "Of what tcpdump -x or -X prints the first packet is taken, without its IP, UDP and TCP headers, which say "
	     "what it is: UDP carries L2TP, TCP of port 1723 PPTP.",
       .example = "--hex"))
OPTION("pptp", DECODE, "", "",
  ROW(.kind = OPTION_FLAG, .target = OPTION_DECODE_PPTP),
  TEXT(.group = OPTION_GROUP_INPUT, .fallback = "what the IP header says, or L2TP",
       .help = "the input is a stream of PPTP control messages, as TCP carries them",
       .text = "Or the beginning of one, or a segment; an IP packet may have any TCP port.", .example = "--pptp"))
OPTION("gre", DECODE, "", "",
  ROW(.kind = OPTION_FLAG, .target = OPTION_DECODE_GRE),
  TEXT(.group = OPTION_GROUP_INPUT, .fallback = "what the IP header says, or L2TP",
       .help = "the input is a packet of enhanced GRE, which carries PPTP's frames", .example = "--gre"))
OPTION("secret-file", DECODE, "FILE", "a path",
  ROW(.kind = OPTION_TEXT, .target = OPTION_DECODE_SECRET),
  TEXT(.group = OPTION_GROUP_INPUT, .fallback = "none, hidden AVPs are shown as hidden",
       .help = "read the tunnel secret from this file, to show and check hidden AVPs",
       .text = "One newline at its end is not part of the secret.", .example = "--secret-file tunnel.secret"))
OPTION("json", DECODE, "", "",
  ROW(.kind = OPTION_FLAG, .target = OPTION_JSON),
  TEXT(.group = OPTION_GROUP_OUTPUT, .fallback = "text for people",
       .help = "print one JSON object a line: the header, each AVP or field, a fault", .example = "--json"))
/* ---- output of graph ---- */
OPTION("format", GRAPH, "tsv|dot|svg|md|promela", "one of the words",
  ROW(.kind = OPTION_TEXT, .target = OPTION_FORMAT),
  TEXT(.group = OPTION_GROUP_OUTPUT, .fallback = "tsv", .help = "what to print the table as",
       .example = "--format dot"))
OPTION("list", GRAPH, "", "",
  ROW(.kind = OPTION_FLAG, .target = OPTION_LIST),
  TEXT(.group = OPTION_GROUP_OUTPUT, .fallback = "off", .help = "print the names of the machines and do nothing else",
       .example = "--list"))
/* ---- output of replay ---- */
OPTION("verbose", REPLAY, "", "",
  ROW(.letter = 'v', .kind = OPTION_FLAG, .target = OPTION_VERBOSE),
  TEXT(.group = OPTION_GROUP_OUTPUT, .fallback = "off",
       .help = "tell AVPs and fields, notes, and steps that change nothing",
       .text = "Of a journal: events, effects, and the rows that other answers would have chosen.", .example = "-v"))
OPTION("json", REPLAY, "", "",
  ROW(.kind = OPTION_FLAG, .target = OPTION_JSON),
  TEXT(.group = OPTION_GROUP_OUTPUT, .fallback = "text for people",
       .help = "print one JSON object a line: each message and frame of data, what is over, the verdict",
       .example = "--json"))
OPTION("table", REPLAY, "", "",
  ROW(.kind = OPTION_FLAG, .target = OPTION_REPLAY_TABLE),
  TEXT(.group = OPTION_GROUP_OUTPUT, .fallback = "the story, frame by frame",
       .help = "print a row for each connection: set-up time, round trips, retransmissions, how it ended",
       .text = "Round trips are from a message to its acknowledgment, at the place of the capture; retransmitted messages "
	     "are not measured. On a terminal too narrow for the row there are lines instead.",
       .example = "--table"))
OPTION("svg", REPLAY, "FILE", "a path",
  ROW(.kind = OPTION_TEXT, .target = OPTION_REPLAY_SVG),
  TEXT(.group = OPTION_GROUP_OUTPUT, .fallback = "none",
       .help = "draw a message ladder into FILE: two lifelines a connection, states on them",
       .text = "At most 10000 messages are drawn.", .example = "--svg ladder.svg"))
OPTION("html", REPLAY, "FILE", "a path",
  ROW(.kind = OPTION_TEXT, .target = OPTION_REPLAY_HTML),
  TEXT(.group = OPTION_GROUP_OUTPUT, .fallback = "none", .help = "the same as a page: a picture for each connection, links to what is wrong",
       .example = "--html ladder.html"))
OPTION("respond", REPLAY, "", "",
  ROW(.kind = OPTION_FLAG, .target = OPTION_REPLAY_RESPOND),
  TEXT(.group = OPTION_GROUP_OUTPUT, .fallback = "off",
       .help = "show where uptun would have acted differently from the captured client",
       .text = "The server's messages are fed to uptun's engine at their times, and what it sends is laid beside what the client "
	     "sent: which messages, when, and how often. HELLOs and echoes are left out. With --secret-file uptun's client has that "
	     "secret, and the captured client's challenge. A message that only one of them sends, "
	     "or another result, is a difference; any makes the exit status 3.",
       .example = "--respond"))
OPTION("count", REPLAY, "", "",
  ROW(.kind = OPTION_FLAG, .target = OPTION_REPLAY_COUNT),
  TEXT(.group = OPTION_GROUP_OUTPUT, .fallback = "off", .help = "only decode and count the frames",
       .example = "--count"))
/* ---- the daemon: its clients ---- */
OPTION("socket", DAEMON, "PATH", "an absolute path of at most 107 octets",
  ROW(.kind = OPTION_TEXT, .target = OPTION_SOCKET),
  TEXT(.group = OPTION_GROUP_CLIENTS, .fallback = "/run/uptun.sock", .help = "listen at this Unix socket",
       .text = "It belongs to the group and has mode 0660. Not looked at when a socket was passed, by --socket-fd or by the "
	     "manager of services (systemd's socket activation).",
       .example = "--socket /run/uptun.sock"))
OPTION("socket-fd", DAEMON, "N", "descriptor, 0 to 65535",
  ROW(.kind = OPTION_NUMBER, .target = OPTION_SOCKET_FD, .min = 0, .max = 65535),
  TEXT(.group = OPTION_GROUP_CLIENTS, .fallback = "none", .help = "listen at a socket that was passed, listening already",
       .example = "--socket-fd 3"))
OPTION("group", DAEMON, "GROUP", "name of a group",
  ROW(.kind = OPTION_TEXT, .target = OPTION_GROUP),
  TEXT(.group = OPTION_GROUP_CLIENTS, .fallback = "uptun, if there is such a group",
       .help = "members of this group may give orders",
       .text = "So may root, the daemon's own user, and those of --allow-uid. Who it is, the kernel says.",
       .example = "--group wheel"))
OPTION("allow-uid", DAEMON, "UID", "number of a user",
  ROW(.kind = OPTION_NUMBER, .target = OPTION_ALLOW_UID, .min = 0, .max = UINT32_MAX - 1),
  TEXT(.group = OPTION_GROUP_CLIENTS, .fallback = "none", .help = "this user may give orders; may be given again",
       .example = "--allow-uid 1000"))
OPTION("shim-uid", DAEMON, "UID", "number of a user",
  ROW(.kind = OPTION_NUMBER, .target = OPTION_SHIM_UID, .min = 0, .max = UINT32_MAX - 1),
  TEXT(.group = OPTION_GROUP_CLIENTS, .fallback = "none, only root may",
       .help = "this user may say on whose behalf it asks, as a gate for others does",
       .text = "An order is obeyed only if both may give it.", .example = "--shim-uid 1016"))
/* ---- the daemon: its tunnels ---- */
OPTION("profiles", DAEMON, "FOLDER", "a path",
  ROW(.kind = OPTION_TEXT, .target = OPTION_PROFILES),
  TEXT(.group = OPTION_GROUP_TUNNELS, .fallback = "none", .help = "bring up the profiles in this folder at the start",
       .text = "Files whose names end in .textproto, .txtpb or .pb. They and the folder must belong to root or to the daemon's "
	     "user, and nobody else may write them. See uptun-profile(5).",
       .example = "--profiles /etc/uptun"))
OPTION("max-tunnels", DAEMON, "N", "tunnels, 1 to 16384",
  ROW(.kind = OPTION_NUMBER, .target = OPTION_MAX_TUNNELS, .min = 1, .max = 16384),
  TEXT(.group = OPTION_GROUP_TUNNELS, .fallback = "64", .help = "how many tunnels there may be at a time",
       .text = "Above 6000 of them --max-pptp must be smaller.", .example = "--max-tunnels 1000"))
OPTION("max-pptp", DAEMON, "N", "tunnels, 0 to 16384",
  ROW(.kind = OPTION_NUMBER, .target = OPTION_MAX_PPTP, .min = 0, .max = 16384),
  TEXT(.group = OPTION_GROUP_TUNNELS, .fallback = "any of them",
       .help = "how many of these may be PPTP's; room is kept for them", .example = "--max-pptp 10"))
OPTION("allow-pppd-option", DAEMON, "WORD", "WORD, or WORD:N for one with N arguments",
  ROW(.kind = OPTION_TEXT, .target = OPTION_ALLOW_PPPD),
  TEXT(.group = OPTION_GROUP_TUNNELS, .fallback = "a list of harmless words",
       .help = "let profiles give pppd this word too; may be given again",
       .text = "pppd runs as root. Words that would hand out root, as plugin, connect or file, cannot be allowed at all.",
       .example = "--allow-pppd-option lcp-max-configure:1"))
/* ---- the daemon: its rights ---- */
OPTION("user", DAEMON, "USER", "name or number of a user",
  ROW(.kind = OPTION_TEXT, .target = OPTION_USER),
  TEXT(.group = OPTION_GROUP_RIGHTS, .fallback = "uptun", .help = "become this user", .example = "--user nobody"))
OPTION("low-ports", DAEMON, "", "",
  ROW(.kind = OPTION_FLAG, .target = OPTION_LOW_PORTS),
  TEXT(.group = OPTION_GROUP_RIGHTS, .fallback = "off",
       .help = "keep the right to ports below 1024 (CAP_NET_BIND_SERVICE), for local_port of a profile",
       .example = "--low-ports"))
OPTION("no-launcher", DAEMON, "", "",
  ROW(.kind = OPTION_FLAG, .target = OPTION_NO_LAUNCHER),
  TEXT(.group = OPTION_GROUP_RIGHTS, .fallback = "off", .help = "do everything in one process and give up no rights",
       .text = "For tests, and for finding out whether the sandbox is in the way.", .example = "--no-launcher"))
OPTION("json", DAEMON, "", "",
  ROW(.kind = OPTION_FLAG, .target = OPTION_JSON),
  TEXT(.group = OPTION_GROUP_OUTPUT, .fallback = "text on standard error, or the journal when that is there",
       .help = "write the log as one JSON object a line on standard output", .example = "--json"))
OPTION("verbose", DAEMON, "", "",
  ROW(.letter = 'v', .kind = OPTION_FLAG, .target = OPTION_VERBOSE),
  TEXT(.group = OPTION_GROUP_OUTPUT, .fallback = "milestones only",
       .help = "log notes too; twice: every step of the machines too", .example = "-vv"))
/* ---- clients of the daemon ---- */
OPTION("socket", UP | CLIENTS, "PATH", "a path of at most 107 octets",
  ROW(.kind = OPTION_TEXT, .target = OPTION_SOCKET),
  TEXT(.group = OPTION_GROUP_CLIENTS, .fallback = "/run/uptun.sock", .help = "where the daemon listens",
       .example = "--socket /run/uptun.sock"))
OPTION("all", DOWN, "", "",
  ROW(.kind = OPTION_FLAG, .target = OPTION_ALL),
  TEXT(.group = OPTION_GROUP_INPUT, .fallback = "off, those that are named", .help = "take all tunnels down",
       .example = "--all"))
OPTION("watch", STATUS, "", "",
  ROW(.letter = 'w', .kind = OPTION_FLAG, .target = OPTION_WATCH),
  TEXT(.group = OPTION_GROUP_OUTPUT, .fallback = "off, print it once", .help = "print it anew whenever something changes",
       .text = "On a terminal in the same place, and every second; else one block after another, of those that have "
	     "changed. With a tunnel named, until that ends.",
       .example = "--watch"))
OPTION("quiet", LIST, "", "",
  ROW(.letter = 'q', .kind = OPTION_FLAG, .target = OPTION_QUIET),
  TEXT(.group = OPTION_GROUP_OUTPUT, .fallback = "off", .help = "print the names alone, one a line",
       .example = "--quiet"))
OPTION("follow", LOGS, "", "",
  ROW(.letter = 'f', .kind = OPTION_FLAG, .target = OPTION_FOLLOW),
  TEXT(.group = OPTION_GROUP_OUTPUT, .fallback = "off", .help = "go on with new lines as they come",
       .example = "--follow"))
OPTION("lines", LOGS, "N", "lines, 1 to 1000",
  ROW(.kind = OPTION_NUMBER, .target = OPTION_LINES, .min = 1, .max = 1000),
  TEXT(.group = OPTION_GROUP_OUTPUT, .fallback = "100", .help = "how many of the newest lines", .example = "--lines 20"))
OPTION("json", STATUS | LIST | LOGS, "", "",
  ROW(.kind = OPTION_FLAG, .target = OPTION_JSON),
  TEXT(.group = OPTION_GROUP_OUTPUT, .fallback = "text for people",
       .help = "print one JSON object a line on standard output",
       .text = "What can be in it is told in json-daemon.md among uptun's documents.", .example = "--json"))
/* ---- every command ---- */
OPTION("help", ANY & ~HELP, "", "",
  ROW(.letter = 'h', .kind = OPTION_FLAG, .target = OPTION_HELP),
  TEXT(.group = OPTION_GROUP_OUTPUT, .fallback = "off", .help = "print this help and do nothing else",
       .example = "--help"))
/* ---- for the documents' maker ---- */
OPTION("format", HELP, "text|mdoc|markdown|bash", "one of the words",
  ROW(.kind = OPTION_TEXT, .target = OPTION_FORMAT),
  TEXT(.group = OPTION_GROUP_HIDDEN, .fallback = "text", .help = "write help as mdoc, the JSON events as Markdown, or completions for bash",
       .example = "--format mdoc"))
/* clang-format on */
