import { Readable } from 'node:stream';
import { z } from 'zod';
import { listAudit } from '../../audit/list-audit.ts';
import { type VerifyOptions, verifyAudit } from '../../audit/verify/verify-audit.ts';
import {
  type AuditProgress,
  type AuditVerification,
  auditEventSchema,
  auditQuerySchema,
  auditRestoreSchema,
  auditVerificationSchema,
} from '../../contract/audit.ts';
import { pageOf } from '../../contract/common.ts';
import { callerOf } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { goneSignal } from '../gone-signal.ts';

const tags = ['audit'];

/** Between two lines of progress, in milliseconds. */
const progressMs = 200;

export function auditRoutes(app: App, { db, vault, audit, settings, reporter }: ServerDeps): void {
  const deps = { db, vault, home: settings.home };
  /** Inside this machine, and (where the owner wants it) at Core. */
  const verify: Verify = async (options) => reporter.checkAnchors(await verifyAudit(deps, options));

  app.get(
    '/api/v1/audit',
    {
      schema: {
        summary: 'List who did what, the newest first',
        tags,
        querystring: auditQuerySchema,
        response: { 200: pageOf(auditEventSchema) },
      },
    },
    async (request) => {
      await audit.flush();
      return listAudit(deps, request.query);
    },
  );

  app.get(
    '/api/v1/audit/verify',
    {
      schema: {
        summary: 'Verify the audit chain, and all that it stands for',
        description:
          'Goes over every event, checkpoint and finished execution. `Accept: application/x-ndjson` gets a line `{"progress": {…}}` now and then, and `{"result": {…}}` as the last.',
        tags,
        response: {
          200: {
            description: 'What was found',
            content: {
              'application/json': { schema: auditVerificationSchema },
              'application/x-ndjson': { schema: z.string() },
            },
          },
        },
      },
    },
    async (request, reply) => {
      const signal = goneSignal(app, reply);
      await audit.flush();
      reply.header('vary', 'accept');
      if (!/\bapplication\/x-ndjson\b/i.test(request.headers.accept ?? ''))
        return reply.send(await verify({ signal }));
      const lines = Readable.from(verifyInLines(verify, signal), { objectMode: false });
      return reply
        .headers({ 'content-type': 'application/x-ndjson; charset=utf-8', connection: 'close' })
        .send(lines as never);
    },
  );

  app.post(
    '/api/v1/audit/restores',
    {
      schema: {
        summary: 'Take the restored database for the one that counts',
        description:
          'After a database was restored by other means than `alfred backup restore`: the chain goes on from there in a new epoch, and the act is on record. What was stated after that moment stays in the file outside the database.',
        tags,
        body: z.object({ reason: z.string().trim().min(1).max(500) }),
        response: { 200: auditRestoreSchema },
      },
    },
    async (request) => audit.acceptRestore({ actor: callerOf(request).actor, reason: request.body.reason }),
  );
}

type Verify = (options: VerifyOptions) => Promise<AuditVerification>;

async function* verifyInLines(verify: Verify, signal: AbortSignal): AsyncGenerator<string> {
  const told: AuditProgress[] = [];
  let wake = Promise.withResolvers<void>();
  let lastAt = 0;
  const work = verify({
    signal,
    onProgress(progress) {
      if (Date.now() - lastAt < progressMs) return;
      lastAt = Date.now();
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
