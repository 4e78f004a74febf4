#!/usr/bin/env bash
# Runs all tests. Those that open the results in another program need LibreOffice Calc and
# Chromium; where they are absent and apt-get is here, they are installed first.
# Arguments go to `cargo test`: ./test.sh --test program cli::
set -euo pipefail
cd "$(dirname "$0")"
exec </dev/null

absent=()
command -v soffice >/dev/null || absent+=(libreoffice-calc)
command -v chromium >/dev/null || command -v google-chrome >/dev/null || absent+=(chromium)

with_programs=(--include-ignored)
if [ ${#absent[@]} -gt 0 ]; then
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  if command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    "${as_root[@]}" apt-get update -q
    "${as_root[@]}" apt-get install -q -y --no-install-recommends "${absent[@]}"
  else
    echo "not here: ${absent[*]}; the tests that need them are left out" >&2
    with_programs=()
  fi
fi

cargo test --locked "$@" -- "${with_programs[@]}"
