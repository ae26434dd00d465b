#!/usr/bin/env bash
# Lets the AllInOne run under its sample traffic and a steady request a second of our own, then counts what came back.
#   eng/soak.sh [MINUTES]    default 10; ends with counts, exit code 1 if anything failed
# DATA_DIR (default a new folder), PLANE_PORT, EDGE_PORT, SIMULATOR_PORT say where; BIN runs a program that is already built.
set -euo pipefail
cd "$(dirname "$0")/.."
minutes=${1:-10} data=$(realpath -m "${DATA_DIR:-$(mktemp -d)}") bin=${BIN:-artifacts/bin/AllInOne/release}
plane=http://127.0.0.1:${PLANE_PORT:-5810} edge=http://127.0.0.1:${EDGE_PORT:-5820} simulator=http://127.0.0.1:${SIMULATOR_PORT:-5830}
features=(thread-summary channel-recap search-answer huddle-notes translate)
[ -n "${BIN:-}" ] || dotnet build src/AllInOne -c Release --nologo -v quiet
mkdir -p "$data"
log=$data/soak.log
dotnet "$bin/AllInOne.dll" --AllInOne:DataDirectory="$data" --ControlPlane:Listen="$plane" --Edge:Listen="$edge" --Simulator:Listen="$simulator" >"$log" 2>&1 &
pid=$!
trap 'kill $pid 2>/dev/null || true' EXIT
for _ in $(seq 900); do grep -q "ask a feature" "$log" && break; kill -0 $pid || { cat "$log"; exit 1; }; sleep 0.1; done
key=$(grep -oE 'Bearer [^"]+' "$log" | head -n 1)

whole() { # whole STREAM ANSWER: 200, and ended as it should
  [ "${2##*$'\n'}" = 200 ] || return 1
  if [ "$1" = true ]; then grep -q '^data: \[DONE\]' <<<"$2"; else grep -q '"choices"' <<<"$2"; fi
}

sent=0 answered=0 failed=0 healthy=0 unhealthy=0 begun=$SECONDS
while ((SECONDS - begun < minutes * 60)); do
  next=$((begun + sent + 1))
  stream=$([ $((sent % 2)) = 0 ] && echo true || echo false)
  body="{\"model\":\"${features[sent % ${#features[@]}]}\",\"stream\":$stream,\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"Soak $sent.\"}]}"
  sent=$((sent + 1))
  answer=$(curl -sS -m 60 -w '\n%{http_code}' "$edge/v1/chat/completions" -H "Authorization: $key" -H 'Content-Type: application/json' -d "$body" 2>&1) || true
  if whole "$stream" "$answer"; then answered=$((answered + 1)); else failed=$((failed + 1)); echo "request $sent: ${answer:0:300}"; fi
  if ((sent % 10 == 0)); then
    if curl -fsS -m 10 -o /dev/null "$edge/healthz" -o /dev/null "$edge/readyz" -o /dev/null "$plane/sign-in"; then healthy=$((healthy + 1)); else unhealthy=$((unhealthy + 1)); fi
  fi
  while ((SECONDS < next)); do sleep 0.1; done
done

kill -TERM $pid && wait $pid || true
sample=$(grep -oE 'Sample traffic ended: .*' "$log" | tail -n 1)
echo "own requests: $sent sent, $answered answered, $failed failed; health checks: $healthy healthy, $unhealthy not"
echo "${sample:-Sample traffic did not say how it ended.}"
[ "$failed" -eq 0 ] && [ "$unhealthy" -eq 0 ] && [[ "$sample" == *" 0 failed;"* ]]
