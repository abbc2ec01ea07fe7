#!/bin/sh
# Prints the first Python that can build the environment: at least 3.11, with venv and ensurepip.
# `make PYTHON=/path/to/python3.12 run` chooses one by hand.
set -u
good='import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'
for name in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
    [ -n "$name" ] || continue
    found=$(command -v "$name") || continue
    if "$found" -c "$good" >/dev/null 2>&1; then
        printf '%s\n' "$found"
        exit 0
    fi
    [ "$name" = "${PYTHON:-}" ] && break
done
cat >&2 <<'MESSAGE'
survey-app needs Python 3.11 or newer with its venv module, and found none on PATH.
  Debian, Ubuntu:   apt-get install -y python3-venv
  then again:       make run
  or name another:  make PYTHON=/path/to/python3 run
MESSAGE
exit 1
