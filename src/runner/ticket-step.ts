import type { TicketStep } from '../model/tickets.ts';
import type { Listened } from './listen-to-agent.ts';
import type { StepRun } from './step-run.ts';
import type { StepTool } from './step-tools.ts';

/** What the model proxy is told of a step. */
export const ticketStepOf = (
  run: StepRun,
  { tools, resumed, usedToolIds }: Pick<Listened, 'tools' | 'resumed'> & { usedToolIds: string[] },
): TicketStep => ({
  executionId: run.executionId,
  stepId: run.step.id,
  mode: run.mode,
  model: run.shape.model,
  caps: run.caps,
  usedToolIds,
  // What the program puts into a conversation by itself, no model reads.
  isResumed: resumed !== undefined || run.turn !== undefined,
  ...(run.isRehearsed ? { rehearsal: rehearsalOf(run, tools) } : {}),
  onUsage: run.onUsage,
});

const rehearsalOf = (run: StepRun, tools: readonly StepTool[]) => ({
  input: run.input,
  maxTurns: run.shape.maxTurns,
  ...(run.turn === undefined
    ? {}
    : { chat: { message: run.turn.message, named: run.turn.named.slugs, teaching: run.turn.teaching } }),
  tools: tools.map(({ name, definition }) => ({
    name,
    readOnly:
      definition.annotations?.readOnlyHint === true && definition.annotations.destructiveHint !== true,
    destructive: definition.annotations?.destructiveHint === true,
    description: definition.description,
    inputSchema: definition.inputSchema,
  })),
});
