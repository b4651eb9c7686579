import { expect, it } from 'vitest';
import { keptLines } from '../../tests/helpers/kept-lines.ts';
import { Closers } from './closers.ts';
import { createLogger } from './log.ts';

function keepLog() {
  const { destination, logged } = keptLines();
  const log = createLogger({ level: 'debug', format: 'json', redact: (line) => line, destination });
  return { log, lines: logged };
}

it('stops the youngest first, once, and goes on past what fails or hangs', async () => {
  const { log, lines } = keepLog();
  const stopped: string[] = [];
  const closers = new Closers();
  closers.add('lock', () => stopped.push('lock'));
  closers.add('database', async () => {
    stopped.push('database');
    throw new Error('it would not');
  });
  closers.add('server', () => new Promise(() => stopped.push('server')), 20);
  await Promise.all([closers.close(log), closers.close(log)]);
  await closers.close(log);
  expect(stopped).toEqual(['server', 'database', 'lock']);
  expect(lines()).toMatch(/"part":"server".*did not stop in time/);
  expect(lines()).toMatch(/"part":"database","error":"it would not"/);
});
