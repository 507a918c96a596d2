#!/bin/sh
# Gives every place where bytes come in bytes that nobody meant, under libFuzzer and AddressSanitizer.
#   fuzz.sh [--seconds N | --runs N] [--jobs N] [TARGET…]
#       N seconds of each target, 600 unless given, or N executions of each; so many targets at once, one unless given
# What it learns lies in Fuzz/Corpus, what it finds in Fuzz/Findings; a finding becomes a test, and its input a seed.
# Our own modules are compiled anew, into .build-fuzz, and linked with what the debug build has made of all others.
set -eu
cd "$(dirname "$0")/.."

limit="-max_total_time=600"
jobs=1
while :; do
    case "${1:-}" in
    --seconds) limit="-max_total_time=$2" ;;
    --runs) limit="-runs=$2" ;;
    --jobs) jobs=$2 ;;
    *) break ;;
    esac
    shift 2
done

runtime="$(swiftc -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')"
library="$(ls "$runtime"/../clang/*/lib/linux/libclang_rt.fuzzer_no_main-"$(uname -m)".a \
    "$runtime"/clang/lib/linux/libclang_rt.fuzzer_no_main-"$(uname -m)".a 2>/dev/null | head -n 1)"
[ -n "$library" ] || { echo "this Swift brings no libFuzzer" >&2; exit 1; }

swift build --product nids-fuzz >&2
debug="$(swift build --show-bin-path)"
out=.build-fuzz
mkdir -p "$out"

coverage="edge,inline-8bit-counters,pc-table,trace-cmp"
maps="$(find "$PWD"/.build/checkouts/*/Sources "$PWD"/Sources "$debug"/CXMLPush.build -name module.modulemap \
    -not -path "*/GRDBSQLCipher/*")"
options="-O -wmo -parse-as-library -enable-testing -swift-version 6 -package-name nids -g
    -sanitize=address -sanitize-coverage=$coverage -I $out -I $debug/Modules
    -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault
    -enable-upcoming-feature MemberImportVisibility -module-cache-path $out/cache
    $(pkg-config --cflags-only-I libcurl libxml-2.0 libmariadb)"
for map in $maps; do options="$options -Xcc -fmodule-map-file=$map -Xcc -I$(dirname "$map")"; done

# compile MODULE FOLDER OBJECT…: where a source, or an object that it needs, is newer than what is there.
compile() {
    module=$1
    folder=$2
    shift 2
    [ -n "$(find "$folder" Scripts/fuzz.sh "$@" -type f -name '*.[so]*' -newer "$out/$module.o" 2>&1 | head -n 1)" ] \
        || return 0
    echo "compiling $module" >&2
    # shellcheck disable=SC2046,SC2086  # words, on purpose; no name of ours has a space
    swiftc $options -module-name "$module" -emit-module -emit-module-path "$out/$module.swiftmodule" \
        -c -o "$out/$module.o" $(find "$folder" "$debug/$module.build/DerivedSources" -name '*.swift' 2>/dev/null)
}

compile HTTP Sources/HTTP
(compile DAV Sources/DAV "$out/HTTP.o" && compile MariaDB Sources/MariaDB) & others=$!
compile Transcriber Sources/Transcriber "$out/HTTP.o"
wait "$others"
compile NidsSync Sources/NidsSync "$out/DAV.o" "$out/MariaDB.o" "$out/Transcriber.o"
compile nids_fuzz Fuzz "$out/NidsSync.o"
# shellcheck disable=SC2046
clang -c -O1 -g -fsanitize=address -fsanitize-coverage=$coverage $(pkg-config --cflags libxml-2.0) \
    -ISources/CXMLPush/include Sources/CXMLPush/CXMLPush.c -o "$out/CXMLPush.o"

program="$out/nids-fuzz"
if [ -n "$(find "$out" -name '*.o' -newer "$program" 2>&1 | head -n 1)" ]; then
    own='/\(HTTP\|DAV\|MariaDB\|Transcriber\|NidsSync\|nids_fuzz\|CXMLPush\)\.build/'
    grep -v "$own" "$debug/nids-fuzz.product/Objects.LinkFileList" >"$out/others"
    # shellcheck disable=SC2046
    swiftc -sanitize=address -o "$program" "$out"/*.o "@$out/others" "$library" -lstdc++ \
        -Xlinker -u -Xlinker LLVMFuzzerRunDriver -Xlinker --export-dynamic-symbol=LLVMFuzzerRunDriver \
        $(pkg-config --libs libcurl libxml-2.0 libmariadb sqlite3)
fi

# Else a crash waits for Swift's backtracer for minutes.
export SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS="detect_leaks=0:malloc_context_size=2:quarantine_size_mb=16:${ASAN_OPTIONS:-}"
targets="${*:-$("$program" list)}"
for target in $targets; do mkdir -p "Fuzz/Corpus/$target" "Fuzz/Findings/$target"; done
rm -f "$out"/*.failed
# shellcheck disable=SC2016,SC2086
printf '%s\n' $targets | xargs -P "$jobs" -I TARGET sh -c '
    log="$1/TARGET.log"
    "$1/nids-fuzz" TARGET -max_len=65536 -timeout=1 -rss_limit_mb=1024 '"$limit"' -print_final_stats=1 -verbosity=0 \
        -artifact_prefix="Fuzz/Findings/TARGET/" "Fuzz/Corpus/TARGET" "Fuzz/Seeds/TARGET" >"$log" 2>&1 \
        || { touch "$1/TARGET.failed"; tail -n 40 "$log" >&2; }
    echo "TARGET: $(sed -n "s/^stat::number_of_executed_units: *//p" "$log") executions"
' sh "$out"
failed="$(cd "$out" && ls ./*.failed 2>/dev/null | sed 's|./||; s|.failed||' | tr '\n' ' ')"
if [ -n "$failed" ]; then
    echo "Found something: $failed(see Fuzz/Findings)" >&2
    exit 1
fi
