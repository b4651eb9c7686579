/** A real terminal in front of `alfred …`, by the system's own `script`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { until } from './mcp/stdio-link.ts';

const program = path.resolve(import.meta.dirname, '../../bin/alfred.js');
const place = '/usr/bin/script';

/** The `script` of util-linux; others take other arguments. */
export const hasTerminal = process.platform === 'linux' && existsSync(place);

type Terminal = {
  /** Waits until so much is to be read, behind what was waited for before. */
  sees(words: string): Promise<void>;
  types(keys: string): void;
  ended: Promise<number | null>;
};

export const keys = { enter: '\r', down: '\u001b[B', endOfInput: '\u0004', interrupt: '\u0003' };

export function openTerminal(home: string, args: readonly string[]): Terminal {
  const quoted = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ');
  // In front of a pipe it would have no size, and every word stand on lines of its own.
  const child = spawn(place, ['-qfec', `stty cols 100 rows 40; exec ${quoted}`, '/dev/null'], {
    env: { PATH: process.env.PATH ?? '', HOME: home, ALFRED_HOME: home, LANG: 'C.UTF-8', TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  let seen = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return {
    async sees(words) {
      const at = () => stripVTControlCharacters(shown).indexOf(words, seen);
      await until(() => at() >= 0);
      seen = at() + words.length;
    },
    types: (text) => void child.stdin.write(text),
    ended,
  };
}
