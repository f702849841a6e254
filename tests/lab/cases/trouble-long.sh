#!/usr/bin/env bash
# trouble-long.sh - thirty minutes of what trouble.sh does in three
# SPDX-License-Identifier: Apache-2.0
# limit: 1980
# labels: long
seconds=1800
. "${LAB:-${0%/*}/..}/cases/trouble.sh"
