# What the server scripts of this folder share; sourced by them.
# shellcheck shell=bash

fail() {
  echo "$(basename "$0"): $1" >&2
  if [[ -s "${2:-}" ]]; then
    tail -n 20 "$2" >&2
  fi
  exit 1
}

usage() {
  echo "usage: $(basename "$0") start|run|stop|remove <folder> <port>" >&2
  exit 2
}

# wait_until <seconds> <command…>: polls the command; fails when the time is over.
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.05
  done
}

# works_in <pid> <folder>: is the process there and is this its working folder? A pid file outlives its process, and the
# system gives the number to another one: a number alone is never enough to believe, or to kill.
works_in() {
  [[ -n "$1" && "$(readlink "/proc/$1/cwd" || true)" == "$2" ]]
}
