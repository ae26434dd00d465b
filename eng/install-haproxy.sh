#!/usr/bin/env bash
# Debian's haproxy for the restart drill, where it is missing.
set -euo pipefail
command -v haproxy >/dev/null && exit 0
sudo=""; [ "$(id -u)" = 0 ] || sudo="sudo"
$sudo apt-get update -qq
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends haproxy >/dev/null
