#!/usr/bin/env bash
# The one test command: installs what the tests need, builds everything with warnings as errors, runs every suite,
# and ends with "N passed, N failed" over all of them. Exit code 0 only when nothing failed.
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
logs=artifacts/test-logs
mkdir -p "$logs"

./eng/install-haproxy.sh || { echo "haproxy could not be installed; the restart drill needs it."; exit 1; }
./eng/install-chromium.sh || { echo "Chromium could not be installed; the browser tests need it."; exit 1; }
dotnet build ControlPlane.sln -c Release --nologo -v quiet || { echo "The build failed."; exit 1; }

passed=0 failed=0
add() { passed=$((passed + ${1:-0})); failed=$((failed + ${2:-0})); }

run() { # run PROJECT: its output goes to its log and, without empty lines, here
  local log=$logs/$(basename "$1" .csproj).log
  dotnet test "$1" -c Release --no-build --nologo 2>&1 | tee "$log" | grep -vE '^\s*$'
  return "${PIPESTATUS[0]}"
}

count() { # count PROJECT EXITCODE
  local name log line p f
  name=$(basename "$1" .csproj) log=$logs/$(basename "$1" .csproj).log
  line=$(grep -E '(Passed!|Failed!) +- Failed:' "$log" | tail -n 1)
  p=$(sed -nE 's/.*Passed: +([0-9]+).*/\1/p' <<<"$line")
  f=$(sed -nE 's/.*Failed: +([0-9]+),.*/\1/p' <<<"$line")
  # A suite that died without its closing line has failed, whatever it ran before.
  if [ -z "$line" ] || { [ "$2" -ne 0 ] && [ "${f:-0}" -eq 0 ]; }; then f=$((${f:-0} + 1)); echo "$name ended without a result (exit $2)."; fi
  add "$p" "$f"
}

# The browser's suite waits for pages and breakers most of its time: the others run meanwhile.
slow=tests/EndToEnd.Tests/EndToEnd.Tests.csproj
run "$slow" &
pid=$!
for project in tests/*.Tests/*.csproj; do
  [ "$project" = "$slow" ] && continue
  run "$project"
  count "$project" $?
done
wait "$pid"
count "$slow" $?

for check in eng/checks/*.sh; do
  [ -e "$check" ] || continue
  if "$check"; then add 1 0; else echo "$check failed."; add 0 1; fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
