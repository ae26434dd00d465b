#!/usr/bin/env bash
# The one test command: installs what the tests need, builds everything with warnings as errors, runs every suite,
# and ends with "N passed, N failed" over all of them. Exit code 0 only when nothing failed.
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
# One compiler for all projects, warm after the first; it is ended below.
export UseSharedCompilation=true
logs=artifacts/test-logs
mkdir -p "$logs"

./eng/install-chromium.sh || { echo "Chromium could not be installed; the browser tests need it."; exit 1; }
dotnet build ControlPlane.sln -c Release --nologo -v quiet || { echo "The build failed."; exit 1; }
dotnet build-server shutdown --vbcscompiler >/dev/null

passed=0 failed=0
add() { passed=$((passed + ${1:-0})); failed=$((failed + ${2:-0})); }

for project in tests/*.Tests/*.csproj; do
  name=$(basename "$project" .csproj)
  log="$logs/$name.log"
  dotnet test "$project" -c Release --no-build --nologo 2>&1 | tee "$log" | grep -vE '^\s*$'
  code=${PIPESTATUS[0]}
  line=$(grep -E '(Passed!|Failed!) +- Failed:' "$log" | tail -n 1)
  p=$(sed -nE 's/.*Passed: +([0-9]+).*/\1/p' <<<"$line")
  f=$(sed -nE 's/.*Failed: +([0-9]+),.*/\1/p' <<<"$line")
  # A suite that died without its closing line has failed, whatever it ran before.
  if [ -z "$line" ] || { [ "$code" -ne 0 ] && [ "${f:-0}" -eq 0 ]; }; then f=$((${f:-0} + 1)); echo "$name ended without a result (exit $code)."; fi
  add "$p" "$f"
done

for check in eng/checks/*.sh; do
  [ -e "$check" ] || continue
  if "$check"; then add 1 0; else echo "$check failed."; add 0 1; fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
