/** The key that signs the chain is followed by another: what was signed stays checkable, and the key before signs no more. */
import { cp, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { createTestVault, type TestVault } from '../../tests/helpers/vault.ts';
import { createLogger } from '../kernel/log.ts';
import { appendEvents } from './append-events.ts';
import { createAppender } from './appender.ts';
import { insertCheckpoint, readLastCheckpoint } from './checkpoints.ts';
import { recordAudit } from './record-audit.ts';
import { nextStatement } from './seal-head.ts';
import { newSigningKey, openSigningKey, replaceSigningKey, type SigningKey } from './signing-key.ts';
import { keyAfter } from './statement.ts';
import { verifyAudit } from './verify/verify-audit.ts';
import { readWitness } from './witness.ts';

const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
let db: TestDatabase;
let vault: TestVault;
beforeEach(async () => {
  db = await createTestDatabase();
  vault = await createTestVault(db);
});
afterEach(async () => {
  await vault.remove();
  await db.drop();
});

const appender = () => createAppender({ db, vault, log, home: vault.home, checkpointEvents: 5 });
const verify = () => verifyAudit({ db, vault, home: vault.home });
const sound = { ok: true, findings: [], warnings: [] };

/** Some acts, chained, with a checkpoint among them. */
async function act(count = 7): Promise<void> {
  for (let index = 0; index < count; index++) {
    await recordAudit(db.prisma, { action: 'config.changed', actor: 'owner', data: { index } });
  }
  await appender().flush();
}

it('hands over by a statement that both keys sign, as often as wanted', async () => {
  await act();
  const first = await openSigningKey({ db, vault });
  const handed = await appender().succeedKey('owner');
  expect(handed.from).not.toBe(handed.to);
  await act();
  await appender().succeedKey('owner');
  await act();
  expect(await verify()).toMatchObject(sound);
  const { lines } = await readWitness(vault.home);
  const successions = lines.filter(({ statement }) => statement.kind === 'succession');
  expect(successions).toHaveLength(2);
  expect(lines[0]?.publicKey).toBe(first.publicKey);
  // What follows each is signed by the key that it names.
  let key = first.publicKey;
  for (const line of lines) {
    expect(line.publicKey).toBe(key);
    key = keyAfter(key, line);
  }
  expect(key).toBe((await openSigningKey({ db, vault })).publicKey);
  const acts = await db.prisma.auditEvent.findMany({ where: { action: 'audit.key_succeeded' } });
  expect(acts.map(({ actor, data }) => ({ actor, data }))[0]).toEqual({ actor: 'owner', data: handed });
});

/** As whoever has `key`, the database and the home would go on with the chain. */
async function signAs(key: SigningKey): Promise<void> {
  await appendEvents(db.pool, vault.vaultId, async (client, { after }) => {
    const last = await readLastCheckpoint(client, { vaultId: vault.vaultId, publicKey: key.publicKey });
    await insertCheckpoint(client, nextStatement({ vault, key }, 'checkpoint', after, last));
  });
}

it('has the key before sign no more', async () => {
  await act();
  const first = await openSigningKey({ db, vault });
  await appender().succeedKey('owner');
  await act(3);
  await signAs(first);
  expect(await verify()).toMatchObject({
    ok: false,
    findings: [expect.objectContaining({ message: expect.stringContaining('was not signed by this VM') })],
  });
});

it('takes no key that the one before did not hand over to', async () => {
  await act();
  const { key, value } = newSigningKey(vault);
  await replaceSigningKey(db.pool, value);
  await signAs(key);
  const { ok, findings } = await verify();
  expect(ok).toBe(false);
  expect(findings.map(({ message }) => message).join(' ')).toContain('is another one than that which signed');
});

it('is whole when its process was killed before the files said so', async () => {
  await act();
  const audit = path.join(vault.home, 'audit');
  const before = await mkdtemp(path.join(tmpdir(), 'alfred-audit-'));
  await cp(audit, before, { recursive: true });
  await appender().succeedKey('owner');
  // Committed, and the files as they were then: the head was announced.
  await rename(path.join(audit, 'head.json'), path.join(audit, 'next.json'));
  for (const file of ['head.json', 'checkpoints.jsonl'])
    await cp(path.join(before, file), path.join(audit, file));
  expect(await verify()).toMatchObject({ ok: true, findings: [] });
  await act();
  expect(await verify()).toMatchObject(sound);
  expect(await readFile(path.join(audit, 'checkpoints.jsonl'), 'utf8')).toContain('"succession"');
  await rm(before, { recursive: true });
});
