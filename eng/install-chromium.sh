#!/usr/bin/env bash
# Debian's Chromium for the browser tests, where it is missing.
set -euo pipefail
command -v chromium >/dev/null && exit 0
sudo=""; [ "$(id -u)" = 0 ] || sudo="sudo"
$sudo apt-get update -qq
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
