#!/usr/bin/env bash
# Uses what eng/test.sh has built.
cd "$(dirname "$0")/../.." && NO_BUILD=1 ./eng/drill-restart.sh
