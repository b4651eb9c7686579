/**
 * Homes and backups of earlier releases (scripts/keep-release.ts): each starts under this program, with all that was in it, and
 * each backup can be restored.
 */
import { chmod, cp, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFoundation } from '../src/app/foundation.ts';
import { createAppender } from '../src/audit/appender.ts';
import { verifyAudit } from '../src/audit/verify/verify-audit.ts';
import { readIdentities } from '../src/backup/age.ts';
import { findKeyFor } from '../src/backup/find-key.ts';
import { openFile } from '../src/backup/folder-place.ts';
import { openBackup } from '../src/backup/open-backup.ts';
import { verifyBackup } from '../src/backup/verify-backup.ts';
import { restoreDatabase } from '../src/database/restore.ts';
import { createLogger } from '../src/kernel/log.ts';
import { readSettings } from '../src/kernel/settings.ts';
import { findSealedPlaces } from '../src/vault/sealed-places.ts';
import { createEmptyDatabase } from './helpers/database.ts';
import { keySettings } from './helpers/vault.ts';

const folder = path.join(import.meta.dirname, 'releases');
const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
const releases = (await readdir(folder, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** The home of a release, as it was found: its keys are its owner's alone again, which git does not keep. */
async function homeOf(release: string): Promise<string> {
  const home = await mkdtemp(path.join(tmpdir(), 'alfred-release-'));
  for (const name of ['keys', 'audit']) {
    await mkdir(path.join(home, name), { mode: 0o700 });
    const from = path.join(folder, release, name);
    const there = await stat(from).catch(() => undefined); // of a program that had none yet
    if (!there) continue;
    await cp(from, path.join(home, name), { recursive: true });
    for (const file of await readdir(from)) await chmod(path.join(home, name, file), 0o600);
  }
  return home;
}

it('keeps some', () => expect(releases.length).toBeGreaterThan(2));

describe.each(releases)('%s', (release) => {
  it('starts: every migration, every secret, and the record from then on', async () => {
    const database = await createEmptyDatabase();
    const home = await homeOf(release);
    try {
      await restoreDatabase({ url: database.url, file: path.join(folder, release, 'home.dump.zst'), log });
      const settings = readSettings({ HOME: home, ALFRED_HOME: home, DATABASE_URL: database.url }, false);
      const { db, vault, closers } = await openFoundation({
        ...settings,
        log: { ...settings.log, level: 'silent' },
      });
      try {
        const sealed = await findSealedPlaces(db.prisma);
        expect(sealed.map(({ label }) => label)).toContain('anthropic_api_key');
        const unreadable = sealed.filter(
          (one) => vault.fingerprintOf(one.place, one.sealed) === 'unreadable',
        );
        expect(unreadable).toEqual([]);
        const appender = createAppender({ db, vault, log, home });
        await appender.flush();
        const verified = await verifyAudit({ db, vault, home });
        expect(verified).toMatchObject({ ok: true, findings: [] });
        expect(await db.prisma.skillVersion.count()).toBeGreaterThan(3);
        expect(await db.prisma.execution.count({ where: { status: 'succeeded' } })).toBeGreaterThan(0);
        const byHand = await db.prisma.toolCall.count({ where: { executionId: null } });
        expect(byHand).toBeGreaterThan(0);
      } finally {
        await closers.close(log);
      }
    } finally {
      await database.drop();
      await rm(home, { recursive: true, force: true });
    }
  });

  it('is restored from the backup that it made', async () => {
    const file = path.join(folder, release, 'backup.age');
    const made = await stat(file).catch(() => undefined); // of a program that made none yet
    if (!made) return;
    const identities = await readIdentities(path.join(folder, 'identity.txt'));
    const home = await mkdtemp(path.join(tmpdir(), 'alfred-release-'));
    try {
      const backup = await openBackup(await openFile(file), { identities });
      const found = await findKeyFor(backup, keySettings(home), undefined);
      const seen = await verifyBackup(backup, { home, key: found?.key, log, onProgress: () => {} });
      expect(seen).toMatchObject({ ok: true, sealed: { unreadable: [] }, audit: { ok: true, findings: [] } });
      expect(seen.executions).toBeGreaterThan(0);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });
});
