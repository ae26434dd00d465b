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
# The scripts are made by the tests that compare them. SQLite's is for an empty database and may run again on one of the same version;
# SQL Server's may run on any version.
WRITE_DB_SCRIPTS=1 dotnet test tests/ControlPlane.Web.Tests --nologo -v q --filter "FullyQualifiedName~EqualsTheMigrations"
