#!/usr/bin/env bash
# Writes requirements-*.lock anew from requirements-*.txt: every package that comes along, for every platform and Python
# from 3.11 on, with the hashes of its files. An index is taken from UV_DEFAULT_INDEX, and is never written down.
#   ./lock-requirements.sh            keeps the versions in the locks where they still fit
#   ./lock-requirements.sh --upgrade  takes the newest of what the direct pins allow
set -euo pipefail

CDPATH="" cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
./setup-venv.sh --dev --quiet
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
venv/bin/python -m pip install --quiet --target "$tools" uv==0.13.9
for name in locust dev; do
  more=()
  [[ $name == locust ]] || more=(--constraint requirements-locust.lock)
  "$tools/bin/uv" pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
    --custom-compile-command ./lock-requirements.sh "${more[@]}" "$@" \
    --output-file "requirements-$name.lock" "requirements-$name.txt"
done
