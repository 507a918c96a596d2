#!/bin/sh
# Gives every place where bytes come in bytes that nobody meant, under libFuzzer and AddressSanitizer.
#   fuzz.sh [--seconds N | --runs N] [TARGET…]      N seconds of each target, 600 unless given, or N executions
# What it learns lies in Fuzz/Corpus, what it finds in Fuzz/Findings; a finding becomes a test, and its input a seed.
# The build has a folder of its own, and takes minutes only the first time.
set -eu
cd "$(dirname "$0")/.."

limit="-max_total_time=600"
case "${1:-}" in
--seconds | --runs)
    limit="-max_total_time=$2"
    [ "$1" = --seconds ] || limit="-runs=$2"
    shift 2
    ;;
esac

runtime="$(swiftc -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')"
library="$(ls "$runtime"/../clang/*/lib/linux/libclang_rt.fuzzer_no_main-"$(uname -m)".a \
    "$runtime"/clang/lib/linux/libclang_rt.fuzzer_no_main-"$(uname -m)".a 2>/dev/null | head -n 1)"
[ -n "$library" ] || { echo "this Swift brings no libFuzzer" >&2; exit 1; }

build="swift build --scratch-path .build-fuzz --product nids-fuzz --sanitize address
    -Xswiftc -O -Xswiftc -sanitize-coverage=edge,inline-8bit-counters,pc-table,trace-cmp
    -Xcc -O1 -Xcc -fsanitize-coverage=edge,inline-8bit-counters,pc-table,trace-cmp
    -Xlinker -u -Xlinker LLVMFuzzerRunDriver -Xlinker --export-dynamic-symbol=LLVMFuzzerRunDriver
    -Xlinker $library -Xlinker -lstdc++"
# shellcheck disable=SC2086  # words, on purpose
$build >&2
# shellcheck disable=SC2086
program="$($build --show-bin-path)/nids-fuzz"

# Else a crash waits for Swift's backtracer for minutes.
export SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS="detect_leaks=0:malloc_context_size=2:quarantine_size_mb=16:${ASAN_OPTIONS:-}"
failed=""
for target in ${*:-$("$program" list)}; do
    mkdir -p "Fuzz/Corpus/$target" "Fuzz/Findings/$target"
    echo "== $target"
    "$program" "$target" -max_len=65536 -timeout=1 -rss_limit_mb=1024 "$limit" -print_final_stats=1 \
        -verbosity=0 -artifact_prefix="Fuzz/Findings/$target/" "Fuzz/Corpus/$target" "Fuzz/Seeds/$target" \
        || failed="$failed $target"
done
if [ -n "$failed" ]; then
    echo "Found something:$failed (see Fuzz/Findings)" >&2
    exit 1
fi
