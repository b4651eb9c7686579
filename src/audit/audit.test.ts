import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { provideVault, type VaultBench } from '../../tests/helpers/vault-bench.ts';
import { putConfig } from '../config/put-config.ts';
import { createLogger } from '../kernel/log.ts';
import { createAppender } from './appender.ts';
import { chainOf, genesisOf, leafOf, payloadHashOf } from './chain.ts';
import { recordAudit } from './record-audit.ts';

let { db, vault } = {} as VaultBench;
provideVault((bench) => {
  ({ db, vault } = bench);
});

const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
const appender = () => createAppender({ db, vault, log, home: vault.home });
const events = () => db.prisma.auditEvent.findMany({ orderBy: { seq: 'asc' } });

describe('an act', () => {
  it('is on record with its transaction, or not at all', async () => {
    const act = (fails: boolean) =>
      db.transaction(async (tx) => {
        await recordAudit(tx, { action: 'token.revoked', actor: 'owner', subject: String(fails) });
        if (fails) throw new Error('it came to nothing');
      });
    await expect(act(true)).rejects.toThrow();
    await act(false);
    await appender().flush();
    expect((await events()).filter(({ action }) => action === 'token.revoked')).toMatchObject([
      { subject: 'false', actor: 'owner' },
    ]);
  });

  it('says who put a secret, and nothing of it', async () => {
    await putConfig({ db, vault }, 'weather_api_key', 'canary-7731-weather', { actor: 'token:1' });
    await appender().flush();
    const found = (await events()).at(-1);
    expect(found).toMatchObject({ action: 'secret.written', actor: 'token:1', subject: 'weather_api_key' });
    expect(JSON.stringify(found?.data)).not.toContain('canary');
  });
});

describe('the chain', () => {
  it('has no gaps when many act and several append at once, and can be computed again', async () => {
    const acts = Array.from({ length: 300 }, (_, index) =>
      recordAudit(db.prisma, { action: 'config.changed', actor: 'owner', subject: `key_${index}` }),
    );
    const appenders = [appender(), appender(), appender()];
    await Promise.all([...acts, ...appenders.map((one) => one.flush())]);
    await appender().flush();
    expect(await db.prisma.auditInbox.count()).toBe(0);

    let { chain, seq } = genesisOf(vault.vaultId);
    for (const event of await events()) {
      seq += 1;
      expect(Number(event.seq)).toBe(seq);
      const payloadHash = payloadHashOf(event.data);
      expect(Buffer.from(event.payloadHash)).toEqual(payloadHash);
      chain = chainOf(chain, leafOf({ ...event, seq }, payloadHash));
      expect(Buffer.from(event.chain)).toEqual(chain);
    }
    expect(seq).toBeGreaterThan(300);
    const head = await db.prisma.auditHead.findFirstOrThrow();
    expect({ seq: Number(head.seq), chain: Buffer.from(head.chain) }).toEqual({ seq, chain });
  });

  it('is appended alone: the database refuses changes', async () => {
    const refused = (sql: string) => expect(db.pool.query(sql)).rejects.toThrow(/append|forward|neither/);
    await refused("UPDATE audit_events SET actor = 'nobody' WHERE seq = 1");
    await refused('DELETE FROM audit_events WHERE seq = 1');
    await refused('TRUNCATE audit_events');
    await refused('UPDATE audit_head SET seq = seq - 1');
  });
});

describe('a checkpoint', () => {
  const count = () => db.prisma.auditCheckpoint.count();
  const act = () => recordAudit(db.prisma, { action: 'config.changed', actor: 'owner', subject: 'some_key' });

  it('is signed after so many events, or so long after the last when there are new ones', async () => {
    const { home } = vault;
    await appender().flush();
    const before = await count();
    const byEvents = createAppender({ db, vault, log, home, checkpointEvents: 10 });
    for (let acts = 0; acts < 9; acts++) await act();
    await byEvents.flush();
    await act();
    await byEvents.flush();
    expect(await count()).toBeGreaterThan(before);

    const byTime = createAppender({ db, vault, log, home, checkpointMs: 40 });
    await act();
    await byTime.flush();
    const then = await count();
    await sleep(60);
    await byTime.flush();
    await byTime.flush();
    const after = await count();
    // An act that came while the last one was young gets its checkpoint later, without another act.
    expect(after - then).toBeLessThanOrEqual(1);
    const last = await db.prisma.auditCheckpoint.findFirstOrThrow({ orderBy: { number: 'desc' } });
    expect(last.seq).toBe((await db.prisma.auditHead.findFirstOrThrow()).seq);
    await sleep(60);
    await byTime.flush();
    expect(await count()).toBe(after);
  });
});
