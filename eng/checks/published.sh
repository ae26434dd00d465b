#!/usr/bin/env bash
# The published AllInOne starts and serves a page with its styles and its script.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=artifacts/published data=$(mktemp -d)
dotnet publish src/AllInOne -c Release --nologo -v quiet -o "$out"
(cd "$data" && exec dotnet "$OLDPWD/$out/AllInOne.dll" --ControlPlane:Listen=http://127.0.0.1:5710 --Edge:Listen=http://127.0.0.1:5720 \
  --Simulator:Listen=http://127.0.0.1:5730 >"$data/log" 2>&1) &
pid=$!
trap 'kill $pid 2>/dev/null || true; rm -rf "$data"' EXIT
for _ in $(seq 900); do grep -q "ask a feature" "$data/log" && break; kill -0 $pid || { cat "$data/log"; exit 1; }; sleep 0.1; done
page=$(curl -fsS http://127.0.0.1:5710/sign-in)
for asset in $(grep -oE '(href|src)="[^"]+\.(css|js)[^"]*"' <<<"$page" | sed -E 's/^(href|src)="//; s/"$//' | sort -u); do
  curl -fsS -o /dev/null "http://127.0.0.1:5710/${asset#/}" || { echo "$asset is not served"; exit 1; }
done
grep -q blazor.web.js <<<"$page" && grep -q '\.css' <<<"$page"
