#!/bin/sh
# 10,000 random small CRMs, or as many as are named: nobody with a denial anywhere is listed. The test of the suite, which
# knows each cell that it has planted, over more of them: scripts/denials.sh [COUNT]
set -eu
cd "$(dirname "$0")/.."
RECONCILE_CRMS="${1:-10000}" exec cargo test --release --locked --test program cli::denied
