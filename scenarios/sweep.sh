#!/usr/bin/env bash
# Removes what earlier runs have left in a CMS: sweep.sh --host URL [options], --help lists them.
exec "$(dirname -- "${BASH_SOURCE[0]}")/command.sh" sweep "$@"
