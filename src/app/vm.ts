/**
 * The composition root: what a VM is made of. From the ground up: lock, PostgreSQL, migrations, vault (foundation.ts), then
 * queue, model proxy, connections, runner (open-worker.ts), and HTTP. Stopping goes the other way.
 */
import type { AddressInfo } from 'node:net';
import { createAppender } from '../audit/appender.ts';
import { recordAudit, systemActor } from '../audit/record-audit.ts';
import { createScheduledBackups, type ScheduledDeps } from '../backup/scheduled-backups.ts';
import { readModelSettings } from '../config/model-settings.ts';
import { watchLogins } from '../connections/login/watch-logins.ts';
import type { ConnectionPool } from '../connections/pool/pool.ts';
import { createReporter, type Reporter } from '../core-link/reporter.ts';
import type { Database, Transaction } from '../database/client.ts';
import { type ClockJump, lookAtClock, watchClock } from '../database/clock-watch.ts';
import { openExecutionFeed } from '../executions/execution-feed.ts';
import { createRetention } from '../executions/retention.ts';
import { startTraceExporter } from '../executions/traces/trace-exporter.ts';
import { openAccessFeed } from '../http/access/access-feed.ts';
import { ensureOwnerToken } from '../http/access/owner-token.ts';
import { createSignInLink } from '../http/access/sign-in-links.ts';
import type { App } from '../http/app.ts';
import { buildServer } from '../http/server.ts';
import type { Closers } from '../kernel/closers.ts';
import { AlfredError, isAlfredError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import type { Settings } from '../kernel/settings.ts';
import { version } from '../kernel/version.ts';
import { KeyRotation } from '../keys/key-rotation.ts';
import type { KeyDeps } from '../keys/keyring-at-hand.ts';
import { carryOverWebhook } from '../notices/carry-over-webhook.ts';
import { createPostman, type Postman } from '../notices/postman.ts';
import { ensureSystemSkills } from '../skills/system/ensure-system-skills.ts';
import { createScheduler, type SchedulerDeps } from '../triggers/scheduler.ts';
import { demonstrationSlug, ensureDemonstration } from './demonstration.ts';
import { type Foundation, openFoundation, type StartOptions, stopIfAborted } from './foundation.ts';
import { checkPortIsFree, portProblem } from './listen-problems.ts';
import { openWorker, tellOfLogins } from './open-worker.ts';

/** How long a request may hold up the end, in milliseconds. */
const hangUpAfterMs = 3000;

export type Vm = {
  /** Where people reach it. */
  url: string;
  model: { name: string; isRehearsal: boolean; hasApiKey: boolean };
  /** The slug of the demonstration's skill, while it is there. */
  demonstration: string | undefined;
  log: Logger;
  /** A one-time link that signs the owner in. */
  signInLink(): Promise<string>;
  /** Stops everything in reverse order, each part within its time. Harmless when called again. */
  close(): Promise<void>;
};

/**
 * Starts a VM on `settings.home`.
 *
 * @throws AlfredError E_ALREADY_RUNNING, E_PORT_TAKEN, E_CANCELLED after `options.signal`, and the codes of every part;
 *   what was started is stopped by then
 */
export async function startVm(settings: Settings, options: StartOptions = {}): Promise<Vm> {
  // Of a home that is taken already, that is the thing to say; its server has the port.
  const foundation = await openFoundation(settings, options, { whenTaken: () => checkPortIsFree(settings) });
  try {
    return await startOn(foundation, settings, options);
  } catch (error) {
    await foundation.closers.close(foundation.log);
    throw error;
  }
}

async function startOn(foundation: Foundation, settings: Settings, options: StartOptions): Promise<Vm> {
  const { lock, db, vault, log, postgres, closers } = foundation;
  const { home } = settings;
  const { onProgress = () => {}, signal } = options;

  const audit = createAppender({ db, vault, log, home });
  audit.start();
  closers.add('audit', () => audit.stop(), 10_000);
  onProgress('starting the queue and the runner');
  const feed = await openExecutionFeed(db.url);
  closers.add('execution feed', () => feed.close());
  const accessFeed = await openAccessFeed(db.url);
  closers.add('access feed', () => accessFeed.close());
  const { workerId, queue, proxy, pool, runner, sayKeys } = await openWorker(
    { kind: 'vm', db, vault, log, closers, hide: [postgres?.socketDir, postgres?.dataDir] },
    settings,
  );
  stopIfAborted(signal);

  await ensureSystemSkills({ db, vault });
  await ensureDemonstration({ db, vault, pool, log, home }, onProgress);
  stopIfAborted(signal);

  await keepTime({ db, queue, vault, settings, log, pool }, closers);
  await runner.start();
  const keys = await openKeys({ db, vault, settings, log, sayKeys }, closers);
  const tracing = await startTraceExporter({ db, log, settings, version });
  if (tracing) closers.add('traces', () => tracing.stop());
  const postman = await openPostman({ db, vault, queue, log, settings }, closers);
  const reporter = openReporter({ db, vault, log, settings }, closers);

  onProgress('opening the door');
  await ensureOwnerToken(home, db, vault.redactor);
  const server = await buildServer({
    db,
    vault,
    keys,
    audit,
    queue,
    feed,
    accessFeed,
    pool,
    proxy,
    turns: runner.turns,
    postman,
    workerId,
    reporter,
    log,
    settings,
    version,
  });
  closers.add('HTTP', () => closeServer(server));
  const address = await listen(server, settings);
  await lock.setAddress(address);
  closers.add('address', () => lock.setAddress(null));

  const model = await modelInWords({ db, settings, log });
  const demonstration = await db.prisma.skill.findFirst({
    where: { slug: demonstrationSlug, isActive: true },
  });
  const url = settings.publicUrl ?? address;
  return {
    url,
    model,
    demonstration: demonstration?.slug,
    log,
    signInLink: async () => (await createSignInLink({ db }, url)).url,
    close: () => closers.close(log),
  };
}

/** What is due by the clock, from now on: scheduled runs and the sign-ins that they need, the end of what is too old, backups. */
async function keepTime(
  deps: SchedulerDeps & ScheduledDeps & { pool: ConnectionPool },
  closers: Closers,
): Promise<void> {
  const { db, log } = deps;
  const clock = {
    db,
    log,
    onJump: (tx: Transaction, { at, ms }: ClockJump) =>
      recordAudit(tx, { action: 'clock.jumped', actor: systemActor, data: { at: at.toISOString(), ms } }),
  };
  // Before anything is ended because it is too old.
  await lookAtClock(clock);
  const watch = watchClock(clock);
  watch.start();
  closers.add('clock', () => watch.stop());
  const logins = watchLogins({ ...deps, logins: deps.pool.logins, tell: tellOfLogins(deps.queue) });
  logins.start();
  closers.add('sign-ins', () => logins.stop(), 45_000);
  const scheduler = createScheduler(deps);
  scheduler.start();
  closers.add('scheduler', () => scheduler.stop());
  const retention = createRetention(deps);
  retention.start();
  closers.add('retention', () => retention.stop(), 10_000);
  const backups = createScheduledBackups(deps);
  backups.start();
  closers.add('backups', () => backups.stop(), 10_000);
}

/** What changes the keys; a change that was interrupted goes on. */
async function openKeys(deps: KeyDeps, closers: Closers): Promise<KeyRotation> {
  const keys = new KeyRotation(deps);
  await keys.resume();
  closers.add('keys', () => keys.stop(), 10_000);
  return keys;
}

/** What tells Core the three numbers. */
function openReporter(deps: Parameters<typeof createReporter>[0], closers: Closers): Reporter {
  const reporter = createReporter(deps);
  reporter.start();
  closers.add('link to Core', () => reporter.stop(), 45_000);
  return reporter;
}

/** What tells the owner of what happens; the address that an older VM told becomes a channel. */
async function openPostman(deps: Parameters<typeof createPostman>[0], closers: Closers): Promise<Postman> {
  await carryOverWebhook(deps).catch((error: unknown) => {
    // Its owner heals it there.
    if (!isAlfredError(error)) throw error;
    deps.log.error(`${error.message} ${error.remedy ?? ''}`);
  });
  const postman = createPostman(deps);
  await postman.start();
  closers.add('notices', () => postman.stop(), 20_000);
  return postman;
}

/** Which model answers; a VM starts all the same where somebody else changed what says so, as its owner heals it there. */
async function modelInWords({ db, settings, log }: ModelDeps): Promise<Vm['model']> {
  try {
    const { model, rehearsal, hasApiKey } = await readModelSettings({ db, settings });
    return { name: rehearsal ? 'rehearsal' : model, isRehearsal: rehearsal, hasApiKey };
  } catch (error) {
    if (!isAlfredError(error, 'E_ROW_ALTERED')) throw error;
    log.error(`${error.message} ${error.remedy ?? ''}`);
    return { name: 'none (E_ROW_ALTERED)', isRehearsal: false, hasApiKey: false };
  }
}

type ModelDeps = { db: Database; settings: Settings; log: Logger };

/** Requests under way may end; whoever does not hang up by then is hung up on. */
async function closeServer(server: App): Promise<void> {
  const patience = setTimeout(() => server.server.closeAllConnections(), hangUpAfterMs);
  try {
    await server.close();
  } finally {
    clearTimeout(patience);
  }
}

/** @throws AlfredError E_PORT_TAKEN, E_SETTINGS */
async function listen(server: App, { host, port }: Settings): Promise<string> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    throw portProblem(error, { host, port });
  }
  const bound = server.server.address() as AddressInfo | null;
  if (!bound) throw new AlfredError('E_INTERNAL', 'The server listens nowhere');
  return `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}`;
}
