import type { Command } from 'commander';
import { z } from 'zod';
import {
  type AuditProgress,
  type AuditVerification,
  auditProgressSchema,
  auditVerificationSchema,
} from '../../contract/audit.ts';
import { operations } from '../../contract/operations.ts';
import type { Api } from '../api.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { startLiveLine } from '../live-line.ts';
import { CliProblem } from '../problem.ts';
import { formatCount, formatDuration } from '../render/figures.ts';
import { wrap } from '../render/text.ts';

const lineSchema = z.union([
  z.object({ progress: auditProgressSchema }),
  z.object({ result: auditVerificationSchema }),
]);

export function addAuditVerify(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'verify',
    summary: 'see whether anybody changed the record',
    description:
      'Goes over every event of the audit chain, its signed checkpoints inside the database and outside it, and every execution that ended. Names the first bad place; ends with 1 when there is one.',
    examples: [['alfred audit verify', 'reads alone; the VM goes on working meanwhile']],
    async run(context) {
      const result = await verify(context, await context.api());
      present(context, result, () => render(context, result));
      return result.ok ? exitCodes.done : exitCodes.failed;
    },
  });
}

async function verify(context: Context, api: Api): Promise<AuditVerification> {
  let progress: AuditProgress | undefined;
  const { stderr, err, json } = context;
  const line =
    json || stderr.isTTY !== true
      ? undefined
      : startLiveLine(stderr, err, () =>
          progress
            ? `${formatCount(progress.events)} of ${formatCount(progress.of)} events, ${formatCount(progress.executions)} executions`
            : 'reading what is signed…',
        );
  const stop = new AbortController();
  const off = context.onInterrupt(() => stop.abort());
  try {
    const headers = { accept: 'application/x-ndjson' };
    const body = await api.stream(operations.verifyAudit, {}, { headers, signal: stop.signal });
    for await (const text of linesOf(body)) {
      const one = lineSchema.parse(JSON.parse(text));
      if ('result' in one) return one.result;
      progress = one.progress;
    }
  } finally {
    off();
    line?.stop();
  }
  throw new CliProblem('E_NOT_RUNNING', 'The server went away before it was done', {
    remedy: 'once it runs again: alfred audit verify',
  });
}

async function* linesOf(body: ReadableStream<Uint8Array> | undefined): AsyncGenerator<string> {
  if (!body) return;
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

function render(context: Context, result: AuditVerification): string {
  const { out, columns = 100 } = context;
  const { ok, firstBad, findings, findingCount, warnings } = result;
  const what = `${formatCount(result.events)} events, ${formatCount(result.executions)} executions that ended, ${formatCount(result.checkpoints)} signed checkpoints, in ${formatDuration(result.durationMs)}`;
  const more = warnings.map((warning) => out.yellow(wrap(warning, columns)));
  if (ok) return [`${out.green('✓')} The record is as it was written: ${what}.`, ...more].join('\n');
  const others = findings.slice(1).map(({ message }) => wrap(`- ${message}`, columns, '  '));
  const untold = findingCount - findings.length;
  return [
    `${out.red('✗')} The record was changed. The first bad place:`,
    out.bold(wrap(firstBad?.message ?? '', columns, '  ')),
    ...(others.length > 0 ? ['', `And ${formatCount(findingCount - 1)} more:`, ...others] : []),
    ...(untold > 0 ? [`  … and ${formatCount(untold)} that are not told`] : []),
    '',
    out.dim(what),
    ...more,
  ].join('\n');
}
