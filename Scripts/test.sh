#!/bin/sh
# Builds and runs every test. Arguments go to `swift test`.
set -eu
cd "$(dirname "$0")/.."
exec swift test "$@"
