#!/bin/sh
# Installs the Debian packages that are missing, and nothing when none is.
# Usage: install-packages.sh run|test …
set -eu

packages=""
for what in "$@"; do
    case "$what" in
    run)
        packages="$packages libcurl4-openssl-dev libxml2-dev libmariadb-dev libsqlite3-dev pkg-config"
        packages="$packages tesseract-ocr tesseract-ocr-fra imagemagick poppler-utils exiv2"
        packages="$packages libjpeg-turbo-progs ca-certificates"
        ;;
    test)
        packages="$packages apache2 apache2-utils mariadb-server openssl curl util-linux python3 python3-venv"
        packages="$packages litmus"
        ;;
    *)
        echo "install-packages.sh: unknown group $what (run, test)" >&2
        exit 64
        ;;
    esac
done

missing=""
for package in $packages; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

sudo=""
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "These packages are missing, and there is no sudo; as root: apt-get install$missing" >&2
        exit 1
    }
    sudo="sudo"
fi
echo "Installing:$missing"
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -q
# The servers among them are started by the tests themselves, on ports of their own.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | $sudo tee "$policy" >/dev/null
    $sudo chmod 755 "$policy"
    trap '$sudo rm -f "$policy"' EXIT
fi
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
