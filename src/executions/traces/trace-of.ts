/** What a trace says of an execution: when its steps, model calls and tool calls began and ended, and how. Nothing of their content. */
import type { Usage } from '../../contract/executions.ts';
import type { Database } from '../../database/client.ts';
import type { EndedExecution } from '../ended-since.ts';

export type TraceSpan = {
  name: string;
  from: Date;
  until: Date;
  failed: boolean;
  attributes: Record<string, string | number>;
  children: TraceSpan[];
};

/** A run of more calls than this is told of in part. */
const mostCalls = 1000;

const known = (attributes: Record<string, string | number | null | undefined>) =>
  Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, string | number] => entry[1] != null),
  );

/** Reads the spans of an execution that has ended. Names of models, tools and skills, codes and figures; never a text. */
export async function traceOf({ prisma }: Pick<Database, 'prisma'>, run: EndedExecution): Promise<TraceSpan> {
  const where = { executionId: run.id };
  const [steps, tools, calls] = await Promise.all([
    prisma.executionStep.findMany({
      where: { ...where, startedAt: { not: null }, finishedAt: { not: null } },
      omit: { output: true },
      orderBy: { stepId: 'asc' },
    }),
    prisma.toolCall.findMany({
      where: { ...where, finishedAt: { not: null } },
      omit: { arguments: true, result: true, error: true },
      orderBy: { createdAt: 'asc' },
      take: mostCalls,
    }),
    prisma.spendReservation.findMany({
      where: { ...where, settledAt: { not: null } },
      orderBy: { createdAt: 'asc' },
      take: mostCalls,
    }),
  ]);
  const children = steps.map((step): TraceSpan => {
    const usage = step.usage as Usage | null;
    return {
      name: `step ${step.stepId}`,
      from: step.startedAt ?? run.createdAt,
      until: step.finishedAt ?? run.completedAt,
      failed: step.status === 'failed',
      attributes: known({
        'alfred.step.id': step.stepId,
        'alfred.step.status': step.status,
        'alfred.step.attempt': step.attempt,
        'gen_ai.usage.input_tokens': usage?.inputTokens,
        'gen_ai.usage.output_tokens': usage?.outputTokens,
        'alfred.model_calls': usage?.modelCalls,
        'alfred.cost_usd': usage?.costUsd,
      }),
      children: [],
    };
  });
  const root: TraceSpan = {
    name: 'execution',
    from: run.startedAt ?? run.createdAt,
    until: run.completedAt,
    failed: run.status === 'failed',
    attributes: known({
      'alfred.execution.id': run.id,
      'alfred.skill': run.skillSlug,
      'alfred.status': run.status,
      'alfred.mode': run.mode,
      'alfred.trigger': run.trigger,
      'alfred.error_code': run.errorCode,
      'gen_ai.request.model': run.model,
      'gen_ai.usage.input_tokens': run.inputTokens,
      'gen_ai.usage.output_tokens': run.outputTokens,
      'alfred.cost_usd': run.costUsd,
      'alfred.wait_ms': run.startedAt ? run.startedAt.getTime() - run.createdAt.getTime() : undefined,
    }),
    children,
  };
  const stepAt = (at: Date): TraceSpan =>
    children.find(({ from, until }) => from <= at && at <= until) ?? root;
  for (const call of tools) {
    const parent = steps.findIndex(({ stepId }) => stepId === call.stepId);
    (children[parent] ?? root).children.push({
      name: `tool ${call.connection}/${call.tool}`,
      from: call.dispatchedAt ?? call.createdAt,
      until: call.finishedAt ?? call.createdAt,
      failed: call.status !== 'done',
      attributes: {
        'alfred.connection': call.connection,
        'gen_ai.tool.name': call.tool,
        'alfred.tool.status': call.status,
      },
      children: [],
    });
  }
  for (const call of calls) {
    stepAt(call.createdAt).children.push({
      name: `model ${call.model}`,
      from: call.createdAt,
      until: call.settledAt ?? call.createdAt,
      failed: call.isLost,
      attributes: { 'gen_ai.request.model': call.model, 'alfred.cost_usd': Number(call.costUsd) },
      children: [],
    });
  }
  return root;
}
