#!/bin/sh
# Writes the three lock files anew from pyproject.toml; versions stay unless UPGRADE=1 is set.
set -eu
cd "$(dirname "$0")/.."
if ! command -v uv >/dev/null 2>&1; then
    echo "make lock needs uv: https://docs.astral.sh/uv/" >&2
    exit 1
fi

lock() {
    name="$1"
    shift
    uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
        --no-emit-index-url --no-emit-find-links ${UPGRADE:+--upgrade} \
        pyproject.toml "$@" --output-file "requirements/$name.txt"
    echo "requirements/$name.txt"
}

lock run --extra embedded
lock prod --constraint requirements/run.txt
lock dev --extra embedded --group dev --constraint requirements/run.txt
