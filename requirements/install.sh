#!/bin/sh
# Makes .venv and installs one locked set of packages into it: install.sh run|dev
# A stamp of the lock file's hash makes the next call instant.
set -eu
cd "$(dirname "$0")/.."
set_name="${1:?usage: requirements/install.sh run|dev}"
lock="requirements/$set_name.txt"
stamp=".venv/.installed-$set_name"

find_python() {
    for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3 python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "Python 3.11 or newer is needed, and none was found (set PYTHON=/path/to/python)." >&2
    return 1
}

hash_of() {
    .venv/bin/python -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$1"
}

# A checkout that was moved carries an environment whose paths point elsewhere.
if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    python="$(find_python)"
    rm -rf .venv
    if ! "$python" -m venv .venv; then
        echo "The virtual environment could not be made; on Debian and Ubuntu: apt install python3-venv" >&2
        exit 1
    fi
fi

wanted="$(hash_of "$lock")"
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    exit 0
fi
echo "Installing $lock into .venv (only when it has changed) …"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
echo "$wanted" > "$stamp"
# The development set holds every package of the run set, at the same versions.
if [ "$set_name" = dev ]; then
    hash_of requirements/run.txt > .venv/.installed-run
fi
