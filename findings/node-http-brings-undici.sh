#!/usr/bin/env bash
# Node.js 24.21.0: `import { createServer } from 'node:http'` loads the whole of the undici that Node.js has within, which `require`
# does not. A module that is imported is asked for everything that it exports, and node:http exports WebSocket, CloseEvent and
# MessageEvent by getters that load it. It is 0.75 MB of source and some tens of milliseconds for every program that serves HTTP
# and never fetches; node:https, node:net and node:http2 bring nothing of it.
. "$(dirname "$0")/lib.sh"
install
for name in http https net http2; do
  echo "import { createServer } from 'node:$name';" > "import-$name.mjs"
done
echo "const { createServer } = require('node:http');" > require-http.cjs
cat > said.cjs <<'JS'
process.on('exit', () => {
  const brings = process.moduleLoadList.some((name) => name.endsWith('internal/deps/undici/undici'));
  const program = require('node:path').basename(process.argv[1]);
  console.log(`${program.padEnd(18)} ${brings ? 'undici is loaded' : 'nothing of undici'}`);
});
JS
for program in import-http.mjs require-http.cjs import-https.mjs import-net.mjs import-http2.mjs; do
  node -r ./said.cjs "$program"
done > seen.txt
sees <<'SEEN'
import-http.mjs    undici is loaded
require-http.cjs   nothing of undici
import-https.mjs   nothing of undici
import-net.mjs     nothing of undici
import-http2.mjs   nothing of undici
SEEN
