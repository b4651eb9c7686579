/** What every program on a home stands on: its lock, its database, its vault, and a log that knows what to redact. */

import { recordAudit, systemActor } from '../audit/record-audit.ts';
import { removeLeftStages } from '../backup/stage.ts';
import { finishSwap } from '../backup/swap-home.ts';
import { provisionConfig } from '../config/provision-config.ts';
import { checkServer } from '../database/check-server.ts';
import { type Database, openDatabase } from '../database/client.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../database/embedded.ts';
import { keepTime } from '../database/keep-time.ts';
import { migrateDatabase } from '../database/migrate.ts';
import { Closers } from '../kernel/closers.ts';
import { AlfredError } from '../kernel/errors.ts';
import { createLogger, type Logger, type LogOptions } from '../kernel/log.ts';
import type { Settings } from '../kernel/settings.ts';
import { boundYoungGeneration } from '../kernel/young-generation.ts';
import { acquireHomeLock, type HomeLock } from '../processes/home-lock.ts';
import { openVault } from '../vault/open-vault.ts';
import { Redactor } from '../vault/redact.ts';
import type { Vault } from '../vault/vault.ts';
import { checkHome } from './check-home.ts';
import { noteHomePlace } from './home-place.ts';

/** Of the headers for a collector of traces; others, such as `x-scope-orgid`, are words that may stand anywhere. */
const secretHeader = /auth|key|token|secret|password|cookie/i;

export type StartOptions = {
  /** The stage that begins now, for a person. */
  onProgress?: (line: string) => void;
  /** How the log reaches its reader; standard error, in colour on a terminal, when left out. */
  logTo?: Pick<LogOptions, 'destination' | 'colorize' | 'isQuiet'>;
  /** Aborted: the start is given up, and what was started is stopped. */
  signal?: AbortSignal;
};

export type Foundation = {
  lock: HomeLock;
  db: Database;
  vault: Vault;
  log: Logger;
  /** Undefined where DATABASE_URL names a server of the owner's. */
  postgres: EmbeddedPostgres | undefined;
  /** Takes what is started on top, and stops all of it. */
  closers: Closers;
};

/** A start that was given up ends here, between two stages. @throws AlfredError E_CANCELLED */
export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AlfredError('E_CANCELLED', 'The start was given up');
}

/**
 * Opens a home: takes its lock, starts its PostgreSQL, brings the schema up to date, opens (or provisions) the vault.
 * What was started is stopped again when a later stage fails.
 *
 * @param whenTaken what else must hold, looked at once the home is this program's and before anything is started
 * @throws AlfredError E_SETTINGS, E_DISK_FULL, E_ALREADY_RUNNING, E_DATABASE, E_SCHEMA_NEWER, E_WRONG_KEY and the other codes of the vault
 */
export async function openFoundation(
  settings: Settings,
  options: StartOptions = {},
  { whenTaken = async () => {} }: { whenTaken?: () => Promise<void> } = {},
): Promise<Foundation> {
  const { home } = settings;
  const { onProgress = () => {}, logTo = {}, signal } = options;
  const redactor = new Redactor();
  for (const [name, value] of Object.entries(settings.tracing?.headers ?? {}))
    if (secretHeader.test(name)) redactor.register(`ALFRED_OTLP_HEADERS.${name}`, value);
  const log = createLogger({
    ...settings.log,
    redact: (line) => redactor.line(line),
    ...logTo,
  });
  const closers = new Closers();
  closers.add('young generation', boundYoungGeneration());
  try {
    await checkHome(home);
    const lock = await acquireHomeLock(home, { onWait: onProgress, signal });
    closers.add('home lock', () => lock.release());
    await whenTaken();
    // A restore that was killed is finished, or as if it had never been.
    if (await finishSwap(home)) log.warn('a restore that was interrupted is finished');
    await removeLeftStages(home);

    let postgres: EmbeddedPostgres | undefined;
    if (settings.databaseUrl === undefined) {
      const started = await startEmbeddedPostgres({ home, log, onProgress });
      closers.add('PostgreSQL', () => started.stop(), 40_000);
      postgres = started;
    }
    stopIfAborted(signal);
    if (settings.databaseUrl !== undefined) await checkServer(settings.databaseUrl);
    const url = settings.databaseUrl ?? postgres?.url ?? '';
    await migrateDatabase({ url, home, log, onProgress });
    stopIfAborted(signal);

    const db = await openDatabase(url);
    closers.add('database client', () => db.close());
    await goByDatabase({ db, log }, closers);
    onProgress('opening the vault');
    const vault = await openVault({
      db,
      settings,
      log,
      redactor,
      onRowsSigned: (tx, data) => recordAudit(tx, { action: 'rows.signed', actor: systemActor, data }),
    });
    if (await provisionConfig({ db, vault }, settings)) {
      log.warn(
        'ANTHROPIC_API_KEY is set and is not read: this VM was provisioned before; use npx alfred config set anthropic_api_key',
      );
    }
    await tellOfMove({ db, log, home });
    return { lock, db, vault, log, postgres, closers };
  } catch (error) {
    await closers.close(log);
    throw error;
  }
}

/** This process goes by the database's clock, until it is closed. */
export async function goByDatabase(
  { db, log }: { db: Database; log: Logger },
  closers: Closers,
): Promise<void> {
  const time = await keepTime({ db, log });
  time.start();
  closers.add('time', () => time.stop());
}

/** A home that is somewhere else than at its last start may be a copy of one that goes on. */
async function tellOfMove({ db, log, home }: { db: Database; log: Logger; home: string }): Promise<void> {
  const former = await noteHomePlace(home);
  if (former === undefined) return;
  const from = former.path;
  log.warn(
    { from, home },
    'this home was moved or copied; if a VM still runs on the other, stop one of the two',
  );
  await recordAudit(db.prisma, { action: 'vm.moved', actor: systemActor, data: { from, to: home } });
}
