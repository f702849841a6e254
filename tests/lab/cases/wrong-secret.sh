#!/usr/bin/env bash
# wrong-secret.sh - a wrong tunnel secret, and a missing one: status 4, said clearly
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"

server_up --auth chap --secret "$TUNNEL_SECRET"
printf 'not the secret' >/run/lab/wrong
leftovers_begin
dial --secret-file /run/lab/wrong
check_ends 4 15
check_says 'the tunnel secret is named as the cause' 'tunnel secret'
check_nothing_left
dial
check_ends 4 15
check_says 'and what to do' 'secret-file'
check_nothing_left
