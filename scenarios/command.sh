#!/usr/bin/env bash
# Starts one of the suite's own commands: command.sh NAME [options...].
set -euo pipefail

CDPATH="" cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
./setup-venv.sh --quiet >&2
exec venv/bin/python -m commands "$@"
