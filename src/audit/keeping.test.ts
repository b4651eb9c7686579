/** What may happen to a record without being a tampering: a restore, a purge, a pruning, a new home. */
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEmptyDatabase } from '../../tests/helpers/database.ts';
import { keySettings } from '../../tests/helpers/vault.ts';
import { provideVault, type VaultBench } from '../../tests/helpers/vault-bench.ts';
import { fillRecord, insertEndedExecution } from '../../tests/tamper/record.ts';
import { openDatabase } from '../database/client.ts';
import { dumpDatabase } from '../database/dump.ts';
import { restoreDatabase } from '../database/restore.ts';
import { createLogger } from '../kernel/log.ts';
import { openVault } from '../vault/open-vault.ts';
import { createAppender } from './appender.ts';
import { pruneAudit } from './prune-audit.ts';
import { recordAudit } from './record-audit.ts';
import { recordPurged } from './record-purged.ts';
import { verifyAudit } from './verify/verify-audit.ts';

let { db, vault } = {} as VaultBench;
provideVault(async (bench) => {
  ({ db, vault } = bench);
  await fillRecord({ db, vault, appender: appender() }, 12);
});

const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
const appender = () => createAppender({ db, vault, log, home: vault.home, checkpointEvents: 10 });
const verify = async () => {
  await appender().flush();
  return verifyAudit({ db, vault, home: vault.home });
};
const sound = { ok: true, findings: [], firstBad: null };

/** What retention does, in its own transaction. */
const purge = (id: string, isOnRecord: boolean) =>
  db.transaction(async (tx) => {
    if (isOnRecord) await recordPurged(tx, { actor: 'owner', executionIds: [id], reason: 'by hand' });
    await tx.$executeRaw`UPDATE executions SET input = NULL, output = NULL, trace = NULL, purged_at = now() WHERE id = ${id}::uuid`;
    await tx.$executeRaw`UPDATE execution_steps SET output = NULL WHERE execution_id = ${id}::uuid`;
    await tx.$executeRaw`UPDATE tool_calls SET arguments = 'null', result = NULL, error = NULL WHERE execution_id = ${id}::uuid`;
    await tx.$executeRaw`DELETE FROM ended_events WHERE execution_id = ${id}::uuid`;
  });

describe('a purge', () => {
  it('that is on record raises no alarm', async () => {
    const id = await insertEndedExecution({ db, vault }, null, 100);
    await appender().flush();
    await purge(id, true);
    expect(await verifyAudit({ db, vault, home: vault.home })).toMatchObject(sound);
    expect(await verify()).toMatchObject(sound);
  });

  it('keeps the rest of the row under the chain', async () => {
    const id = await insertEndedExecution({ db, vault }, null, 101);
    await purge(id, true);
    await db.pool.query('ALTER TABLE tool_calls DISABLE TRIGGER USER');
    await db.pool.query("UPDATE tool_calls SET tool = 'delete_all' WHERE execution_id = $1", [id]);
    expect(await verify()).toMatchObject({
      ok: false,
      firstBad: { subject: id, message: expect.stringContaining('other tool calls') },
    });
    await db.pool.query("UPDATE tool_calls SET tool = 'read' WHERE execution_id = $1", [id]);
    await db.pool.query('ALTER TABLE tool_calls ENABLE TRIGGER USER');
    expect(await verify()).toMatchObject(sound);
  });
});

describe('a pruning', () => {
  it('drops the data of events up to a checkpoint, and the chain verifies as before', async () => {
    const before = await verify();
    const upTo = await pruneAudit({ db }, { before: new Date(), actor: 'owner' });
    expect(upTo).toBeGreaterThan(30);
    const { rows } = await db.pool.query<{ gone: number }>(
      'SELECT count(*)::int AS gone FROM audit_events WHERE data IS NULL',
    );
    expect(rows[0]?.gone).toBeGreaterThan(10);
    const after = await verify();
    expect(after).toMatchObject({ ...sound, executions: before.executions });
    expect(after.events).toBe(before.events + 1);
    expect(await pruneAudit({ db }, { before: new Date(0), actor: 'owner' })).toBe(0);
  });
});

describe('a restore', () => {
  it('is an alarm until it is accepted, begins an epoch, and cannot be used again', async () => {
    const { home } = vault;
    await verify();
    const dump = path.join(home, 'dump');
    await dumpDatabase(db.url, dump);
    for (let number = 200; number < 206; number++) await insertEndedExecution({ db, vault }, null, number);
    const ahead = await verify();
    expect(ahead).toMatchObject(sound);

    const restored = async () => {
      const empty = await createEmptyDatabase();
      await restoreDatabase({ url: empty.url, file: dump, log });
      const other = await openDatabase(empty.url);
      const itsVault = await openVault({ db: other, settings: keySettings(home), log });
      const deps = { db: other, vault: itsVault, home };
      const one = createAppender({ ...deps, log, checkpointEvents: 10 });
      const close = async () => {
        await other.close();
        await empty.drop();
      };
      return { ...deps, appender: one, close, verify: () => verifyAudit(deps) };
    };

    const first = await restored();
    await first.appender.flush();
    const alarm = await first.verify();
    expect(alarm.ok).toBe(false);
    expect(alarm.firstBad?.message).toMatch(/cut off from the end|missing in the database/);
    const accepted = await first.appender.acceptRestore({ actor: 'owner', reason: 'the dump of a test' });
    expect(accepted.epoch).toBe(1);
    expect(accepted.lost).toBeGreaterThan(5);
    expect(await first.verify()).toMatchObject({ ...sound, epoch: 1 });
    for (let number = 300; number < 310; number++)
      await insertEndedExecution({ db: first.db, vault: first.vault }, null, number);
    await first.appender.flush();
    expect(await first.verify()).toMatchObject({ ...sound, epoch: 1 });
    // As after a restart.
    const again = createAppender({ ...first, log });
    await recordAudit(first.db.prisma, { action: 'session.closed', actor: 'owner' });
    await again.flush();
    expect(await first.verify()).toMatchObject({ ...sound, epoch: 1 });
    expect(await first.db.prisma.auditEvent.count({ where: { action: 'database.restored' } })).toBe(1);
    await first.close();

    // The same dump once more, by somebody who only has the database.
    const second = await restored();
    await second.appender.flush();
    expect((await second.verify()).ok).toBe(false);
    // Neither the alarm nor what it is founded on goes away by working on.
    await recordAudit(second.db.prisma, { action: 'session.closed', actor: 'owner' });
    await second.appender.flush();
    expect((await second.verify()).ok).toBe(false);
    await second.close();
  });

  it('into a new home has no record outside yet, says so, and makes one', async () => {
    const folder = path.join(vault.home, 'audit');
    await rm(folder, { recursive: true });
    const bare = await verifyAudit({ db, vault, home: vault.home });
    expect(bare).toMatchObject({ ...sound, warnings: [expect.stringContaining('no record outside')] });
    await recordAudit(db.prisma, { action: 'session.closed', actor: 'owner' });
    expect(await verify()).toMatchObject({ ...sound, warnings: [] });
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });
});

describe('without a word on record', () => {
  it('a purge is found', async () => {
    const id = await insertEndedExecution({ db, vault }, null, 400);
    await purge(id, false);
    expect(await verify()).toMatchObject({
      ok: false,
      findingCount: 1,
      firstBad: { subject: id, message: expect.stringContaining('nobody is on record') },
    });
  });

  it('dropped data of an event is found', async () => {
    await recordAudit(db.prisma, { action: 'session.closed', actor: 'owner', subject: 'a session' });
    await appender().flush();
    await db.pool.query("UPDATE audit_events SET data = NULL WHERE subject = 'a session'");
    const { findings } = await verify();
    expect(findings.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('no pruning is on record'),
    );
  });
});
