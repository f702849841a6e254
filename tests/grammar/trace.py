#!/usr/bin/env python3
# trace.py - a decoder whose machines tell every transition they take, and the list of those that its grammar has
# SPDX-License-Identifier: Apache-2.0
#
# usage: trace.py RAGEL HOST.rl OUT.c
#
# The transitions come from Ragel's own intermediate form (-x), the code from its plainest style (-T0), in which every
# transition passes one label.  OUT.c is included by a test, behind tests/grammar/grammar.h.
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

END_OF_INPUT = 256


def run_ragel(ragel, host, *options):
    command = [ragel, *options, "-I", str(Path(host).parent), "-o", "/dev/stdout", host]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def transitions_of(definition):
    """(state, first octet, last octet) of each; no transition leads into the error state"""
    found = []
    for state in definition.iter("state"):
        number = int(state.get("id"))
        for transition in state.iter("t"):
            low, high, target, _actions = transition.text.split()
            if target != "x":
                found.append((number, int(low), int(high)))
        if state.find("eof_t") is not None:
            found.append((number, END_OF_INPUT, END_OF_INPUT))
    return found


def table(name, transitions):
    rows = "".join("\t{ %d, %d, %d },\n" % row for row in transitions)
    return "static const struct grammar_transition grammar_transitions_%s[] = {\n%s};\n" % (name, rows)


def trace(code):
    """a hook before each transition: `_match` for octets, the jump to `_eof_trans` for the end"""
    machine, lines = None, []
    for line in code.splitlines():
        used = re.match(r"\s*_keys = _(\w+)_trans_keys \+", line)
        machine = used.group(1) if used else machine
        if re.match(r"\s*goto _eof_trans;", line):
            lines.append("\tgrammar_take(&grammar_taken_%s, cs, %d);" % (machine, END_OF_INPUT))
        lines.append(line)
        if line == "_match:":
            lines.append("\tgrammar_take(&grammar_taken_%s, cs, *p);" % machine)
    return "\n".join(lines) + "\n"


def main():
    ragel, host, out = sys.argv[1:]
    definitions = ElementTree.fromstring(run_ragel(ragel, host, "-x")).iter("ragel_def")
    transitions = {d.get("name"): transitions_of(d) for d in definitions}
    written = [run_part for run_part in ("static struct grammar_taken grammar_taken_%s;\n" % n for n in transitions)]
    written += [table(name, rows) for name, rows in transitions.items()]
    written.append(trace(run_ragel(ragel, host, "-C", "-T0", "-L")))
    Path(out).write_text("".join(written))


main()
