# What every script of this folder begins with: . "$(dirname "$0")/lib.sh"
#
#   install NAME@VERSION…   into a folder that is gone at the end; no package's install script runs
#   run FILE.mjs < code     runs the code there, under Node 24.21.0, and keeps what it prints
#   sees < expected         prints what was seen, and fails when it is not what is expected
set -euo pipefail
export LC_ALL=C TZ=UTC NODE_NO_WARNINGS=1
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
at_end=()
leave() { for last in "${at_end[@]}"; do "$last" || true; done; rm -rf "$folder"; }
trap leave EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' > package.json

install() {
  # One Node for all, so that its version is part of the finding.
  npm install --silent --ignore-scripts --no-audit --no-fund --save-exact \
    "node-linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')@24.21.0" "$@"
  PATH=$folder/node_modules/.bin:$PATH
}

run() {
  cat > "$1"
  timeout 120 node "$1" > seen.txt
}

sees() {
  cat > expected.txt
  cat seen.txt
  if ! diff expected.txt seen.txt > difference.txt; then
    printf '\nThis is not what was seen before:\n'
    cat difference.txt
    exit 1
  fi
  printf '\nas found\n'
}
