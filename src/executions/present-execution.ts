/** Executions as they are shown. Rows hold what was redacted when it was written. */

import type { Execution, ExecutionSummary, Usage } from '../contract/executions.ts';
import type { Mark } from '../contract/marks.ts';
import { formatToolName } from '../contract/tool-name.ts';
import type { Prisma } from '../database/client.ts';
import type { ExecutionRow } from './find-execution.ts';

const time = (date: Date | null): string | null => date?.toISOString() ?? null;

export type SummaryRow = Omit<ExecutionRow, 'input' | 'output' | 'trace'>;

export function presentSummary(row: SummaryRow): ExecutionSummary {
  return {
    id: row.id,
    skillSlug: row.skillSlug,
    skillVersion: row.skillVersion,
    mode: row.mode,
    model: row.model,
    actor: row.actor,
    trigger: row.trigger,
    status: row.status,
    error: row.error,
    errorCode: row.errorCode,
    durationMs: row.durationMs,
    tokenCount: Number(row.tokenCount),
    costUsd: row.costUsd?.toNumber() ?? null,
    reportedToCore: row.reportedToCore,
    createdAt: row.createdAt.toISOString(),
    startedAt: time(row.startedAt),
    completedAt: time(row.completedAt),
    purgedAt: time(row.purgedAt),
  };
}

type WholeRow = ExecutionRow & {
  steps: Prisma.ExecutionStepGetPayload<Record<string, never>>[];
  toolCalls: Prisma.ToolCallGetPayload<Record<string, never>>[];
  mark: Mark;
};

/** @param trace of a run that is not finished: its messages so far */
export function presentExecution(row: WholeRow, trace: unknown[], modelCalls: number): Execution {
  return {
    ...presentSummary(row),
    triggerDetail: row.triggerDetail as Record<string, unknown>,
    retryOf: row.retryOf,
    replayOf: row.replayOf,
    input: row.input,
    output: row.output,
    usage: {
      inputTokens: Number(row.inputTokens),
      outputTokens: Number(row.outputTokens),
      cacheReadTokens: Number(row.cacheReadTokens),
      cacheWriteTokens: Number(row.cacheWriteTokens),
      modelCalls,
      costUsd: row.costUsd?.toNumber() ?? null,
    },
    steps: row.steps.map((step) => ({
      id: step.stepId,
      status: step.status,
      attempt: step.attempt,
      output: step.output,
      usage: step.usage as Usage | null,
      startedAt: time(step.startedAt),
      finishedAt: time(step.finishedAt),
    })),
    toolCalls: row.toolCalls.map((call) => ({
      id: call.id,
      stepId: call.stepId,
      toolUseId: call.toolUseId,
      name: formatToolName(call),
      readOnly: call.readOnly,
      arguments: call.arguments,
      status: call.status,
      result: call.result,
      error: call.error,
      answeredBy: call.answeredBy,
      durationMs:
        call.finishedAt && call.dispatchedAt ? call.finishedAt.getTime() - call.dispatchedAt.getTime() : null,
      createdAt: call.createdAt.toISOString(),
    })),
    trace,
    mark: row.mark,
  };
}
