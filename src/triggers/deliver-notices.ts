/**
 * Notices: tells the owner's address that an execution failed or waits for a person, that a connection wants a sign-in, or that a
 * backup is missing, signed as the Standard Webhooks specification says. The job was committed with what it tells of, and is tried until it is delivered: at least
 * once, with one `webhook-id` for all attempts.
 */
import { configPlace } from '../config/put-config.ts';
import { rowsOf, valuesOf } from '../config/read-config.ts';
import { isNear } from '../config/values.ts';
import type { Database } from '../database/client.ts';
import { factsOfRun } from '../executions/facts-of-run.ts';
import { findExecution } from '../executions/find-execution.ts';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import type { Settings } from '../kernel/settings.ts';
import { signStandard } from '../kernel/sign-standard.ts';
import { createGuardedFetch } from '../outbound/guarded-fetch.ts';
import type { Attempt, Notice, Queue } from '../queue/queue.ts';
import { openSealed } from '../vault/open.ts';
import type { Vault } from '../vault/vault.ts';

export type NoticeDeps = {
  db: Database;
  vault: Vault;
  queue: Queue;
  log: Logger;
  settings: Pick<Settings, 'publicUrl'>;
};

const limits = { headersTimeoutMs: 10_000, totalTimeoutMs: 15_000, maxBytes: 65_536, maxRedirects: 0 };
const atOnce = 2;
/** What has failed for so long is no hiccup any more, in milliseconds. */
const longFailure = 60_000;

/** Delivers notices from now on, until the queue stops. */
export async function deliverNotices(deps: NoticeDeps): Promise<void> {
  await deps.queue.work('notice.deliver', { concurrency: atOnce }, (notice, signal, attempt) =>
    deliver(deps, notice, signal, attempt),
  );
}

async function deliver(deps: NoticeDeps, notice: Notice, signal: AbortSignal, attempt: Attempt) {
  const { vault, log } = deps;
  const target = await readTarget(deps);
  if (target === undefined) {
    log.info({ notice }, 'a notice has nowhere to go any more: notify_webhook_url is unset');
    return;
  }
  const { event } = notice;
  const about = aboutOf(notice);
  const { origin } = new URL(target.url);
  try {
    await send(deps, target, notice, signal);
    log.debug({ ...about, event, origin }, 'notice delivered');
  } catch (error) {
    // Handed back: another start takes it up.
    if (signal.aborted) throw error;
    const ms = Date.now() - Date.parse(notice.at);
    const facts = { ...about, event, origin, attempt: attempt.number };
    const why = vault.redactor.text(messageOf(error));
    const next = attempt.isLast ? 'it is given up' : 'it is tried again';
    const line = `notify_webhook_url takes no notice, for ${Math.round(ms / 1000)} seconds now: ${why} (${next})`;
    if (ms > longFailure || attempt.isLast) log.error(facts, line);
    else log.warn(facts, line);
    throw new AlfredError('E_CONNECTION_FAILED', why);
  }
}

/** What it is about, for the log. */
function aboutOf(notice: Notice): Record<string, string> {
  if ('connection' in notice) return { connection: notice.connection };
  return 'executionId' in notice ? { executionId: notice.executionId } : {};
}

type Target = { url: string; secret: string };

/** @throws AlfredError E_SEALED_VALUE, E_ROW_ALTERED when the address is not as this VM left it */
async function readTarget({ db, vault }: NoticeDeps): Promise<Target | undefined> {
  const secretKey = 'notify_webhook_secret';
  const keys = ['notify_webhook_url'] as const;
  const rows = await db.prisma.config.findMany({
    where: { key: { in: [...rowsOf(keys), secretKey] } },
    select: { key: true, value: true },
  });
  const { notify_webhook_url: url } = valuesOf(db.prisma, rows, keys);
  if (url === undefined) return undefined;
  const sealed = rows.find(({ key }) => key === secretKey)?.value;
  if (sealed === undefined) {
    throw new AlfredError('E_CONNECTION_FAILED', 'There is no notify_webhook_secret to sign it with.', {
      remedy: 'npx alfred config set notify_webhook_secret',
    });
  }
  return { url, secret: openSealed(vault, configPlace(secretKey), sealed, secretKey) };
}

/** @throws AlfredError E_CONNECTION_FAILED and whatever keeps the address from being reached */
async function send(deps: NoticeDeps, { url, secret }: Target, notice: Notice, signal: AbortSignal) {
  const body = JSON.stringify(await bodyOf(deps, notice));
  const timestamp = String(Math.floor(Date.now() / 1000));
  // An address in a private network is the owner's own word for it; a public name that leads into one is not.
  const guarded = createGuardedFetch({ allowPrivateNetwork: isNear(new URL(url).hostname), limits });
  try {
    const response = await guarded.fetch(url, {
      method: 'POST',
      // Signed for this address: whoever is redirected to gets nothing.
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'alfred-vm',
        'webhook-id': notice.noticeId,
        'webhook-timestamp': timestamp,
        'webhook-signature': signStandard(secret, notice.noticeId, timestamp, Buffer.from(body)),
      },
      body,
      signal,
    });
    await response.body?.cancel();
    if (!response.ok) {
      throw new AlfredError('E_CONNECTION_FAILED', `${new URL(url).origin} answers ${response.status}.`);
    }
  } finally {
    await guarded.close();
  }
}

/** What is told (docs/operations.md): of what, and why, and nothing of what an execution was given or made. */
async function bodyOf({ db, vault, settings }: NoticeDeps, notice: Notice) {
  const { at, detail } = notice;
  const linkTo = (page: string) =>
    settings.publicUrl === undefined ? {} : { url: `${settings.publicUrl}${page}` };
  if (notice.event === 'needs_login') {
    const { connection: name } = notice;
    const data = { name, ...linkTo(`/connections/${name}`), ...detail };
    return vault.redactor.value({ type: 'connection.needs_login', timestamp: at, data });
  }
  if (!('executionId' in notice)) {
    const type = notice.event === 'backup_failed' ? 'backup.failed' : 'backup.overdue';
    return vault.redactor.value({ type, timestamp: at, data: { ...detail, ...linkTo('/settings') } });
  }
  const { event } = notice;
  const row = await findExecution(db.prisma, notice.executionId);
  return vault.redactor.value({
    type: `execution.${event}`,
    timestamp: at,
    data: {
      ...factsOfRun(row),
      status: event === 'waiting' ? 'waiting_approval' : row.status,
      errorCode: row.errorCode,
      error: row.error,
      retryOf: row.retryOf,
      completedAt: row.completedAt?.toISOString() ?? null,
      ...linkTo(`/executions/${row.id}`),
      ...detail,
    },
  });
}
