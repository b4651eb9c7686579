import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { insertExecution, insertFinishedExecution, insertToolCall } from '../../tests/helpers/rows.ts';
import { type ExecutionFilter, type ExecutionQuery, executionQuerySchema } from '../contract/executions.ts';
import type { MarkChange } from '../contract/marks.ts';
import { newId } from '../kernel/ids.ts';
import { Redactor } from '../vault/redact.ts';
import { addResults } from './add-results.ts';
import { listExecutions } from './list-executions.ts';
import { markExecution } from './mark-execution.ts';
import { purgeExecutions } from './purge-executions.ts';
import { readExecutions, unreadExecutions } from './read-executions.ts';
import { readTotals } from './read-totals.ts';
import { parseSearch } from './search-query.ts';
import { costWords, searchWindows } from './search-windows.ts';

let db: TestDatabase;
/** A name for each execution, in the order in which a list has them. */
const made: { name: string; id: string }[] = [];
const now = Date.UTC(2026, 5, 15, 12, 0, 0);
const minute = 60_000;
const day = 24 * 60 * minute;

async function add(name: string, ago: number, data: Parameters<typeof insertExecution>[1] = {}) {
  const createdAt = new Date(now - ago);
  const insert = data?.status === 'queued' ? insertExecution : insertFinishedExecution;
  const { id } = await insert(db, { skillSlug: 'brief', createdAt, ...data });
  made.push({ name, id });
}

const idOf = (name: string): string => made.find((each) => each.name === name)?.id ?? '';
const mark = (name: string, change: MarkChange) =>
  markExecution({ db, vault: { redactor: new Redactor() } }, idOf(name), change);

beforeAll(async () => {
  db = await createTestDatabase();
  await add('queued', 0, { status: 'queued', costUsd: null });
  const model = 'claude-sonnet-5-5';
  await add('dear', minute, { model, output: 'The weekly report: rain, and a walrus.', costUsd: '2.5' });
  await add('failed', 2 * 60 * minute, {
    model,
    status: 'failed',
    errorCode: 'E_MODEL_FAILED',
    error: 'The model gave in',
    output: null,
    trigger: 'webhook',
  });
  await add('rehearsed', 3 * day, { mode: 'rehearsal', output: 'weekly and also report', costUsd: '0' });
  await add('input', 40 * day, {
    skillSlug: 'post',
    input: { to: ['anna@example.com', 'line\nbreak'], n: 4711 },
  });
  await add('unpriced', 400 * day, { costUsd: null, output: 'Zürich walrus', trigger: 'webhook' });
  await add('parts', 500 * day, {
    costUsd: null,
    input: { file: 'Backup_of file_name.txt', places: ['/srv/data/größe.log', 'C:\\Users\\Ada'] },
    output: 'See https://shop.example.com/orders/4712?sort=date; 明日は東京都で雨が降る。ราคาทองคำวันนี้. 黒猫',
  });
  // As much of it as is ever read: the document must be one that PostgreSQL can hold.
  const hangul = (from: number) =>
    Array.from({ length: 50_000 }, (_, at) =>
      String.fromCodePoint(0xac00 + ((at * (from + at)) % 11_000)),
    ).join('');
  await add('full', 600 * day, {
    input: { text: hangul(3).slice(0, 16_000) },
    output: hangul(7),
    costUsd: null,
  });
  await add('oldest', 3000 * day, { output: "it's =status:failed\\ here", costUsd: '0.01' });
  await insertToolCall(db, { executionId: idOf('dear'), connection: 'mail' });
  await insertToolCall(db, { executionId: idOf('dear'), connection: 'mail' });
  await insertToolCall(db, { executionId: idOf('input'), connection: 'mail' });
  await mark('dear', { pinned: true, rating: 'good' });
  await mark('oldest', { pinned: true });
  await mark('rehearsed', { pinned: true });
  await mark('rehearsed', { pinned: false });
  await mark('failed', { rating: 'bad', comment: '  ' });
});
afterAll(() => db.drop());

async function names(query: Record<string, unknown>): Promise<string[]> {
  const { items } = await listExecutions({ db }, executionQuerySchema.parse(query));
  return items.map(({ id }) => made.find((each) => each.id === id)?.name ?? id);
}

describe('a list of executions', () => {
  it.each<[{ [Name in keyof ExecutionQuery]?: ExecutionQuery[Name] | 'true' | 'false' }, string]>([
    [{}, 'queued dear failed rehearsed input unpriced parts full oldest'],
    [{ status: 'queued' }, 'queued'],
    [{ status: 'failed' }, 'failed'],
    [{ status: 'succeeded' }, 'dear rehearsed input unpriced parts full oldest'],
    [{ skill: 'brief' }, 'queued dear failed rehearsed unpriced parts full oldest'],
    [{ skill: 'post' }, 'input'],
    [{ skill: "no'such\\skill" }, ''],
    [{ trigger: 'webhook' }, 'failed unpriced'],
    [{ mode: 'rehearsal' }, 'rehearsed'],
    [{ minCostUsd: 1 }, 'dear'],
    [{ minCostUsd: 2.500_001 }, ''],
    [{ maxCostUsd: 0.01 }, 'rehearsed oldest'],
    [{ minCostUsd: 0.005, maxCostUsd: 2.5 }, 'dear failed input oldest'],
    [{ from: new Date(now - 3 * day).toISOString() }, 'queued dear failed rehearsed'],
    [{ to: new Date(now - 3 * day).toISOString() }, 'input unpriced parts full oldest'],
    [{ skill: 'brief', trigger: 'webhook', to: new Date(now - day).toISOString() }, 'unpriced'],
    [{ status: 'succeeded', from: new Date(now - 40 * day).toISOString() }, 'dear rehearsed input'],
    [{ q: 'walrus' }, 'dear unpriced'],
    [{ q: 'WALRUS', status: 'succeeded', minCostUsd: 0.1 }, 'dear'],
    [{ q: 'weekly report' }, 'dear rehearsed'],
    [{ q: '"weekly report"' }, 'dear'],
    [{ q: 'weekly -walrus' }, 'rehearsed'],
    [{ q: 'zürich or rain' }, 'dear unpriced'],
    [{ q: 'walr*' }, 'dear unpriced'],
    [{ q: 'repo* rai*' }, 'dear'],
    [{ q: 'anna@example.com' }, 'input'],
    [{ q: 'break 4711' }, 'input'],
    [{ q: 'gave' }, 'failed'],
    [{ q: 'file_name.txt' }, 'parts'],
    [{ q: 'name' }, 'parts'],
    [{ q: 'name.txt' }, 'parts'],
    [{ q: 'name.log' }, ''],
    [{ q: 'backup' }, 'parts'],
    [{ q: 'srv data GRÖßE' }, 'parts'],
    [{ q: '/srv/data größe' }, 'parts'],
    [{ q: 'users ada' }, 'parts'],
    [{ q: 'example.com' }, 'input parts'],
    [{ q: 'shop 4712' }, 'parts'],
    [{ q: '"example com orders"' }, 'parts'],
    [{ q: '東京' }, 'parts'],
    [{ q: '東京都 雨' }, 'parts'],
    [{ q: '猫' }, 'parts'],
    [{ q: '大阪 or 東京' }, 'parts'],
    [{ q: 'ทองคำ' }, 'parts'],
    [{ q: '4712 -東京' }, ''],
    [{ q: "it's =status:failed\\" }, 'oldest'],
    [{ q: 'unheard' }, ''],
    [{ q: '!!! ' }, ''],
    [{ q: '\u0000\ud800' }, ''],
    [{ q: "'" }, ''],
    [{ q: "o'*" }, 'parts'],
    [{ since: '9999w' }, 'queued dear failed rehearsed input unpriced parts full oldest'],
    [{ since: '1m', skill: 'brief' }, ''],
    [{ model: 'claude-sonnet-5-5' }, 'dear failed'],
    [{ model: 'claude-sonnet-5-5', q: 'walrus' }, 'dear'],
    [{ model: 'claude-sonnet-5-5', q: '!!!' }, ''],
    [{ connection: 'mail' }, 'dear input'],
    [{ connection: 'mail', from: new Date(now - day).toISOString() }, 'dear'],
    [{ pinned: 'true' }, 'dear oldest'],
    [{ pinned: 'true', q: 'walrus' }, 'dear'],
    [{ pinned: 'false', skill: 'brief' }, 'queued failed rehearsed unpriced parts full'],
    [{ rating: 'bad' }, 'failed'],
    [{ rating: 'good', status: 'failed' }, ''],
    [{ unread: 'true' }, 'failed unpriced'],
    [{ unread: 'false', skill: 'post' }, 'input'],
    [{ unread: 'false', trigger: 'webhook' }, ''],
  ])('with %o has: %s', async (query, expected) => {
    expect((await names(query)).join(' ')).toBe(expected);
  });

  it.each([
    {},
    { skill: 'brief' },
    { status: 'succeeded' },
    { q: 'walrus or weekly or done' },
    { pinned: 'false', q: 'walrus or weekly or done' },
  ])('is the same page by page: %o', async (filter) => {
    const whole = await listExecutions({ db }, executionQuerySchema.parse(filter));
    const ids: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const query = executionQuerySchema.parse({ ...filter, limit: 1, ...(cursor ? { cursor } : {}) });
      const page = await listExecutions({ db }, query);
      expect(page.items).toHaveLength(1);
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(ids).toEqual(whole.items.map(({ id }) => id));
    expect(ids.length).toBeGreaterThan(2);
  });

  it('takes the search index, and nothing else, to find what has ended', async () => {
    const { rows } = await db.pool.query<{ plan: string }>(
      `SELECT string_agg(indexdef, '') AS plan FROM pg_indexes WHERE indexname = 'executions_search_idx'`,
    );
    expect(rows[0]?.plan).toContain('fastupdate=off');
    const explained = await db.pool.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT id FROM executions WHERE completed_at IS NOT NULL AND execution_search_document(
         status, mode, "trigger", skill_slug, cost_usd, created_at, input, output, error) @@ '''=year:2026'''::tsquery`,
    );
    expect(explained.rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('executions_search_idx');
  });
});

describe('the stretches of time of a search', () => {
  it('cover all of it, once, whatever the moment', () => {
    for (const end of [now, now + 1, Date.UTC(2024, 1, 29, 0, 0, 0, 1), Date.UTC(2026, 0, 1), 86_400_001]) {
      const oldest = end - 5000 * day;
      const windows = [...searchWindows(oldest, end)];
      expect(windows.length).toBeLessThan(32);
      expect(windows.at(-1)?.from).toBeLessThanOrEqual(oldest);
      let until = end;
      for (const { from } of windows) {
        expect(from).toBeLessThan(until);
        until = from;
      }
    }
    expect([...searchWindows(now, now)]).toEqual([]);
  });

  it('of costs have the words of every cost between them', () => {
    const wordOf = (micros: number) => `=cost:${String(micros)[0]}e${String(micros).length - 1}`;
    for (const [min, max] of [
      [0, 0],
      [0.000_001, 0.05],
      [0.019, 12.5],
      [999, 999_999.999_999],
    ] as const) {
      const words = costWords(min, max);
      for (const usd of [min, max, (min + max) / 2, min + (max - min) / 7])
        expect(words).toContain(wordOf(Math.round(usd * 1e6)));
    }
    expect(costWords(0.5, 0.6)).toEqual(['=cost:5e5', '=cost:6e5']);
  });
});

describe('what they come to', () => {
  const nothing = { executions: 0, failed: 0, waiting: 0, running: 0, unread: 0, costUsd: 0, tokens: 0 };
  it.each<[ExecutionFilter, Record<string, number>]>([
    [{ to: new Date(now - day).toISOString() }, { executions: 6, failed: 0, unpriced: 3, tokens: 252 }],
    [{ skill: 'brief' }, { executions: 8, failed: 1, waiting: 1, running: 0, unpriced: 3, durationMs: 8400 }],
    [{ q: 'walrus' }, { executions: 2, failed: 0, waiting: 0, costUsd: 2.5, tokens: 84 }],
    [{ connection: 'mail' }, { executions: 2, tokens: 84 }],
    [{ pinned: true }, { executions: 2, costUsd: 2.51 }],
    [{ q: '!!!' }, nothing],
    [{ skill: 'nothing' }, nothing],
  ])('with %o is %o', async (filter, expected) => {
    expect(await readTotals({ db }, filter)).toMatchObject(expected);
  });
});

describe('what the owner says of one', () => {
  it('changes what is named alone, is told beside it without secrets, and is no part of the record', async () => {
    const redactor = new Redactor();
    redactor.register('mail.password', 'canary-9b3e24685d1f7c0a');
    const deps = { db, vault: { redactor } };
    const { id, contentHash } = await insertFinishedExecution(db, { skillSlug: 'marked' });
    await markExecution(deps, id, { comment: ' It sent canary-9b3e24685d1f7c0a. ' });
    expect(await markExecution(deps, id, { rating: 'bad' })).toEqual({
      pinned: false,
      rating: 'bad',
      comment: 'It sent [redacted:mail.password].',
    });
    const { items } = await listExecutions({ db }, executionQuerySchema.parse({ skill: 'marked' }));
    expect((await addResults(deps, items, 0))[0]?.mark).toMatchObject({ rating: 'bad', pinned: false });
    const none = { pinned: false, rating: null, comment: null };
    expect(await markExecution(deps, id, { rating: null, comment: null })).toEqual(none);
    expect((await db.prisma.execution.findUniqueOrThrow({ where: { id } })).contentHash).toEqual(contentHash);
    await expect(markExecution(deps, newId(), { pinned: true })).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
    });
  });
});

describe('what a person types', () => {
  it('may name beginnings of words, outside of quotation marks', () => {
    expect(parseSearch('rain* "a phrase*" -sun o\'br*')).toEqual([
      { texts: [['"a phrase*"'], ['-sun']], beginnings: ["'rain':*", "'o''br':*"], letters: [] },
    ]);
  });

  it('may be a part of a joined word, or letters of a script without blanks', () => {
    expect(parseSearch('name.txt 東京都 or -猫')).toEqual([
      { texts: [['name.txt', '"name txt"']], beginnings: [], letters: ["'東京' & '京都'"] },
      { texts: [], beginnings: [], letters: ["!('猫':*)"] },
    ]);
  });
});

describe('what came of them', () => {
  const redactor = new Redactor();
  const secret = 'canary-5d1f7c0a9b3e2468';
  const list = async (excerpt = 0) => {
    const { items } = await listExecutions({ db }, executionQuerySchema.parse({ skill: 'news' }));
    return await addResults({ db, vault: { redactor } }, items, excerpt);
  };

  it('is told in a line, as news until the owner has read it, and is gone when it is purged', async () => {
    redactor.register('mail.password', secret);
    const news = { skillSlug: 'news', trigger: 'schedule' as const };
    const { id } = await insertFinishedExecution(db, {
      ...news,
      output: `# Mail\n\nThe key is **canary-5d1f**7c0a9b3e2468.\n${'More. '.repeat(1000)}`,
    });
    const old = new Date(Date.now() - 20 * day);
    await insertFinishedExecution(db, { ...news, createdAt: old, completedAt: old, output: 'Old.' });
    const older = new Date(old.getTime() - day);
    await insertFinishedExecution(db, { ...news, mode: 'rehearsal', createdAt: older, output: null });
    expect((await list()).map(({ headline, excerpt, unread }) => [headline, excerpt, unread])).toEqual([
      ['The key is [redacted:mail.password].', null, true],
      ['Old.', null, false],
      [null, null, false],
    ]);
    expect((await list(6))[0]?.excerpt).toBe('# Mail');
    await readExecutions({ db }, [id, newId()]);
    await readExecutions({ db }, [id]);
    expect((await list())[0]?.unread).toBe(false);
    await unreadExecutions({ db }, [id]);
    expect((await list())[0]?.unread).toBe(true);
    expect(await readTotals({ db }, { skill: 'news' })).toMatchObject({ executions: 3, unread: 1 });
    await readExecutions({ db }, [id]);
    await purgeExecutions({ db }, { ids: [id], actor: 'owner', reason: 'by hand' });
    expect((await list(6))[0]).toMatchObject({ headline: null, excerpt: null });
  });
});
