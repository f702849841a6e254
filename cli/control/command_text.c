/* command_text.c - what is said about the commands
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/command_text.h"

const struct command_text command_texts[COMMAND_N] = {
	[COMMAND_UP] = {
		.usages = { "l2tp SERVER [OPTION...] [-- PPPD-OPTION...]",
			    "pptp SERVER [OPTION...] [-- PPPD-OPTION...]",
			    "--profile FILE [--profile FILE]... [OPTION...] [-- PPPD-OPTION...]" },
		.operand = "l2tp|pptp",
		.summary = "bring tunnels up and stay until they end",
		.text = "Brings up an L2TP or PPTP tunnel to SERVER with one PPP session in it, or what each profile FILE "
			"describes, and stays in the foreground. One line is printed for each milestone, with the "
			"time since the attempt began.\n\n"
			"SIGINT, SIGTERM and SIGHUP end every tunnel in good order: PPP first, then the session, "
			"then the tunnel, each wait bounded. A second signal ends them at once. Everything uptun "
			"made - interfaces, kernel tunnels, routes, pppd - is gone when it has ended, also when it "
			"was killed.\n\n"
			"Options given beside --profile replace what the files say, --route adds to it. With "
			"several files, the end of one tunnel does not end the others, and the exit status is that "
			"of the first one that failed.\n\n"
			"With --daemon, uptun daemon does all this: uptun reads files and secrets, hands them over, prints the "
			"milestones and returns with status 0 when every session of every tunnel is up. With --foreground too it stays, and "
			"takes the tunnels with it when it ends. See uptun status and uptun down.\n\n"
			"Each PPPD-OPTION is one word given to pppd for every session, after uptun's own, so that "
			"it wins. Words that would put a secret on the command line are refused.\n\n"
			"Exit status: 0 clean end, 1 system, 2 network, 3 protocol, 4 tunnel authentication failed, 5 user "
			"requested, 6 remote requested, 32+n pppd ended with n; 51 is a refused password.",
		.examples = { "uptun up l2tp vpn.example.org --user joe --password-file joe.password",
			      "uptun up l2tp 192.0.2.7 --secret-file tunnel.secret --default-route --reconnect",
			      "uptun up --profile office.textproto --profile lab.textproto --json",
			      "uptun up pptp vpn.example.org --user joe --password-file joe.password --mppe require",
			      "uptun up l2tp vpn.example.org --user joe --password-file - -- nobsdcomp debug",
			      "uptun up --daemon --profile office.textproto" },
	},
	[COMMAND_MTPD] = {
		.usages = { "INTERFACE l2tp SERVER PORT SECRET [PPPD-OPTION...]",
			    "INTERFACE pptp SERVER PORT [PPPD-OPTION...]" },
		.operand = "IF",
		.summary = "take the command line of Android's mtpd",
		.text = "Takes what Android's mtpd takes, in its order, and ends with its exit statuses; also when "
			"uptun is started under the name mtpd. The outer packets are bound to INTERFACE unless it is "
			"empty; an empty SECRET means that the tunnel is not authenticated.\n\n"
			"Of the PPPD-OPTIONs uptun keeps \"name\" and \"user\" with their USER, \"password\" with its "
			"PASSWORD, \"mtu\" and \"mru\" with their numbers, \"usepeerdns\", and \"mppe\", \"+mppe\", "
			"\"nomppe\" and \"-mppe\", which mean that encryption is required or refused; all others go to pppd. "
			"SECRET and PASSWORD are overwritten in the command line before anything else is done. "
			"Where there is a choice, use uptun up: there secrets are never on the command line.\n\n"
			"With Android's control socket (ANDROID_SOCKET_mtpd) the words come through it in the place of the "
			"command line: at most 31, each of at most 1023 octets. When they are good the framework is told so; "
			"when it closes the connection the tunnel ends in good order, with status 5. The abort file, the state "
			"file and the words of the log are then those of mtpd; the environment can ask for them, or for "
			"others, in any case.",
		.examples = { "uptun mtpd wlan0 l2tp vpn.example.org 1701 \"\" name joe password x mtu 1400 mru 1400",
			      "uptun mtpd wlan0 pptp vpn.example.org 1723 name joe password x +mppe" },
	},
	[COMMAND_DECODE] = {
		.usages = { "[--hex] [--secret-file FILE] [--json] [FILE]", "--pptp [--hex] [--json] [FILE]",
			    "--gre [--hex] [--json] [FILE]" },
		.operand = "FILE",
		.summary = "show an L2TP or PPTP message field by field",
		.text = "Prints one L2TPv2 message, its header and AVP by AVP, from FILE or, without FILE or with -, from "
			"standard input. With --pptp, every control message of a PPTP stream field by field; with --gre, "
			"the header of a packet of enhanced GRE, and which protocol of PPP is in it. "
			"What is wrong is told on standard error with reason and offset.\n\n"
			"Exit status: 0 when all is well-formed, 3 when something is malformed, 1 when the input cannot be "
			"read or is no message.",
		.examples = { "uptun decode message.bin", "tcpdump -x -c 1 -i eth0 udp port 1701 | uptun decode --hex",
			      "tcpdump -x -c 1 -i eth0 ip proto 47 | uptun decode --hex",
			      "echo c8020014000000000000000080080000 00000006 | uptun decode --hex" },
	},
	[COMMAND_GRAPH] = {
		.usages = { "[--format FORMAT] [MACHINE]", "--list" },
		.operand = "MACHINE",
		.summary = "print the tables of the state machines",
		.text = "Prints the table that MACHINE runs on, or those of all machines: what uptun does in every state on "
			"every event, with the section of the RFC each row comes from. The engine reads the same tables.\n\n"
			"The formats: tsv, one state and one event a line, tab-separated under a header; dot, a picture in "
			"Graphviz's language; svg, that picture drawn by Graphviz's dot, of one MACHINE; md, a page in "
			"Markdown with table and glossary; promela, a model that spin checks, of one MACHINE.",
		.examples = { "uptun graph l2tp-control", "uptun graph l2tp-control --format svg >l2tp-control.svg",
			      "uptun graph --list" },
	},
	[COMMAND_REPLAY] = {
		.usages = { "[-v] [--json] [--table] [--svg FILE] [--html FILE] [--secret-file FILE]... FILE", "--count FILE", "--respond FILE",
			    "[-v] [--secret-file FILE]... [--force] JOURNAL" },
		.operand = "FILE",
		.summary = "tell the story of a capture and what its ends did wrong, or of a journal",
		.text = "Reads a capture (pcap or pcapng, - is standard input) and follows every L2TPv2 and PPTP connection "
			"in it on both ends, through the tables that uptun itself runs on: each message with the time, the "
			"transition it makes at each end and the section of the RFC that says so; retransmissions, losses, "
			"the PPP protocols inside, how it ended. Where an end does what no row allows, it is a violation, "
			"told with the rule. A capture may begin in the middle of a connection or be cut short: then states "
			"are learnt from what is seen. IPsec is counted, not guessed.\n\n"
			"What an end received is taken from what it acknowledges, so a transition is told with the frame "
			"that proves it. Faults known by name: swapped tunnel, session and call ids, the 8-octet and the "
			"byte-swapped result code, the out-of-order SCCRQ and StopCCN, MPPE refused.\n\n"
			"Exit status: 0 without a violation, 3 with one, 1 when the capture cannot be read.\n\n"
			"Of a journal (uptun up --journal) every event is fed to the engine again, in its own time, and every "
			"effect is compared with what came then. Told is each step of each machine: when, in which state, on "
			"which event and answer, what it did, where it went, and where that is written. Without its secret "
			"an authenticated tunnel is judged as it was then, and what was made with the secret is compared by "
			"length only; this is said. The exit status is 0 when every effect came again, 3 at the first "
			"difference, 1 when the journal is damaged, was made with other tables, or cannot be read; one that "
			"was cut off is replayed to its last whole record. See uptun-journal(5).",
		.examples = { "uptun replay vpn.pcap", "uptun replay --table --html vpn.html vpn.pcap",
			      "uptun replay -v --secret-file tunnel.secret office.journal",
			      "tcpdump -w - -i eth0 udp port 1701 | uptun replay -v -" },
	},
	[COMMAND_DAEMON] = {
		.usages = { "[OPTION...]" },
		.summary = "run any number of tunnels in one process, which takes orders over a socket",
		.text = "Stays in the foreground and brings tunnels up and down as its clients ask: protobuf messages over a "
			"Unix socket, see uptun-api(5). What is in the folder of --profiles is brought up at once.\n\n"
			"It is started by root. A small launcher stays root: it starts pppd, and undoes everything when the "
			"daemon is gone, however it ended. The daemon itself becomes the user uptun, keeps CAP_NET_ADMIN "
			"alone, and lives under a filter of system calls. For a client it opens no file, and pppd is given "
			"words of a list only.\n\n"
			"SIGTERM, SIGINT and SIGHUP end all tunnels in good order and then the daemon; a second signal ends them "
			"at once. systemd is told when it is ready (Type=notify), that it is alive (WatchdogSec=), and what it "
			"does; lines of the log have the fields UPTUN_TUNNEL, UPTUN_NAME and UPTUN_EVENT in the journal.",
		.examples = { "uptun daemon", "uptun daemon --profiles /etc/uptun --group wheel",
			      "uptun daemon --max-tunnels 1000 --max-pptp 0 -v" },
	},
	[COMMAND_STATUS] = {
		.usages = { "[ID|NAME] [--watch] [--json] [--socket PATH]" },
		.operand = "TUNNEL",
		.summary = "show how the daemon's tunnels are",
		.text = "Asks uptun daemon and prints a table with a row for each session, or, with a tunnel named, everything "
			"about that one. A word that is a number is an id, else it is a name.\n\n"
			"Exit status: 0; 2 when there is no such tunnel; 1 when there is no daemon, it may not be asked, or it "
			"ended meanwhile.",
		.examples = { "uptun status", "uptun status --watch", "uptun status office", "uptun status 3 --json" },
	},
	[COMMAND_LIST] = {
		.usages = { "[--quiet] [--json] [--socket PATH]" },
		.summary = "list the daemon's tunnels",
		.text = "Prints a row for each tunnel of uptun daemon: its id, name, protocol, server and state.\n\n"
			"Exit status: 0; 1 when there is no daemon or it may not be asked.",
		.examples = { "uptun list", "uptun list --quiet" },
	},
	[COMMAND_DOWN] = {
		.usages = { "ID|NAME... [--socket PATH]", "--all [--socket PATH]" },
		.operand = "TUNNEL",
		.summary = "take tunnels of the daemon down",
		.text = "Asks uptun daemon to end the tunnels in good order, and returns when it has been asked; asked again, it "
			"ends them at once. A word that is a number is an id, else it is a name.\n\n"
			"Exit status: 0; 2 when there is no such tunnel; 1 when there is no daemon or it may not be asked. One "
			"that is not there does not keep the others up.",
		.examples = { "uptun down office", "uptun down 3 4", "uptun down --all" },
	},
	[COMMAND_LOGS] = {
		.usages = { "[ID|NAME] [--lines N] [--follow] [--json] [--socket PATH]" },
		.operand = "TUNNEL",
		.summary = "print the daemon's log",
		.text = "Prints the newest lines of the log of uptun daemon, which keeps the last 1000, or those of one tunnel. A "
			"tunnel that has ended is named by its id.\n\n"
			"Exit status: 0; 2 when there is no such tunnel; 1 when there is no daemon, it may not be asked, or it "
			"ended meanwhile.",
		.examples = { "uptun logs", "uptun logs office --follow", "uptun logs --lines 20 --json" },
	},
	[COMMAND_LOG_LEVEL] = {
		.usages = { "LEVEL [--socket PATH]" },
		.operand = "milestones|notes|steps",
		.summary = "choose what goes into the daemon's log",
		.text = "LEVEL is milestones, with warnings; notes, with retransmissions and phases of pppd too; or steps, with "
			"every step of every machine.\n\n"
			"Exit status: 0; 1 when there is no such level or no daemon, or it may not be asked.",
		.examples = { "uptun log-level notes" },
	},
	[COMMAND_METRICS] = {
		.usages = { "[--socket PATH]" },
		.summary = "print everything the daemon counts, as OpenMetrics text",
		.text = "What Prometheus and others read, as from a file of node_exporter's textfile collector.\n\n"
			"Exit status: 0; 1 when there is no daemon or it may not be asked.",
		.examples = { "uptun metrics", "uptun metrics >/var/lib/node_exporter/uptun.prom" },
	},
	[COMMAND_VERSION] = {
		.usages = { "" },
		.summary = "print the version",
		.text = "Prints the name and the version of the program; so does uptun --version.",
		.examples = { "uptun version" },
	},
	[COMMAND_HELP] = {
		.usages = { "[COMMAND]" },
		.operand = "COMMAND",
		.summary = "print help, on the whole or on one command",
		.text = "Prints the list of commands or, with COMMAND, its usage, options and examples; so do "
			"uptun --help and uptun COMMAND --help. The word pppd-options in COMMAND's place prints what "
			"users of the daemon may give to pppd.",
		.examples = { "uptun help up", "uptun help pppd-options" },
	},
};
