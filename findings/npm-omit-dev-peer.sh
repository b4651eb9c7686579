#!/usr/bin/env bash
# npm 11.19.1: `npm ci --omit=dev` installs a development dependency that some package names as an OPTIONAL peer.
# TypeScript, for development alone, comes along in production because valibot would take it if it were there; the lock file
# calls it `devOptional`. It is left out with --omit=optional as well, or under another name (an alias), which no peer means.
. "$(dirname "$0")/lib.sh"
install npm@11.19.1
mkdir plain alias
echo '{ "dependencies": { "valibot": "1.4.2" }, "devDependencies": { "typescript": "5.9.3" } }' > plain/package.json
echo '{ "dependencies": { "valibot": "1.4.2" }, "devDependencies": { "ts": "npm:typescript@5.9.3" } }' > alias/package.json
for project in plain alias; do
  (
    cd $project
    quiet='--silent --no-audit --no-fund --ignore-scripts'
    npm install $quiet --package-lock-only
    npm ci $quiet --omit=dev
    echo "$project: --omit=dev installs $(ls node_modules | xargs)"
    npm ci $quiet --omit=dev --omit=optional
    echo "$project: --omit=dev --omit=optional installs $(ls node_modules | xargs)"
  )
done > seen.txt
sees <<'SEEN'
plain: --omit=dev installs typescript valibot
plain: --omit=dev --omit=optional installs valibot
alias: --omit=dev installs valibot
alias: --omit=dev --omit=optional installs valibot
SEEN
