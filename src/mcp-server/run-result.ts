/** What a call is answered with: the run that it started, as it stands. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { isFinal } from '../contract/execution-status.ts';
import type { Database } from '../database/client.ts';
import { askAgain } from './get-execution-tool.ts';

/** @param id of an execution that there is */
export async function readRunResult({ prisma }: Database, id: string): Promise<CallToolResult> {
  const run = await prisma.execution.findUniqueOrThrow({
    where: { id },
    select: { status: true, mode: true, output: true, error: true, errorCode: true },
  });
  const { status, mode, output, error, errorCode } = run;
  // Some clients show their model nothing but this.
  const structuredContent = {
    ...{ executionId: id, status, mode },
    ...(output === null ? {} : { output }),
    ...(error === null ? {} : { error, errorCode }),
  };
  const text = (words: string) => ({ content: [{ type: 'text' as const, text: words }], structuredContent });
  if (status === 'succeeded') {
    const said = output ?? 'Done; it said nothing.';
    return text(mode === 'live' ? said : `A rehearsal: no model was asked.\n\n${said}`);
  }
  if (isFinal(status)) {
    return { ...text(`The run ended as ${status}: ${error ?? 'no reason is known'}`), isError: true };
  }
  return text(
    status === 'waiting_approval'
      ? `The run waits: its owner is asked to approve a call. ${askAgain(id)}`
      : `The run goes on. ${askAgain(id)}`,
  );
}
