/** What of a server's words is told when it died. */
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { StderrTail } from './stderr-tail.ts';

function told(...texts: string[]): string[] {
  const stream = new PassThrough();
  const tail = new StderrTail(stream);
  for (const text of texts) stream.write(text);
  return tail.lines();
}

const frames = (count: number) =>
  Array.from(
    { length: count },
    (_, at) => `    at run${at} (file:///srv/node_modules/x/${at}.js:1:1)\n`,
  ).join('');

it('tells the error, and not the frames beneath it', () => {
  const node = `file:///srv/x.js:12\n    throw new Error('no')\n    ^\n\nError: ACME_KEY is not set\n${frames(30)}\nNode.js v24.1.0\n`;
  expect(told(node)).toContain('Error: ACME_KEY is not set');
  expect(told(node).join()).not.toContain('at run');
});

it('tells an error that stands far above the last lines, and that was said first of much', () => {
  const noise = Array.from({ length: 2_000 }, (_, at) => `closing part ${at}\n`).join('');
  const lines = told(`TypeError: fetch failed\n${frames(3)}`, noise);
  expect(lines[0]).toBe('TypeError: fetch failed');
  expect(lines.at(-1)).toBe('closing part 1999');
  expect(lines).toHaveLength(10);
});

it('tells the last line of a Python traceback, without colours', () => {
  const lines = told(
    'Traceback (most recent call last):\n  File "/srv/x.py", line 3, in <module>\n',
    "\u001b[31mKeyError: 'ACME_KEY'\u001b[0m\n",
  );
  expect(lines.at(-1)).toBe("KeyError: 'ACME_KEY'");
});
