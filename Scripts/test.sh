#!/bin/sh
# Builds the tests and runs every suite, one target after another: each has both processors for itself, so that a
# stand-in server is never starved by a test of something else. Arguments go to `swift test`.
set -eu
cd "$(dirname "$0")/.."

echo "== formatting, and the arrows between folders"
swift format lint --strict --recursive Sources Tests Benchmarks Package.swift
python3 Scripts/house.py . --check

swift build --build-tests "$@"

# So many tests at once: hundreds of stand-in servers started side by side on two processors wait for one another
# until every test runs out of patience.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=4

failed=""
for target in Tests/*Tests; do
    name=$(basename "$target")
    echo "== $name"
    swift test --skip-build "$@" --filter "^$name\\." || failed="$failed $name"
done
echo "== bytes that nobody meant, 10 s for each place where some come in"
fuzz="$(swift build "$@" --show-bin-path)/nids-fuzz"
"$fuzz" list | SWIFT_BACKTRACE=enable=no xargs -P "$(nproc)" -I TARGET "$fuzz" TARGET Fuzz/Seeds/TARGET --seconds 10 \
    || failed="$failed fuzzing"
if [ -n "$failed" ]; then
    echo "Failed:$failed" >&2
    exit 1
fi
