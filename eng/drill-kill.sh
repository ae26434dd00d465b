#!/usr/bin/env bash
# Kills the control plane (-9) and lets it stay away, then kills an edge (-9) five times, under 50 requests/s.
# The client's own list of completed requests against the database: nothing failed by the control plane's loss, nothing lost, nothing doubled.
#   eng/drill-kill.sh            the control plane is away for five minutes
#   eng/drill-kill.sh --short    outages end by counts of requests (what CI runs)
set -euo pipefail
cd "$(dirname "$0")/.."
export CONFIGURATION=${CONFIGURATION:-Release} RUN_DIR=${RUN_DIR:-$(mktemp -d)}
export PLANE_PORT=${PLANE_PORT:-5610} EDGE1_PORT=${EDGE1_PORT:-5620} EDGE2_PORT=${EDGE2_PORT:-5621} SIMULATOR_PORT=${SIMULATOR_PORT:-5630}
outage=(--outage-seconds 300)
[ "${1:-}" = "--short" ] && outage=(--outage-requests 500) && export SIMULATOR_SPEED=0
[ -n "${NO_BUILD:-}" ] || dotnet build eng/Drill -c "$CONFIGURATION" --nologo -v quiet
trap './eng/run.sh down' EXIT
./eng/run.sh background
dotnet "artifacts/bin/Drill/${CONFIGURATION,,}/Drill.dll" kill \
  --edges "http://127.0.0.1:$EDGE1_PORT,http://127.0.0.1:$EDGE2_PORT" --key "$(cat "$RUN_DIR/caller.key")" \
  --database "$RUN_DIR/control-plane/control-plane.db" --run eng/run.sh "${outage[@]}"
