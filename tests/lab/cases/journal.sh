#!/usr/bin/env bash
# journal.sh - a tunnel whose journal is kept comes again when it is replayed; that of a killed client does too
# SPDX-License-Identifier: Apache-2.0
# limit: 90
. "${LAB:-${0%/*}/..}/lib.sh"

server_up --auth chap --secret "$TUNNEL_SECRET"
leftovers_begin
journal=/run/lab/plain.journal
dial --secret-file $SECRET_FILE --journal $journal
must_come_up
check "the server's end of the link answers" reaches $SERVER_PPP
check_stops
check_nothing_left
check_equal 'only its owner may read the journal' 600 "$(stat -c %a $journal)"
check 'the tunnel secret is not in it' bash -c '! grep -qaF -- "$1" "$2"' - "$TUNNEL_SECRET" $journal
check 'nor is the password' bash -c '! grep -qaF -- "$1" "$2"' - "$PASSWORD" $journal
check_replays 'it comes again with the secret' $journal --secret-file $SECRET_FILE
check_replays 'it comes again without, too' $journal
check_has 'and that is said' $journal.verdict 'without the tunnel secret'
check_has "the story is told in the tables' words" $journal.story 'wait-ctl-reply, Receive SCCRP: acceptable'

journal=/run/lab/killed.journal
dial --secret-file $SECRET_FILE --journal $journal
must_come_up
kill -KILL "$uptun_pid"
wait "$uptun_pid" 2>/dev/null
check_nothing_left 2
check_replays 'that of a killed client comes again' $journal --secret-file $SECRET_FILE
check_has 'and that it has no end is said' $journal.verdict 'has no end'
