#!/usr/bin/env bash
# Runs all tests. Those that open the results in another program need LibreOffice Calc and
# Chromium, those of the Python package Java; where these are absent and apt-get is here, they are
# installed first. Python packages go into a virtual environment under target/.
# Arguments go to `cargo test`, and then it is all: ./test.sh --test program cli::
# The Python package is tried with the newest Spark 4, and shortly with 3.5; SPARK=3.5 ./test.sh tries
# all of it with that one. ACCOUNTS says how large the CRM is of which Spark gets parts.
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

# The package as it is installed: the wheel, in an environment of its own, with a Spark; all tests, or
# those that are named.
with_spark() {
  local spark=$1 environment=target/python/spark-$1
  shift
  [ -x "$environment/bin/python" ] || python3 -m venv "$environment"
  # PySpark 3.5 takes a part of Python that later ones have no more from setuptools, and its Connect asks
  # for a NumPy that is too old for Arrow
  local package=pyspark
  [ "$spark" = 3.5 ] || package="pyspark[connect]"
  if ! "$environment/bin/pip" install -q "$package==$spark.*" "pandas<3" pyarrow pytest mypy setuptools; then
    echo "packages of Python cannot be installed from here; the tests of the wheel are left out" >&2
    exit 0
  fi
  "$environment/bin/pip" install -q --force-reinstall --no-deps target/wheels/*.whl
  "$environment/bin/mypy"
  "$environment/bin/python" -m pytest -q -p no:cacheprovider "$@"
}

if $with_python; then
  rm -rf target/wheels
  scripts/wheel --profile dev
  with_spark "${SPARK:-4}" "--accounts=${ACCOUNTS:-200000}"
  # the Spark before, shortly
  [ -n "${SPARK:-}" ] || with_spark 3.5 --accounts=2000 python/tests/test_spark.py -k "one_machine or accounts_alone"
fi
