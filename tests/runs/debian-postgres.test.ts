/** The queue, two processes and a kill on the PostgreSQL that Debian packages; the whole of it: tests/helpers/on-debian.ts. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrateDatabase } from '../../src/database/migrate.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { openTestDatabase } from '../helpers/database.ts';
import { debianBinaries, startDebianPostgres } from '../helpers/debian-postgres.ts';
import { userTextOf } from '../helpers/messages-api.ts';
import { createRunnerBench, type RunnerBench } from '../helpers/runner.ts';

const binaries = debianBinaries();
let bench: RunnerBench;
let version = '';
let worker: ChildProcess | undefined;
beforeAll(async () => {
  if (binaries === undefined) return;
  const server = await startDebianPostgres(binaries);
  version = server.version;
  const log = createLogger({ level: 'warn', format: 'json', redact: (line) => line });
  await migrateDatabase({ url: server.url, home: '/nowhere', log });
  const database = await openTestDatabase({ url: server.url, drop: server.stop });
  const options = { database, start: false, roster: { lookEveryMs: 250 } };
  bench = await createRunnerBench(() => ({ text: 'Nothing is scripted.' }), options);
});
afterAll(async () => {
  worker?.kill('SIGKILL');
  await bench?.close();
});

it.skipIf(binaries === undefined)(
  'shares the work, and goes on with what a killed worker was at',
  async () => {
    expect(version).toMatch(/^PostgreSQL \d+.*Debian/);
    await bench.addSkill({ slug: 'two', steps: ['First {{n}}', 'Second {{n}}'], concurrency: 4 });
    const second = Promise.withResolvers<void>();
    bench.api.setScript(({ body }) => {
      if (!userTextOf(body).includes('Second')) return { text: 'One.' };
      second.resolve();
      return { text: 'Long. '.repeat(100), eventDelayMs: 60_000 };
    });
    worker = spawn(
      process.execPath,
      [path.join(import.meta.dirname, '../helpers/abandon-run.ts'), bench.db.url, bench.home, '250'],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const gone = once(worker, 'exit');
    const ids = await Promise.all([1, 2, 3].map((n) => bench.start('two', { n: String(n) })));
    await second.promise;
    bench.api.setScript(() => ({ text: 'Two.' }));
    worker.kill('SIGKILL');
    await gone;
    await bench.runner.start();
    for (const id of ids) {
      const { execution, events } = await bench.ended(id);
      expect(execution).toMatchObject({
        ...{ status: 'succeeded', errorCode: null, error: null },
        output: 'Two.',
        steps: [{ status: 'done' }, {}],
      });
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    }
  },
  300_000,
);
