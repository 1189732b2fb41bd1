#!/usr/bin/env bash
# Prints the path of a Chromium that starts. In this order: $CHROMIUM, Playwright's own if it is there, the system's,
# Playwright's own by download, Debian's package.
set -uo pipefail
cd "$(dirname "$0")/../.."

starts() { [ -n "$1" ] && [ -x "$1" ] && "$1" --version --no-sandbox >/dev/null 2>&1; }
offer() { if starts "$1"; then echo "$1"; exit 0; fi; }
playwrights_own() { node -e "console.log(require('@playwright/test').chromium.executablePath())" 2>/dev/null; }
system_wide() {
  for name in chromium chromium-browser google-chrome google-chrome-stable; do command -v "$name" && return; done
}
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

offer "${CHROMIUM:-}"
offer "$(playwrights_own)"
offer "$(system_wide)"

echo "Looking for a Chromium to download …" >&2
timeout 300 npx --no-install playwright install --with-deps chromium >&2 || echo "Playwright's own cannot be had here." >&2
offer "$(playwrights_own)"

if command -v apt-get >/dev/null; then
  echo "Installing Debian's chromium …" >&2
  { as_root apt-get update && as_root apt-get install -y --no-install-recommends chromium; } >&2
  offer "$(system_wide)"
fi

echo "No Chromium that starts was found, and none could be installed. Install one, then: CHROMIUM=/path/to/it npm test" >&2
exit 1
