#!/bin/sh
# Runs the suites under ThreadSanitizer, then under AddressSanitizer, each built in a folder of its own.
#   sanitize.sh [--only thread|address] [SUITE…]      HTTPTests, TranscriberTests…; all suites unless named
set -eu
cd "$(dirname "$0")/.."

kinds="thread address"
if [ "${1:-}" = --only ]; then
    kinds=$2
    shift 2
fi
suites=${*:-$(for folder in Tests/*Tests; do basename "$folder"; done)}

# Else a crash waits for Swift's backtracer for minutes.
export SWIFT_BACKTRACE=enable=no
failed=""
for kind in $kinds; do
    folder=.build-tsan
    [ "$kind" = thread ] || folder=.build-asan
    swift build --scratch-path "$folder" --sanitize "$kind" --build-tests
    export TSAN_OPTIONS="halt_on_error=0 exitcode=66 suppressions=$PWD/Scripts/tsan-suppressions.txt"
    export ASAN_OPTIONS="detect_leaks=0"
    for suite in $suites; do
        echo "== $suite under $kind"
        swift test --scratch-path "$folder" --sanitize "$kind" --skip-build --filter "^$suite\\." \
            || failed="$failed $suite($kind)"
    done
done
if [ -n "$failed" ]; then
    echo "Failed:$failed" >&2
    exit 1
fi
