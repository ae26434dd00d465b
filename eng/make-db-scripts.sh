#!/usr/bin/env bash
# Makes the reviewed scripts of db/ from the migrations. With a name: first adds a migration of that name for both engines.
#   eng/make-db-scripts.sh [NewMigrationName]
set -euo pipefail
cd "$(dirname "$0")/.."
project=src/ControlPlane.Web
dotnet tool restore >/dev/null
dotnet build "$project" -v q --nologo
for engine in Sqlite SqlServer; do
  context="${engine}ControlPlaneDb"
  if [ $# -gt 0 ]; then
    dotnet ef migrations add "$1" --project "$project" --context "$context" --output-dir "../../db/$engine" --namespace "ControlPlane.Db.$engine" --no-build
    # The tool puts the model snapshot of a folder outside the project under a folder named like its namespace.
    stray="$project/ControlPlane/Db/$engine/${context}ModelSnapshot.cs"
    if [ -f "$stray" ]; then mv "$stray" "db/$engine/"; fi
  fi
done
rm -rf "${project:?}/ControlPlane"
if [ $# -gt 0 ]; then dotnet build "$project" -v q --nologo; fi
# SQLite has no conditional statements, so its script is for an empty database; SQL Server's may run on any version.
dotnet ef migrations script --project "$project" --context SqliteControlPlaneDb --no-build --output db/Sqlite/create.sql
dotnet ef migrations script --idempotent --project "$project" --context SqlServerControlPlaneDb --no-build --output db/SqlServer/upgrade.sql
