#!/usr/bin/env bash
# `npm test`: installs what is missing, then runs every check. Works on a fresh clone with only Node, npm and apt.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ ! -d node_modules ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  echo "Installing node_modules …" >&2
  npm ci --no-audit --no-fund --loglevel=error >&2
fi

CHROMIUM=$(bash tools/test/chromium.sh)
export CHROMIUM
exec npx --no-install tsx tools/test/run.ts "$@"
