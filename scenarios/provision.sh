#!/usr/bin/env bash
# Makes test accounts on a CMS and the accounts file for them, or removes both (--remove): provision.sh --host URL [options], --help lists them.
exec "$(dirname -- "${BASH_SOURCE[0]}")/command.sh" provision "$@"
