#!/usr/bin/env bash
# pptp-journal.sh - a call of PPTP whose journal is kept comes again when it is replayed; that of a killed client does too
# SPDX-License-Identifier: Apache-2.0
# limit: 90
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/pptpd.sh"

pptpd_up
leftovers_begin
journal=/run/lab/plain.journal
dial_pptp --journal $journal
must_come_up
check "the server's end of the link answers" reaches $SERVER_PPP
check_stops
check_nothing_left
check_equal 'only its owner may read the journal' 600 "$(stat -c %a $journal)"
check 'the password is not in it' bash -c '! grep -qaF -- "$1" "$2"' - "$PASSWORD" $journal
check_replays 'it comes again' $journal
check_has 'all of it' $journal.verdict 'reproduced'
check_has "the connection is told in the tables' words" $journal.story 'wait-ctl-reply, Receive SCCRP'
check_has 'and the call' $journal.story 'wait-reply, Receive OCRP'

journal=/run/lab/killed.journal
dial_pptp --journal $journal
must_come_up
kill -KILL "$uptun_pid"
wait "$uptun_pid" 2>/dev/null
check_nothing_left 3
check_replays 'that of a killed client comes again' $journal
check_has 'and that it has no end is said' $journal.verdict 'has no end'
