#!/bin/sh
# Builds the tests and runs every suite, one target after another: each has both processors for itself, so that a
# stand-in server is never starved by a test of something else. Arguments go to `swift test`.
set -eu
cd "$(dirname "$0")/.."

echo "== formatting, and the arrows between folders"
swift format lint --strict --recursive Sources Tests Benchmarks Package.swift
python3 Scripts/house.py . --check

swift build --build-tests "$@"

# So many tests at once: every stand-in server keeps one of libdispatch's threads waiting for its sockets, and there are
# 255 of these at most, a new one a second. Hundreds side by side wait for one until every test runs out of patience.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=4

# What failed is said again at the end, where somebody who sees only the last lines of a long log finds it.
logs=.build/test-logs
rm -rf "$logs"
mkdir -p "$logs"
failed=""
for target in Tests/*Tests; do
    name=$(basename "$target")
    echo "== $name"
    { swift test --skip-build "$@" --filter "^$name\\." 2>&1 || touch "$logs/$name.failed"; } | tee "$logs/$name.log"
    if [ -e "$logs/$name.failed" ]; then failed="$failed $name"; fi
done
echo "== bytes that nobody meant, 10 s for each place where some come in"
fuzz="$(swift build "$@" --show-bin-path)/nids-fuzz"
{
    "$fuzz" list | SWIFT_BACKTRACE=enable=no \
        xargs -P "$(nproc)" -I TARGET "$fuzz" TARGET Fuzz/Seeds/TARGET --seconds 10 2>&1 || touch "$logs/fuzzing.failed"
} | tee "$logs/fuzzing.log"
if [ -e "$logs/fuzzing.failed" ]; then failed="$failed fuzzing"; fi
if [ -n "$failed" ]; then
    for name in $failed; do
        echo "== what failed in $name"
        grep -A 3 -e '✘' -e 'Fatal error' -e 'unexpected signal' -e 'ERROR:' -e 'finding' "$logs/$name.log" | head -n 80
    done
    echo "Failed:$failed"
    exit 1
fi
