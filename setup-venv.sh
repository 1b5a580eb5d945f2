#!/usr/bin/env bash
# Makes venv/ and installs the locked requirements into it; done already, it does nothing and is quick about it.
set -euo pipefail

usage="usage: setup-venv.sh [--dev] [--quiet]
  --dev    also install requirements-dev.lock, which the tests need
  --quiet  print nothing when there is nothing to do
PYTHON=/path/to/python chooses the Python (3.11 or newer)."

say() { echo "setup-venv: $*"; }
fail() {
  say "$2" >&2
  exit "$1"
}

dev=""
quiet=""
for argument in "$@"; do
  case $argument in
    --dev) dev=yes ;;
    --quiet) quiet=yes ;;
    -h | --help) echo "$usage" && exit 0 ;;
    *) echo "setup-venv: unknown argument '$argument'"$'\n'"$usage" >&2 && exit 2 ;;
  esac
done

chosen=${PYTHON:-}
[[ $chosen != [!/]*/* ]] || chosen=$PWD/$chosen # relative to the caller's folder, which is left now
CDPATH="" cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
root=$(pwd -P)
venv=$root/venv
stamp=$venv/.setup-stamp
log=$venv/setup.log
requirements="requirements-locust.lock"
[[ -z $dev ]] || requirements="requirements-dev.lock"

# A venv knows its own place by absolute paths, so one that was moved or copied has to be made again.
# The lines for a run come first: a venv for development also serves a run.
wanted_stamp() {
  echo "place $root"
  echo "command 1"
  echo "requirements-locust.lock $(cksum <requirements-locust.lock)"
  [[ -z $dev ]] || echo "requirements-dev.lock $(cksum <requirements-dev.lock)"
}
found_stamp() { [[ ! -f $stamp ]] || cat "$stamp"; }

# Sets python (never one inside venv/, which may be removed below) and version; exits when there is none to use.
find_python() {
  local name=${chosen:-python3} advice="install Python 3.11 or newer, or choose one: PYTHON=/path/to/python $0"
  [[ -n $chosen ]] || command -v python3 >/dev/null || name=python
  python=$(command -v "$name") || fail 2 "no Python found as '$name'; $advice"
  version=$("$python" --version 2>&1) || true
  version=${version#Python }
  [[ $version =~ ^([0-9]+)\.([0-9]+) ]] || fail 2 "'$name' is not a working Python; $advice"
  ((BASH_REMATCH[1] * 1000 + BASH_REMATCH[2] >= 3011)) || fail 2 "'$name' is Python $version, too old; $advice"
  python=$("$python" -c 'import sys; print(sys._base_executable)')
}

identity='import sys; print(sys.base_prefix, sys.version)'
venv_is_sound() {
  [[ ! -f $stamp || $(head -n 1 "$stamp") == "place $root" ]] || return 1 # moved, or interrupted
  "$venv/bin/python" -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || return 1
  [[ -z $chosen || $("$python" -c "$identity") == "$("$venv/bin/python" -c "$identity")" ]]
}

# A build without it checks up to a third fewer requests (docs/performance.md).
tell_of_an_optimized_python() {
  local other
  [[ $("$python" internals/of_python.py) == "not optimized" ]] || return 0
  while read -r other; do
    [[ $("$other" internals/of_python.py 2>/dev/null) == "optimized" ]] || continue
    "$other" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    say "this Python was built without profile-guided optimization; $other may be faster: PYTHON=$other $0"
    return
  done < <(type -ap python3)
}

[[ -z $chosen ]] || find_python
sound=""
if venv_is_sound; then
  sound=yes
  if [[ $(found_stamp)$'\n' == "$(wanted_stamp)"$'\n'* ]]; then
    [[ -n $quiet ]] || say "venv is up to date"
    exit 0
  fi
  say "installing $requirements"
else
  [[ -n $chosen ]] || find_python
  "$python" -c 'import ensurepip, venv' 2>/dev/null ||
    fail 2 "Python $version at $python cannot make virtual environments; on Debian or Ubuntu: apt install python3-venv"
  say "making venv with Python $version, installing $requirements"
  rm -rf "$venv"
  mkdir "$venv"
fi

# Locust's own command does not know the suite's options when it prints --help.
put_the_suites_locust_in_place() {
  cat >"$venv/bin/locust" <<'SCRIPT'
#!/bin/sh
bin=$(dirname -- "$0")
PYTHONPATH=$bin/../..${PYTHONPATH:+:$PYTHONPATH} exec "$bin/python" -m config.locust_command "$@"
SCRIPT
}

# The word stays in the stamp if this run is killed half-way.
echo incomplete >"$stamp"
install() {
  [[ -n $sound ]] || "$python" -m venv "$venv" || return 1
  "$venv/bin/python" -m pip install --disable-pip-version-check --no-input --require-hashes -r "$requirements"
}
if ! install >"$log" 2>&1; then
  cat "$log" >&2
  rm -f "$stamp" # nothing was interrupted: the next run may go on with what is there
  fail 1 "the installation failed, see above"
fi
put_the_suites_locust_in_place
wanted_stamp >"$stamp"
[[ -n $sound ]] || tell_of_an_optimized_python
say "done in $SECONDS s"
