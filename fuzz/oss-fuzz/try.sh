#!/usr/bin/env bash
# try.sh - build.sh as OSS-Fuzz calls it, and then every program of $OUT on its own seeds
# SPDX-License-Identifier: Apache-2.0
#
# usage: try.sh FOLDER      the folder is emptied; exit 77 without clang or zip
set -eu
folder=${1:?usage: try.sh FOLDER}
repository=$(dirname "$(readlink -f "$0")")/../..

for tool in clang clang++ zip unzip; do
	command -v $tool >/dev/null || { echo "no $tool"; exit 77; }
done
rm -rf "$folder"
mkdir -p "$folder/src" "$folder/out" "$folder/work"
folder=$(readlink -f "$folder")
git clone -q --depth 1 "file://$(readlink -f "$repository")" "$folder/src/uptun"

export SRC=$folder/src OUT=$folder/out WORK=$folder/work CC=clang CXX=clang++ LIB_FUZZING_ENGINE=-fsanitize=fuzzer
export CFLAGS='-O1 -fno-omit-frame-pointer -gline-tables-only -fsanitize=address -fsanitize=fuzzer-no-link'
export CXXFLAGS=$CFLAGS
bash "$SRC/uptun/fuzz/oss-fuzz/build.sh"

for source in "$SRC"/uptun/fuzz/fuzz_*.c; do
	target=$(basename "$source" .c)
	echo "$target: its seeds"
	mkdir "$folder/work/$target"
	unzip -q "$OUT/${target}_seed_corpus.zip" -d "$folder/work/$target"
	"$OUT/$target" -runs=0 "$folder/work/$target" 2>"$folder/work/log" || { cat "$folder/work/log"; exit 1; }
	! ldd "$OUT/$target" | grep 'not found' || exit 1
done
