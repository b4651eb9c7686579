import { Readable } from 'node:stream';
import { listAudit } from '../../audit/list-audit.ts';
import { type VerifyOptions, verifyAudit } from '../../audit/verify/verify-audit.ts';
import type { AuditProgress, AuditVerification } from '../../contract/audit.ts';
import { operations } from '../../contract/operations.ts';
import { askBeforeReporting } from '../../core-link/after-restore.ts';
import { isDatabaseAway } from '../../database/is-away.ts';
import { isAlfredError, messageOf } from '../../kernel/errors.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { goneSignal } from '../gone-signal.ts';

/** Between two lines of progress, in milliseconds. */
const progressMs = 200;

export function auditRoutes(app: App, { db, vault, audit, settings, reporter }: ServerDeps): void {
  const deps = { db, vault, home: settings.home };
  /**
   * Takes what was done until now into the chain. A chain that takes nothing more is what whoever asks wants to be told of,
   * and keeps nobody from looking.
   */
  const chainAll = async (): Promise<string[]> => {
    try {
      await audit.flush();
      return [];
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      return [`Acts wait that cannot be taken into the chain: ${messageOf(error)}`];
    }
  };
  /** Inside this machine, and (where the owner wants it) at Core. */
  const verify: Verify = async (options) => {
    const waiting = await chainAll();
    const result = await reporter.checkAnchors(await verifyAudit(deps, options));
    return { ...result, warnings: [...result.warnings, ...waiting] };
  };

  route(app, operations.listAudit, async (request) => {
    for (const warning of await chainAll()) request.log.error(warning);
    return listAudit(deps, request.query);
  });

  route(app, operations.verifyAudit, async (request, reply) => {
    const signal = goneSignal(app, reply);
    reply.header('vary', 'accept');
    if (!/\bapplication\/x-ndjson\b/i.test(request.headers.accept ?? ''))
      return reply.send(await verify({ signal }));
    const lines = Readable.from(verifyInLines(verify, signal), { objectMode: false });
    return reply
      .headers({ 'content-type': 'application/x-ndjson; charset=utf-8', connection: 'close' })
      .send(lines as never);
  });

  route(app, operations.acceptRestore, async (request) => {
    const { actor } = callerOf(request);
    const done = await audit.acceptRestore({ actor, reason: request.body.reason });
    await db
      .transaction((tx) => askBeforeReporting(tx))
      .catch((error: unknown) => {
        // By a link that somebody else changed nothing is reported.
        if (!isAlfredError(error, 'E_ROW_ALTERED')) throw error;
      });
    return done;
  });

  route(app, operations.succeedAuditKey, async (request) => audit.succeedKey(callerOf(request).actor));
}

type Verify = (options: VerifyOptions) => Promise<AuditVerification>;

async function* verifyInLines(verify: Verify, signal: AbortSignal): AsyncGenerator<string> {
  const told: AuditProgress[] = [];
  let wake = Promise.withResolvers<void>();
  let lastAt = Number.NEGATIVE_INFINITY;
  const work = verify({
    signal,
    onProgress(progress) {
      if (performance.now() - lastAt < progressMs) return;
      lastAt = performance.now();
      told.push(progress);
      wake.resolve();
    },
  });
  // A failure is thrown where it is awaited, below.
  const ended = work.then(
    () => true,
    () => true,
  );
  for (let isOver = false; !isOver; ) {
    isOver = await Promise.race([ended, wake.promise.then(() => false)]);
    wake = Promise.withResolvers();
    for (const progress of told.splice(0)) yield `${JSON.stringify({ progress })}\n`;
  }
  yield `${JSON.stringify({ result: await work })}\n`;
}
