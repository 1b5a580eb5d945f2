#!/usr/bin/env bash
# Lint, format, types, then one pytest call, four tests at a time: run.sh [--quick] [pytest options...].
# --quick: only tests/unit and tests/contract; nothing that starts a run, a cluster or a browser.
# --newest: the tests alone, with the newest Locust, gevent and geventhttpclient instead of the pinned ones.
set -euo pipefail

CDPATH="" cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
quick="" newest=""
for argument in "$@"; do
  shift
  case $argument in
    --quick) quick=yes ;;
    --newest) newest=yes ;;
    *) set -- "$@" "$argument" ;;
  esac
done

have_chromium() {
  [[ -n ${CHROMIUM:-} ]] || command -v chromium || command -v chromium-browser || command -v google-chrome
}
install_chromium() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get update && apt-get install -y --no-install-recommends chromium fonts-liberation
}
# The browser tests themselves skip, or fail in CI, when there is none.
provide_chromium() {
  local log
  if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
    echo "run.sh: no Chromium, and no way to install it here: browser tests will be skipped (in CI they fail)"
    return
  fi
  echo "run.sh: installing Chromium"
  log=$(mktemp)
  if ! install_chromium >"$log" 2>&1; then
    cat "$log" >&2
    echo "run.sh: Chromium could not be installed: browser tests will be skipped (in CI they fail)"
  fi
  rm -f "$log"
}

./setup-venv.sh --dev --quiet
[[ -n $quick ]] || have_chromium >/dev/null || provide_chromium
echo "run.sh: lint, format, types"
venv/bin/ruff check --quiet
venv/bin/ruff format --check --quiet
venv/bin/mypy --no-error-summary
[[ -z $quick ]] || set -- tests/unit tests/contract "$@"
python=venv/bin/python
if [[ -n $newest ]]; then
  python=$(mktemp -d)/bin/python
  trap 'rm -rf "${python%/bin/python}"' EXIT
  venv/bin/python -m venv "${python%/bin/python}"
  "$python" -m pip install --quiet --require-hashes --requirement requirements-dev.lock
  "$python" -m pip install --quiet --upgrade locust gevent geventhttpclient
  "$python" -m pip list | grep --extended-regexp --ignore-case '^(locust|gevent|geventhttpclient) '
fi
"$python" -m pytest --numprocesses 4 --dist worksteal "$@"
