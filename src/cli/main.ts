/** Where `alfred` begins: the process's streams and signals, given to the program. */
import { runCli } from './program.ts';

const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

// A reader that went away (`alfred … | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  now: () => new Date(),
  onInterrupt(handler) {
    for (const signal of signals) process.on(signal, handler);
    // bin/alfred.js, run by an older Node.js, holds the other end: whoever killed it meant this process.
    const onOrphaned = () => handler('SIGTERM');
    process.on('disconnect', onOrphaned);
    process.channel?.unref();
    return () => {
      for (const signal of signals) process.off(signal, handler);
      process.off('disconnect', onOrphaned);
    };
  },
});
// Everything is printed and closed by now; a kept-alive socket or an open standard input shall not hold the shell.
setTimeout(() => process.exit(), 500).unref();
