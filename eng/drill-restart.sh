#!/usr/bin/env bash
# Restarts two edges behind Debian's haproxy, one after the other and twice each, under keep-alive and new connections and long streams.
# No call may fail and no open stream may be cut. haproxy looks at /readyz and never sends a call a second time.
#   eng/drill-restart.sh                    behind haproxy
#   eng/drill-restart.sh --shared-port      without it: both edges listen at one port. Measured, not promised
set -euo pipefail
cd "$(dirname "$0")/.."
export CONFIGURATION=${CONFIGURATION:-Release} RUN_DIR=${RUN_DIR:-$(mktemp -d)} SIMULATOR_SPEED=${SIMULATOR_SPEED:-8}
export Edge__AnnounceSeconds=3 # On a busy machine a look at /readyz takes a while.
export PLANE_PORT=${PLANE_PORT:-5660} EDGE1_PORT=${EDGE1_PORT:-5670} EDGE2_PORT=${EDGE2_PORT:-5671} SIMULATOR_PORT=${SIMULATOR_PORT:-5680}
balancer=127.0.0.1:${BALANCER_PORT:-5690} shared=
if [ "${1:-}" = --shared-port ]; then
  shared=yes balancer=127.0.0.1:$EDGE1_PORT; shift
  export Edge__ReusePort=true EDGE2_PORT=$EDGE1_PORT
else
  command -v haproxy >/dev/null || { echo "haproxy is missing; eng/install-haproxy.sh installs Debian's"; exit 1; }
fi
[ -n "${NO_BUILD:-}" ] || dotnet build eng/Drill -c "$CONFIGURATION" --nologo -v quiet
trap './eng/run.sh down; kill $(cat "$RUN_DIR/haproxy.pid" 2>/dev/null) 2>/dev/null || true' EXIT
./eng/run.sh background
# Some 60 tokens at 20 a second: streams that outlast the second in which an edge announces its end.
admin=$(sed -nE 's/.*"SimulatorAdminKey": *"([^"]+)".*/\1/p' "$RUN_DIR/sample-credentials.json")
curl -fsS -H "x-sim-admin-key: $admin" -X PUT "http://127.0.0.1:$SIMULATOR_PORT/sim/faults/vertex/us-east5/*" -d '{"kind":"slow_tokens","tokensPerSecond":20}'
cat >"$RUN_DIR/haproxy.cfg" <<CFG
global
  maxconn 2000
defaults
  mode http
  timeout connect 2s
  timeout client 150s
  timeout server 150s
  timeout check 2s
  retries 0
frontend clients
  bind $balancer
  default_backend edges
backend edges
  balance roundrobin
  option httpchk GET /readyz
  default-server check inter 200ms fall 1 rise 1
  server edge-1 127.0.0.1:$EDGE1_PORT
  server edge-2 127.0.0.1:$EDGE2_PORT
CFG
[ -n "$shared" ] || haproxy -D -f "$RUN_DIR/haproxy.cfg" -p "$RUN_DIR/haproxy.pid"
dotnet "artifacts/bin/Drill/${CONFIGURATION,,}/Drill.dll" restart --edges "http://$balancer" --key "$(cat "$RUN_DIR/caller.key")" --run eng/run.sh "$@"
