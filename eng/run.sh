#!/usr/bin/env bash
# The sample as separate processes, the shape of a real install: control plane, two edges, simulated clouds.
#   eng/run.sh up            build, seed an empty database, start everything, print the addresses, wait for Ctrl+C
#   eng/run.sh start NAME    start one of: simulator control-plane edge-1 edge-2
#   eng/run.sh stop NAME     ask it to stop, and wait until it has
#   eng/run.sh kill NAME     kill it with -9
#   eng/run.sh down          stop everything
# RUN_DIR (default data/run) holds databases, spools, logs and process ids; CONFIGURATION is Debug or Release.
set -euo pipefail
cd "$(dirname "$0")/.."
run=$(realpath -m "${RUN_DIR:-data/run}")
configuration=${CONFIGURATION:-Release}
bin=artifacts/bin
plane=http://127.0.0.1:${PLANE_PORT:-5100} simulator=http://127.0.0.1:${SIMULATOR_PORT:-5300}
edge1=http://127.0.0.1:${EDGE1_PORT:-5200} edge2=http://127.0.0.1:${EDGE2_PORT:-5201}
allowed=${simulator#http://}

dll() { echo "$bin/$1/${configuration,,}/$1.dll"; }

wait_for() { # wait_for URL NAME
  for _ in $(seq 300); do curl -fsS -o /dev/null "$1" 2>/dev/null && return 0; sleep 0.1; done
  echo "$2 did not become ready; see $run/$2.log" >&2; return 1
}

launch() { # launch NAME COMMAND…
  local name=$1; shift
  nohup "$@" >>"$run/$name.log" 2>&1 </dev/null &
  echo $! >"$run/$name.pid"
}

wait_for_said() { # wait_for_said NAME BYTE WORDS… : its log has each of them behind that byte
  local log=$run/$1.log from=$2 words
  for words in "${@:3}"; do
    for _ in $(seq 300); do tail -c "+$from" "$log" | grep -q "$words" && break; sleep 0.1; done
    tail -c "+$from" "$log" | grep -q "$words" || { echo "$1 did not say '$words'; see $log" >&2; return 1; }
  done
}

edge() { # edge NAME ADDRESS
  local said=$(($(cat "$run/$1.log" 2>/dev/null | wc -c) + 1))
  launch "$1" dotnet "$(dll Routing.Edge)" --Edge:Listen="$2" --Edge:DataDirectory="$run/$1" --Edge:AllowedAddresses:0="$allowed" \
    --Edge:ControlPlane:Address="$plane" --Edge:ControlPlane:EnrolToken="file:$run/$1.token" --Edge:ControlPlane:Name="$1" \
    --Identity:GoogleTokenAddress="$simulator/token"
  # Not only by its address, at which another edge may answer.
  wait_for_said "$1" "$said" "Now listening" "Serving revision"
  wait_for "$2/readyz" "$1"
}

start() {
  case "$1" in
    simulator) launch simulator dotnet "$(dll AllInOne)" simulator --AllInOne:DataDirectory="$run" --Simulator:Listen="$simulator" --Simulator:Speed="${SIMULATOR_SPEED:-1}"
      wait_for "$simulator/healthz" simulator ;;
    control-plane) launch control-plane dotnet "$(dll ControlPlane.Web)" --ControlPlane:Listen="$plane" --ControlPlane:DataDirectory="$run/control-plane" \
        --ControlPlane:AllowedAddresses:0="$allowed" --Identity:GoogleTokenAddress="$simulator/token"
      wait_for "$plane/sign-in" control-plane ;;
    edge-1) edge edge-1 "$edge1" ;;
    edge-2) edge edge-2 "$edge2" ;;
    *) echo "unknown process $1" >&2; exit 2 ;;
  esac
}

stop() { # stop SIGNAL NAME
  [ -f "$run/$2.pid" ] || return 0
  kill "-$1" "$(cat "$run/$2.pid")" 2>/dev/null || true
  rm -f "$run/$2.pid"
}

case "${1:-up}" in
  start) start "$2" ;;
  stop) pid=$(cat "$run/$2.pid"); stop TERM "$2"; while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done ;;
  kill) stop 9 "$2" ;;
  down) for name in edge-1 edge-2 control-plane simulator; do stop TERM "$name"; done ;;
  up|background)
    mkdir -p "$run"
    [ -n "${NO_BUILD:-}" ] || for project in AllInOne Routing.Edge ControlPlane.Web; do dotnet build "src/$project" -c "$configuration" --nologo -v quiet; done
    [ -f "$run/edge-1.token" ] || dotnet "$(dll AllInOne)" seed edge-1,edge-2 --AllInOne:DataDirectory="$run" --Simulator:Listen="$simulator" >>"$run/seed.log" 2>&1
    start simulator; start control-plane; start edge-1; start edge-2
    echo "  control plane  $plane   sign in once: $plane$(cat "$run/sign-in.link")"
    echo "  edges          $edge1  $edge2"
    echo "  simulator      $simulator"
    echo "  caller key     $run/caller.key"
    [ "${1:-up}" = background ] && exit 0
    trap '"$0" down' EXIT
    trap 'exit 0' INT TERM
    while :; do sleep 3600 & wait $!; done ;;
  *) sed -n '2,8p' "$0"; exit 2 ;;
esac
