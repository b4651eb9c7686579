/** What the console says of backups that are missing: on the first page and among the settings, since when and why. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ConsoleOfTest, openConsole } from '../helpers/console.ts';

let console: ConsoleOfTest;
beforeAll(async () => {
  console = await openConsole();
});
afterAll(() => console?.close());

const set = async (key: string, value: string) => {
  const { status } = await console.vm.api('PUT', `/api/v1/config/${key}`, { value });
  expect(status).toBeLessThan(300);
};

/** As a VM has it whose last backup was made two days ago. */
async function lastMadeTwoDaysAgo(): Promise<void> {
  const { url } = JSON.parse(readFileSync(path.join(console.vm.home, 'postgres/running.json'), 'utf8')) as {
    url: string;
  };
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `INSERT INTO audit_inbox (id, at, actor, action, data)
       VALUES ($1, now() - interval '2 days', 'system', 'backup.created', '{"file": "old.age", "bytes": 1000}')`,
      [randomUUID()],
    );
  } finally {
    await client.end();
  }
}

it('says that one is overdue, when the last was made, and why the last try failed', async () => {
  const { open, page, vm } = console;
  const said = (text: RegExp) => page.getByText(text).first().waitFor();
  await open('/');
  await said(/No backups are planned/);

  // A place that is no folder: each try fails.
  await set('backup_to', '/dev/null/backups');
  await set('backup_recipients', await identityToRecipient(await generateX25519Identity()));
  await lastMadeTwoDaysAgo();
  await set('backup_schedule', '0 * * * *');
  await expect
    .poll(async () => (await vm.api('GET', '/api/v1/backups')).body, { timeout: 150_000 })
    .toMatchObject({ isOverdue: true, failure: { message: expect.stringContaining('/dev/null/backups') } });
  for (const place of ['/', '/settings']) {
    await open(place);
    await said(/One is overdue: it was due \S+/);
    await said(/The last was made \S+/);
    await said(/The last try: .*\/dev\/null\/backups/);
  }
  expect(console.complaints()).toEqual([]);
});
