#!/usr/bin/env bash
# ICU 72 (CLDR 42) writes days of Canadian English as 12/7/2026; the releases before it and after it as 2026-12-07.
# A day that is written by the locale `en-CA` and read by a field of a day is empty then, and a date that is made of it no date. ICU 72 is what
# Debian 12 has, and WebKitGTK uses: a page of ours did not open there. Node.js 20.0.0 (ICU 72.1) beside 24.21.0 (ICU 78).
. "$(dirname "$0")/lib.sh"
install "older@npm:node-linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')@20.0.0"
cat > days.mjs <<'JS'
const day = new Date(2026, 11, 7);
const [major] = process.versions.icu.split('.');
for (const locale of ['en-CA', 'en-US', 'sv']) {
  const written = day.toLocaleDateString(locale);
  console.log(`ICU ${major}, ${locale}: ${written}, read as ${Number.isNaN(Date.parse(`${written}T00:00`)) ? 'no day' : 'that day'}`);
}
JS
{ timeout 60 node_modules/older/bin/node days.mjs; timeout 60 node days.mjs; } > seen.txt
sees <<'SEEN'
ICU 72, en-CA: 12/7/2026, read as no day
ICU 72, en-US: 12/7/2026, read as no day
ICU 72, sv: 2026-12-07, read as that day
ICU 78, en-CA: 2026-12-07, read as that day
ICU 78, en-US: 12/7/2026, read as no day
ICU 78, sv: 2026-12-07, read as that day
SEEN
