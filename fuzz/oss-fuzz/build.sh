#!/bin/bash
# build.sh - OSS-Fuzz: every target of fuzz/, its corpus and its dictionary into $OUT
# SPDX-License-Identifier: Apache-2.0
#
# Environment: SRC, OUT, WORK, CC, CXX, CFLAGS, CXXFLAGS, LIB_FUZZING_ENGINE. Sanitizers and counters are in CFLAGS.
set -eu

cd "$SRC/uptun"
build=${WORK:-/tmp}/uptun

# The machine that runs them has C's and C++'s libraries alone: the others that are not linked in go along.
libraries() { # PROGRAM
	ldd "$1" | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p' |
		grep -vE '/(libc|libm|libdl|librt|libpthread|libresolv|libgcc_s|libstdc\+\+)\.so'
}

install_target() { # TARGET
	local library seeds
	cp "$build/bin/fuzz_$1" "$OUT/"
	if [ -d "$build/seeds/$1" ]; then seeds="$build/seeds/$1"; else seeds="fuzz/corpus/$1"; fi
	zip -q -j -r "$OUT/fuzz_$1_seed_corpus.zip" "$seeds"
	[ ! -e "fuzz/$1.dict" ] || cp "fuzz/$1.dict" "$OUT/fuzz_$1.dict"
	for library in $(libraries "$build/bin/fuzz_$1"); do
		cp -L "$library" "$OUT/lib/"
	done
}

mkdir -p "$OUT/lib"
# RPATH, not RUNPATH: it holds for the libraries of the libraries too.
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=None -DUPTUN_FUZZ=ON \
	-DUPTUN_FUZZ_ENGINE="$LIB_FUZZING_ENGINE" -DUPTUN_FUZZ_LINKER=CXX \
	-DCMAKE_BUILD_RPATH="\$ORIGIN/lib" -DCMAKE_EXE_LINKER_FLAGS=-Wl,--disable-new-dtags
cmake --build "$build" --target fuzz_programs
for source in fuzz/fuzz_*.c; do
	target=$(basename "$source" .c)
	install_target "${target#fuzz_}"
done
