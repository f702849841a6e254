#!/usr/bin/env bash
# pptp-mppe-refused.sh - MPPE required, and the server has none: 42, and what to change
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/pptpd.sh"

check_refused() { # WHAT
	dial_pptp --mppe require
	uptun_wait 20
	check_equal "$1: 42" 42 "$STATUS"
	check_says "$1: why" 'mppe required but peer refused'
	check_says "$1: and what to change" '--mppe'
	check_nothing_left 4
}

pptpd_up --auth mschap-v2
leftovers_begin
check_refused 'no CCP at the server'
pptpd_kill

pptpd_up --auth chap
leftovers_begin
dial_pptp --mppe require
uptun_wait 20
check "a server without MS-CHAPv2 has no keys for MPPE: no link ($STATUS)" test "$STATUS" -gt 32
check_nothing_left 4
