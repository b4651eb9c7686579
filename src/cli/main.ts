/** Where `alfred` begins: the process's streams and signals, given to the program. */
import { runCli } from './program.ts';

/** npm and a terminal may both pass one Ctrl-C on: what comes this soon after another is the same key press. */
const samePressMs = 400;

const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Calls `handler` once for each key press, however many signals it made. */
function onePress(handler: (signal: NodeJS.Signals) => void): (signal: NodeJS.Signals) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (signal) => {
    const now = performance.now();
    const isSame = now - last < samePressMs;
    last = now;
    if (!isSame) handler(signal);
  };
}

const argv = process.argv.slice(2);

// A reader that went away (`alfred … | head`) is no failure: a command has nobody left to talk to, a server goes on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (argv[0] !== 'start' && argv[0] !== 'worker') process.exit(0);
  });
}

process.exitCode = await runCli(argv, {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  now: () => new Date(),
  onInterrupt(handler) {
    const once = onePress(handler);
    for (const signal of signals) process.on(signal, once);
    // bin/alfred.js, run by an older Node.js, holds the other end: whoever killed it meant this process.
    const onOrphaned = () => once('SIGTERM');
    process.on('disconnect', onOrphaned);
    process.channel?.unref();
    return () => {
      for (const signal of signals) process.off(signal, once);
      process.off('disconnect', onOrphaned);
    };
  },
});
// Everything is printed and closed by now; a kept-alive socket or an open standard input shall not hold the shell.
setTimeout(() => process.exit(), 500).unref();
