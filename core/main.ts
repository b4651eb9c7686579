/** Core's composition root: lock, PostgreSQL, migrations, key, server. Stopping goes the other way. */
import type { AddressInfo } from 'node:net';
import { finishSwap } from '../src/backup/swap-home.ts';
import { startEmbeddedPostgres } from '../src/database/embedded.ts';
import { keepTime } from '../src/database/keep-time.ts';
import { migrateDatabase } from '../src/database/migrate.ts';
import { readMigrations } from '../src/database/migrations.ts';
import { Closers } from '../src/kernel/closers.ts';
import { AlfredError, messageOf } from '../src/kernel/errors.ts';
import { createLogger, type Logger, type LogOptions } from '../src/kernel/log.ts';
import type { Repeat } from '../src/kernel/repeat.ts';
import { acquireHomeLock } from '../src/processes/home-lock.ts';
import { ensureAdminToken } from './access/admin-token.ts';
import { openChannels, watchAlerts } from './alerts/alerts.ts';
import { watchCoreBackups } from './backup/scheduled-backups.ts';
import { coreMigrationsFolder, openCoreDatabase } from './database.ts';
import type { CoreApp, CoreDeps } from './http/app.ts';
import { buildCoreServer } from './http/server.ts';
import { openSigner } from './keys/signer.ts';
import { watchKeys } from './keys/watch-keys.ts';
import { openMailer } from './mail/mailer.ts';
import type { CoreSettings } from './settings.ts';

export type Core = {
  /** Where it listens. */
  address: string;
  /** The address that VMs use, and the issuer of tokens. */
  issuer: string;
  adminTokenFile: string;
  log: Logger;
  close(): Promise<void>;
};

export type StartCoreOptions = {
  onProgress?: (line: string) => void;
  logTo?: Pick<LogOptions, 'destination' | 'colorize' | 'isQuiet'>;
  /** For measurements, where one address stands for many. */
  limits?: Pick<CoreDeps, 'requestsPerMinute' | 'attemptsPerMinute'>;
};

/**
 * Starts a Core on `settings.home`.
 *
 * @throws AlfredError E_ALREADY_RUNNING, E_PORT_TAKEN, E_DATABASE, E_SCHEMA_NEWER, E_KEY_UNSAFE; what was started is
 *   stopped by then
 */
export async function startCore(settings: CoreSettings, options: StartCoreOptions = {}): Promise<Core> {
  const { home } = settings;
  const { onProgress = () => {}, logTo = {} } = options;
  // Core holds no secret of anybody's that could get into a line; its tokens are in headers, which are not logged.
  const log = createLogger({ ...settings.log, redact: (line) => line, ...logTo });
  const closers = new Closers();
  try {
    const lock = await acquireHomeLock(home);
    closers.add('home lock', () => lock.release());
    // A restore that was cut short is finished first.
    await finishSwap(home);
    let url = settings.databaseUrl;
    if (url === undefined) {
      const postgres = await startEmbeddedPostgres({ home, log, onProgress });
      closers.add('PostgreSQL', () => postgres.stop(), 40_000);
      url = postgres.url;
    }
    await migrateDatabase({
      url,
      home,
      log,
      onProgress,
      migrations: await readMigrations(coreMigrationsFolder),
    });
    const db = await openCoreDatabase(url);
    closers.add('database client', () => db.close());
    const time = await keepTime({ db, log });
    time.start();
    closers.add('time', () => time.stop());
    const signer = await openSigner(home);
    const keys = watchKeys({ home, signer, log });
    keys.start();
    closers.add('signing key', () => keys.stop());
    const mailer = settings.mail && (await openMailer(settings.mail));
    if (mailer) closers.add('mail', () => mailer.close());
    const channels = await openChannels(settings, mailer);
    const adminTokenFile = await ensureAdminToken(home, db);

    onProgress('opening the door');
    const port = settings.port === 0 ? await freePort(settings.host) : settings.port;
    const shownHost = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
    const address = `http://${shownHost}:${port}`;
    const issuer = settings.publicUrl ?? address;
    const app = await buildCoreServer({
      db,
      signer,
      lookForKeys: keys.look,
      channels,
      mailer,
      log,
      issuer,
      host: settings.host,
      trustedProxies: settings.trustedProxies,
      backups: settings.backups,
      ...options.limits,
    });
    closers.add('HTTP', () => closeServer(app));
    await listen(app, { host: settings.host, port });
    await lock.setAddress(address);
    startAll(closers, {
      alerts: watchAlerts({ db, channels, url: issuer, log }),
      backups: watchCoreBackups({ db, home, backups: settings.backups, log }),
    });
    return { address, issuer, adminTokenFile, log, close: () => closers.close(log) };
  } catch (error) {
    await closers.close(log);
    throw error;
  }
}

function startAll(closers: Closers, works: Readonly<Record<string, Repeat>>): void {
  for (const [name, work] of Object.entries(works)) {
    work.start();
    closers.add(name, () => work.stop());
  }
}

/** The issuer names the port, so it must be known before the server is built. */
async function freePort(host: string): Promise<number> {
  const { createServer } = await import('node:net');
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen({ host, port: 0 }, resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** @throws AlfredError E_PORT_TAKEN, E_SETTINGS */
async function listen(app: CoreApp, { host, port }: { host: string; port: number }): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    throw isTaken
      ? new AlfredError('E_PORT_TAKEN', `Port ${port} on ${host} is taken by another program.`, {
          remedy: 'Choose another port with CORE_PORT.',
          cause,
        })
      : new AlfredError('E_SETTINGS', `Core cannot listen on ${host}, port ${port}: ${messageOf(cause)}`, {
          remedy: 'Set CORE_HOST to an address of this machine, or leave it at 127.0.0.1.',
          cause,
        });
  }
}

/** Requests under way may end; whoever does not hang up by then is hung up on. */
async function closeServer(app: CoreApp): Promise<void> {
  const patience = setTimeout(() => app.server.closeAllConnections(), 3000);
  try {
    await app.close();
  } finally {
    clearTimeout(patience);
  }
}
