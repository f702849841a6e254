#!/usr/bin/env bash
# server-gone.sh - the server vanishes while the tunnel is up: HELLO finds out
# SPDX-License-Identifier: Apache-2.0
# limit: 120
. "${LAB:-${0%/*}/..}/lib.sh"

server_up --auth chap
leftovers_begin
dial --hello 2 --tries 3
must_come_up
server_freeze
gone=${EPOCHREALTIME/./}
uptun_wait 60
ms_since "$gone"
check_equal "a frozen server is found (after $MS ms): 2" 2 "$STATUS"
check_says 'it is said that the server stopped answering' 'silent|answer|respon|repl|hello'
check_nothing_left
server_kill

server_start
dial --hello 2 --tries 3
must_come_up
server_kill
uptun_wait 60
check_equal 'a killed server is found: 2' 2 "$STATUS"
check_nothing_left
