import type { CorePreview } from '../contract/core.ts';
import type { Transaction } from '../database/client.ts';
import { isToAskFirst } from './after-restore.ts';
import { withBearer } from './call-as-vm.ts';
import { isCopied } from './copied.ts';
import { readLink } from './link-state.ts';
import type { CoreDeps } from './link-to-core.ts';
import { makeReport } from './make-report.ts';
import { reportRequest } from './send-reports.ts';

/** What a report would be is found by making it; this takes it back. */
class TakeBack extends Error {
  readonly body: string | undefined;

  constructor(body: string | undefined) {
    super('only looked');
    this.body = body;
  }
}

/**
 * Shows what goes to Core next, byte for byte. With a link the report is made by this, if none is waiting: these bytes are
 * kept, and go out next. Without one, before Core was asked what it has (after-restore.ts), and while it has another of its number (copied.ts), it is an example, and nothing is kept.
 */
export async function previewReport({ db }: Pick<CoreDeps, 'db'>): Promise<CorePreview> {
  const link = await readLink(db.prisma);
  const shown = (body: string | undefined, isKept = false): CorePreview => {
    const known = link ?? { url: '', issuer: '', vmId: '<id that Core gives>', linkedAt: '', publicKey: '' };
    const { path, headers = {} } = withBearer(reportRequest(known, ''), '<bearer that Core gives>');
    const length = body === undefined ? '0' : String(Buffer.byteLength(body));
    return {
      linked: link !== undefined,
      isKept: isKept && body !== undefined,
      method: 'POST',
      path,
      headers: {
        host: link ? new URL(link.url).host : '<Core>',
        connection: 'keep-alive',
        ...headers,
        'content-type': 'application/json',
        'content-length': length,
      },
      body: body ?? null,
    };
  };
  if (!link || (await isToAskFirst(db.prisma)) || (await isCopied(db.prisma)))
    return shown(await exampleBody(db));
  const body = await db.transaction(
    async (tx) => {
      const waiting = await tx.metricReport.findFirst({
        where: { acknowledgedAt: null, abandonedAt: null },
        orderBy: { seq: 'asc' },
      });
      return waiting?.body ?? (await makeReport(tx, link.vmId))?.body;
    },
    { timeoutMs: 120_000 },
  );
  return shown(body, true);
}

async function exampleBody(db: CoreDeps['db']): Promise<string | undefined> {
  try {
    await db.transaction(async (tx: Transaction) => {
      throw new TakeBack((await makeReport(tx))?.body);
    });
    return undefined;
  } catch (error) {
    if (error instanceof TakeBack) return error.body;
    throw error;
  }
}
