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
export async function traceOf(db: Pick<Database, 'prisma'>, run: EndedExecution): Promise<TraceSpan> {
  const { steps, tools, calls } = await readParts(db, run.id);
  const stepSpans = steps.map((step) => stepSpan(run, step));
  const root = { ...runSpan(run), children: [...stepSpans] };
  for (const call of tools) {
    const parent = steps.findIndex(({ stepId }) => stepId === call.stepId);
    (stepSpans[parent] ?? root).children.push(toolSpan(call));
  }
  for (const call of calls) {
    const at = call.createdAt;
    const parent = stepSpans.find(({ from, until }) => from <= at && at <= until);
    (parent ?? root).children.push(modelSpan(call));
  }
  return root;
}

/** Of those parts that have ended, what a trace tells. */
async function readParts({ prisma }: Pick<Database, 'prisma'>, executionId: string) {
  const [steps, tools, calls] = await Promise.all([
    prisma.executionStep.findMany({
      where: { executionId, startedAt: { not: null }, finishedAt: { not: null } },
      omit: { output: true },
      orderBy: { stepId: 'asc' },
    }),
    prisma.toolCall.findMany({
      where: { executionId, finishedAt: { not: null } },
      omit: { arguments: true, result: true, error: true },
      orderBy: { createdAt: 'asc' },
      take: mostCalls,
    }),
    prisma.spendReservation.findMany({
      where: { executionId, settledAt: { not: null } },
      orderBy: { createdAt: 'asc' },
      take: mostCalls,
    }),
  ]);
  return { steps, tools, calls };
}

type Parts = Awaited<ReturnType<typeof readParts>>;

type Tokens = Pick<Usage, 'inputTokens' | 'outputTokens' | 'cacheReadTokens' | 'cacheWriteTokens'>;

/** As OpenTelemetry has it: what came from a cache, or went into one, is part of the input, and told besides. */
const tokensOf = ({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }: Tokens) => ({
  'gen_ai.usage.input_tokens': inputTokens + cacheReadTokens + cacheWriteTokens,
  'gen_ai.usage.output_tokens': outputTokens,
  'gen_ai.usage.cache_read.input_tokens': cacheReadTokens,
  'gen_ai.usage.cache_creation.input_tokens': cacheWriteTokens,
});

const runSpan = (run: EndedExecution): TraceSpan => ({
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
    ...tokensOf(run),
    'alfred.cost_usd': run.costUsd,
    'alfred.wait_ms': run.startedAt ? run.startedAt.getTime() - run.createdAt.getTime() : undefined,
  }),
  children: [],
});

function stepSpan(run: EndedExecution, step: Parts['steps'][number]): TraceSpan {
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
      ...(usage === null ? {} : tokensOf(usage)),
      'alfred.model_calls': usage?.modelCalls,
      'alfred.cost_usd': usage?.costUsd,
    }),
    children: [],
  };
}

const toolSpan = (call: Parts['tools'][number]): TraceSpan => ({
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

const modelSpan = (call: Parts['calls'][number]): TraceSpan => ({
  name: `model ${call.model}`,
  from: call.createdAt,
  until: call.settledAt ?? call.createdAt,
  failed: call.isLost,
  attributes: { 'gen_ai.request.model': call.model, 'alfred.cost_usd': Number(call.costUsd) },
  children: [],
});
