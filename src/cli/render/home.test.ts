import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { ListedExecution } from '../../contract/executions.ts';
import { noMark } from '../../contract/marks.ts';
import { createContext } from '../context.ts';
import { type Paper, renderHome } from './home.ts';

const id = (end: string) => `0193a3f0-0000-7000-8000-${end.padStart(12, '0')}`;
const run = (of: Partial<ListedExecution>): ListedExecution => ({
  id: id('1'),
  skillSlug: 'brief',
  skillVersion: 1,
  mode: 'live',
  model: 'claude-sonnet-5-5',
  actor: 'schedule',
  trigger: 'schedule',
  status: 'succeeded',
  error: null,
  errorCode: null,
  durationMs: 4200,
  tokenCount: 900,
  costUsd: 0.02,
  reportedToCore: false,
  createdAt: '2026-11-23T06:00:00.000Z',
  startedAt: '2026-11-23T06:00:00.000Z',
  completedAt: '2026-11-23T06:00:04.000Z',
  purgedAt: null,
  headline: 'Two letters.',
  excerpt: 'Two letters: **the bill** and a card.',
  unread: true,
  mark: noMark,
  ...of,
});
const spend = { capUsd: 5, spentUsd: 0.42, heldUsd: 0, lostUsd: 0, from: '', until: '' };
const quiet: Paper = {
  timezone: 'Europe/Berlin',
  stopped: null,
  trouble: null,
  backups: {
    schedule: 'every night',
    nextAt: null,
    to: null,
    keep: { count: 7, days: null },
    last: null,
    dueSince: null,
    isOverdue: false,
    failure: null,
  },
  approvals: [],
  proposals: [],
  connections: [],
  letters: [],
  today: { runs: 0, failed: 0, underWay: 0 },
  coming: [],
  names: { brief: 'Morning brief', garden: 'Garden' },
  spent: { day: spend, month: spend },
};
const unused = new PassThrough();
const context = createContext(
  {
    stdin: process.stdin,
    stdout: Object.assign(unused, { isTTY: true, columns: 60 }),
    stderr: unused,
    env: { NO_COLOR: '1' },
    now: () => new Date('2026-11-23T06:12:00.000Z'),
    onInterrupt: () => () => undefined,
  },
  [],
  false,
);
const print = (paper: Partial<Paper>) => renderHome({ ...quiet, ...paper }, context);

describe('the morning paper', () => {
  it('greets by the owner’s clock, and teaches where there is no news', () => {
    const text = print({});
    expect(text).toMatch(/^Good morning · Monday 23 November, 07:12$/m);
    expect(text).toMatch(/^ {2}alfred skill list$/m);
    expect(text).not.toContain('Waits for you');
    expect(text).not.toContain('Coming up');
    expect(text).toMatch(/^today {2}0 runs$/m);
  });

  it('tells what was found out, what is new of it, and why a run failed', () => {
    const failed = run({
      id: id('2'),
      skillSlug: 'garden',
      status: 'failed',
      error: 'The tap is away.',
      unread: false,
    });
    const text = print({
      letters: [
        { row: run({}), earlier: 3 },
        { row: failed, earlier: 0 },
      ],
      today: { runs: 2, failed: 1, underWay: 0 },
    });
    expect(text).toMatch(/^● Morning brief {2}07:00 · has earlier runs$/m);
    expect(text).toContain('  Two letters: **the bill** and a card.');
    expect(text).toMatch(/^ {2}Garden {2}07:00$/m);
    expect(text).toContain('  The tap is away.');
    expect(text).toMatch(/alfred execution show \S+ says why$/m);
    expect(text).toMatch(/^today {2}2 runs, 1 failed$/m);
  });

  it('names what to type for each thing that waits', () => {
    const text = print({
      stopped: { since: '2026-11-23T05:00:00.000Z', by: 'owner' },
      connections: [
        { name: 'mail', status: 'needs_login', approved: true, isActive: true, lastError: null },
        { name: 'notes', status: 'ready', approved: false, isActive: true, lastError: null },
      ],
      proposals: [{ id: id('3'), slug: 'tidy', baseVersion: null }],
    });
    for (const line of ['alfred go-on', 'alfred connection login mail', 'alfred connection approve notes'])
      expect(text).toMatch(new RegExp(`^ {4}${line}$`, 'm'));
    expect(text).toMatch(/^ {4}alfred proposal show \S+$/m);
  });

  it('prints what came from outside without its escape sequences, and no line wider than the terminal', () => {
    const text = print({
      letters: [
        { row: run({ excerpt: `\u001b]52;c;aGk=\u0007\u001b[2J${'word '.repeat(400)}` }), earlier: 0 },
      ],
      coming: [
        { slug: 'brief', name: 'Morning\u001b[31m brief', at: '2026-11-24T06:00:00.000Z', isPaused: false },
      ],
    });
    expect(text).not.toContain('\u001b');
    expect(text).toContain('24 Nov 07:00  Morning brief  in 23 h 48 min');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(62);
    expect(text).toContain('…');
  });
});
