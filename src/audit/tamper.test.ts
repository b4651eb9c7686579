/** Whoever has the whole database cannot change the record unseen: `node scripts/audit-tamper.ts 1000` does this at length. */
import { expect, it } from 'vitest';
import { provideVault, type VaultBench } from '../../tests/helpers/vault-bench.ts';
import { fillRecord } from '../../tests/tamper/record.ts';
import { runTamperings } from '../../tests/tamper/run-tamperings.ts';
import { createLogger } from '../kernel/log.ts';
import { createAppender } from './appender.ts';

let { db, vault } = {} as VaultBench;
provideVault(async (bench) => {
  ({ db, vault } = bench);
  const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
  const { home } = vault;
  const appender = createAppender({ db, vault, log, home, checkpointEvents: 25 });
  await fillRecord({ db, vault, appender }, 30);
});

it('finds 100 of 100 random tamperings in five classes, and names the first bad place', async () => {
  const tally = await runTamperings({ url: db.url, vault, home: vault.home }, { count: 100, seed: 20261123 });
  expect(tally.missed).toEqual([]);
  expect(tally.found).toEqual({ change: 20, delete: 20, insert: 20, swap: 20, 'roll back': 20 });
});
