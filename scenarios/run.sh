#!/usr/bin/env bash
# Starts one scenario: run.sh NAME [locust options...]; an option given here wins over the scenario's file.
set -euo pipefail

CDPATH="" cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
name=${1:-}
known=""
found=""
for file in config/scenarios/*.conf; do
  file=${file##*/}
  known="$known ${file%.conf}"
  [[ $name != "${file%.conf}" ]] || found=yes
done
if [[ -z $found ]]; then
  [[ -z $name ]] || echo "run.sh: there is no scenario '$name'" >&2
  echo "usage: scenarios/run.sh NAME [locust options...], NAME one of:$known" >&2
  exit 2
fi
shift

# All of it on stderr: what Locust prints on stdout may be read by a program.
./setup-venv.sh --quiet >&2
question=$(head -n 1 "config/scenarios/$name.conf")
echo "$name: ${question#\# }" >&2
exec venv/bin/locust --config "config/scenarios/$name.conf" "$@"
