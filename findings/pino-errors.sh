#!/usr/bin/env bash
# pino 10.4.0: a logged error is not the error. `err.message` is that of the error and all its causes joined by ": ", so nothing
# finds it by its text; and a field called like one of pino's own (`msg`, `level`) is written beside it: one line, the key twice, and
# the last one wins in most readers.
. "$(dirname "$0")/lib.sh"
install pino@10.4.0
run log.mjs <<'JS'
import pino from 'pino';
const log = pino({ base: null, timestamp: false }, { write: (line) => process.stdout.write(line.replace(/,"stack":"[^"]*"/, '')) });
log.error(new Error('no answer', { cause: new Error('connection refused') }));
log.info({ msg: 'mine', level: 'high' }, 'what happened');
JS
sees <<'SEEN'
{"level":50,"err":{"type":"Error","message":"no answer: connection refused"},"msg":"no answer"}
{"level":30,"msg":"mine","level":"high","msg":"what happened"}
SEEN
