/** stderr while the VM starts and runs: the stage it is at, and log lines that do not tear it. */
import { Writable } from 'node:stream';
import type { Context } from './context.ts';
import { type LiveLine, startLiveLine } from './live-line.ts';

export type StartScreen = {
  /** The stage that begins now. */
  progress(line: string): void;
  /** A line that stays. */
  say(line: string): void;
  /** Ends the live line; what is said afterwards goes straight to stderr. */
  done(): void;
  /** For the logger: where lines go, and that those of no weight wait until a person has read what matters. */
  log: { destination: NodeJS.WritableStream; colorize: boolean; isQuiet: () => boolean };
};

export function startScreen(context: Context): StartScreen {
  const { stderr, err } = context;
  const isLive = stderr.isTTY === true && !context.json;
  let stage = 'starting';
  const began = performance.now();
  let live: LiveLine | undefined = isLive
    ? startLiveLine(stderr, err, () => {
        const seconds = Math.floor((performance.now() - began) / 1000);
        return seconds < 1 ? stage : `${stage} · ${seconds} s`;
      })
    : undefined;
  const say = (line: string) => (live ? live.write(line) : context.note(line));
  return {
    progress(line) {
      if (line === stage) return;
      stage = line;
      if (!isLive) context.note(`· ${line}`);
    },
    say,
    done() {
      live?.stop();
      live = undefined;
    },
    log: {
      colorize: err.isColorSupported,
      isQuiet: () => live !== undefined && !context.env.ALFRED_LOG_LEVEL,
      destination: new Writable({
        decodeStrings: false,
        write(line: string, _encoding, done) {
          if (live) live.write(String(line).trimEnd());
          else stderr.write(line);
          done();
        },
      }),
    },
  };
}
