/** One clock for all of the VM, which a test can set. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { keepTime, readAhead } from '../database/keep-time.ts';
import { millisNow, setClockAhead, systemClock, timeNow } from './clock.ts';
import { newId } from './ids.ts';
import { createLogger } from './log.ts';

const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
afterEach(() => setClockAhead(0));

const hour = 3_600_000;
/** A database whose clock is so far ahead of ours. */
const poolAhead = (ms: number): Parameters<typeof readAhead>[0] =>
  ({ query: async () => ({ rows: [{ at: new Date(Date.now() + ms) }] }) }) as never;

describe('the time', () => {
  it('is this machine’s until it is set', () => {
    expect(Math.abs(millisNow() - Date.now())).toBeLessThan(hour);
    setClockAhead(24 * hour);
    for (const time of [timeNow(), systemClock.now()])
      expect(time.getTime() - Date.now()).toBeGreaterThan(23 * hour);
  });

  it.each([2 * hour, -2 * hour])('is the database’s, where that is %i ms ahead', async (ms) => {
    const ahead = await readAhead(poolAhead(ms));
    expect(Math.abs(ahead - ms)).toBeLessThan(hour);
    const time = await keepTime({ db: { pool: poolAhead(ms) as never }, log });
    expect(Math.abs(millisNow() - Date.now() - ms)).toBeLessThan(hour);
    await time.stop();
  });

  it('is left alone where the two may agree', async () => {
    expect(await readAhead(poolAhead(0))).toBe(0);
  });
});

describe('a new id', () => {
  /** When an id says that it was made. */
  const timeOf = (id: string) => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);

  it('has the database’s time, and follows it back', () => {
    for (const ms of [0, 24 * hour, -24 * hour]) {
      setClockAhead(ms);
      expect(Math.abs(timeOf(newId()) - Date.now() - ms)).toBeLessThan(hour);
    }
  });

  it('sorts behind the one before, also while the clock is put right by a little', () => {
    const made = Array.from({ length: 1_000 }, (_, index) => {
      setClockAhead(-index * 5);
      return newId();
    });
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });
});

/** Who asks the machine itself, and why. */
const exceptions: Record<string, string> = {
  'src/kernel/clock.ts': 'here it is asked',
  'src/database/keep-time.ts': 'holds the machine’s clock against the database’s',
  'src/http/doctor/check-state.ts': 'tells how far the two are apart',
  'src/runner/leftovers.ts': 'the times of files are the machine’s',
};

it('is asked of nobody else, in Core neither: the reader’s own machine tells the command line alone', () => {
  const root = path.resolve(import.meta.dirname, '../..');
  const asking = globSync('{src,core}/**/*.ts', { cwd: root })
    .filter((file) => !file.endsWith('.test.ts') && !/^src\/(cli|contract)\//.test(file))
    .filter((file) =>
      /\bDate\.now\b|new Date\(\)|setIssuedAt\(\)/.test(readFileSync(path.join(root, file), 'utf8')),
    );
  expect(asking.sort()).toEqual(Object.keys(exceptions).sort());
});
