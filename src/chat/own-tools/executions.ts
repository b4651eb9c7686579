import { z } from 'zod';
import { executionStatuses } from '../../contract/execution-status.ts';
import { getExecution } from '../../executions/get-execution.ts';
import { listExecutions } from '../../executions/list-executions.ts';
import { ownTool, readOnly } from './own-tool.ts';

export const listExecutionsTool = ownTool({
  name: 'list_executions',
  description: 'Past runs, the newest first: which skill, when, how it ended, what it cost.',
  annotations: readOnly,
  input: z.object({
    skill: z.string().max(64).optional().describe('A slug'),
    status: z.enum(executionStatuses).optional(),
    words: z.string().max(200).optional().describe('Words of input, output or error'),
    limit: z.int().min(1).max(50).default(10),
  }),
  async run(deps, _context, { skill, status, words: q, limit }) {
    const { items } = await listExecutions(deps, {
      limit,
      ...(skill === undefined ? {} : { skill }),
      ...(status === undefined ? {} : { status }),
      ...(q === undefined ? {} : { q }),
    });
    const lines = items.map(
      (run) =>
        `- ${run.id} ${run.skillSlug} ${run.createdAt} ${run.mode} ${run.status}${run.error === null ? '' : `: ${run.error}`}`,
    );
    return { text: lines.join('\n') || 'There are none.' };
  },
});

/** More of an input or output is not given to the model; in characters. */
const longest = 8_000;
const cut = (text: string) => (text.length <= longest ? text : `${text.slice(0, longest)}…`);

export const showExecutionTool = ownTool({
  name: 'show_execution',
  description: 'One past run: what it was given, what it did with which tools, what came of it.',
  annotations: readOnly,
  input: z.object({ id: z.uuid() }),
  async run(deps, _context, { id }) {
    const run = await getExecution(deps, id, { trace: 'none' });
    const { skillSlug, status, mode, createdAt, completedAt, costUsd, error, steps, toolCalls } = run;
    const shown = {
      id,
      skillSlug,
      status,
      mode,
      createdAt,
      completedAt,
      costUsd,
      error,
      input: cut(JSON.stringify(run.input ?? null)),
      output: cut(run.output ?? ''),
      steps: steps.map((step) => ({ id: step.id, status: step.status })),
      calls: toolCalls.map(({ name, status: how }) => `${name}: ${how}`),
    };
    return { text: JSON.stringify(shown, null, 2) };
  },
});
