#!/usr/bin/env bash
# Uses what eng/test.sh has built. The shorter form.
cd "$(dirname "$0")/../.." && NO_BUILD=1 ./eng/drill-restart.sh --requests 4000 --restarts 2
