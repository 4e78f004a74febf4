#!/usr/bin/env bash
# Runs all tests. Those that open the results in another program need LibreOffice Calc and
# Chromium, those of the Python package Java; where these are absent and apt-get is here, they are
# installed first. Python packages go into a virtual environment under target/.
# Arguments go to `cargo test`, and then it is all: ./test.sh --test program cli::
# SPARK=3.5 ./test.sh tries the Python package with that Spark, the newest of 4 else.
set -euo pipefail
cd "$(dirname "$0")"
exec </dev/null

absent=()
with_python=false
[ $# -eq 0 ] && command -v python3 >/dev/null && with_python=true
command -v soffice >/dev/null || absent+=(libreoffice-calc)
command -v chromium >/dev/null || command -v google-chrome >/dev/null || absent+=(chromium)
if $with_python; then
  command -v java >/dev/null || absent+=(openjdk-17-jre-headless)
  python3 -c "import ensurepip" 2>/dev/null || absent+=(python3-venv)
fi

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

# The package as it is installed: the wheel, in an environment of its own, with Spark.
if $with_python; then
  spark=${SPARK:-4}
  environment=target/python/spark-$spark
  [ -x "$environment/bin/python" ] || python3 -m venv "$environment"
  if ! "$environment/bin/pip" install -q "pyspark==$spark.*" "pandas<3" pyarrow pytest mypy; then
    echo "packages of Python cannot be installed from here; the tests of the wheel are left out" >&2
    exit 0
  fi
  rm -rf target/wheels
  scripts/wheel --profile dev
  "$environment/bin/pip" install -q --force-reinstall --no-deps target/wheels/*.whl
  "$environment/bin/mypy"
  "$environment/bin/python" -m pytest -q -p no:cacheprovider --accounts "${ACCOUNTS:-20000}"
fi
