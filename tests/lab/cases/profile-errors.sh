#!/usr/bin/env bash
# profile-errors.sh - a profile with a mistake: told with file, line and column, before anything is sent
# SPDX-License-Identifier: Apache-2.0
# limit: 40
. "${LAB:-${0%/*}/..}/lib.sh"

server_up
leftovers_begin
capture_start wire udp port 1701

try() { # WHAT PATTERN   the profile comes on stdin
	cat >/run/lab/bad.textproto
	uptun_start up --profile /run/lab/bad.textproto
	uptun_wait 3
	check_equal "$1: status 1" 1 "$STATUS"
	check_says "$1: said" "$2"
}

try 'unknown field' 'bad\.textproto:2:[0-9]+.*sever' <<<$'name: "x"\nsever: "'$SERVER'"'
try 'unclosed string' 'bad\.textproto:1:[0-9]+' <<<'name: "x'
try 'wrong kind of value' 'bad\.textproto:2:[0-9]+' <<<$'name: "x"\nport: "many"'
try 'number out of range' 'port' <<<$'name: "x" server: "'$SERVER$'"\nport: 70000 l2tp { }'
try 'no server' 'server' <<<'name: "x" l2tp { }'
try 'unclosed block' 'bad\.textproto:[0-9]+:[0-9]+' <<<$'name: "x"\nl2tp {'
uptun_start up --profile /run/lab/missing.textproto
uptun_wait 3
check_equal 'missing file: status 1' 1 "$STATUS"
check_says 'missing file: named' 'missing\.textproto'
capture_stop
check_equal 'nothing was sent' '' "$(capture_lines wire)"
check_nothing_left
