import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Database } from '../../database/client.ts';
import { cancelExecution } from '../../executions/cancel-execution.ts';
import { getExecution } from '../../executions/get-execution.ts';
import { startExecution } from '../../executions/start-execution.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { ownTool } from './own-tool.ts';

/** How often it is looked whether the run has ended, in milliseconds. */
const lookMs = 250;
/** More of a skill's output is not given to the model; in characters. */
const longestOutput = 20_000;

export const runSkillTool = ownTool({
  name: 'run_skill',
  description:
    'Runs a skill and gives its output. It is a run of its own, with the skill’s own tools, caps and approvals. Run one only when the owner asked for it.',
  annotations: { readOnlyHint: false, destructiveHint: true },
  input: z.object({
    slug: z.string().max(64),
    input: z.record(z.string(), z.unknown()).default({}).describe('What the skill is to be told, by name'),
  }),
  async run(deps, { turn, executionId: from, mode, actor, signal, onRun }, { slug, input }) {
    const { conversationId, messageId } = turn;
    const { executionId } = await startExecution(deps, {
      skill: slug,
      input,
      actor,
      trigger: 'chat',
      mode: mode === 'live' ? 'live' : 'rehearsal',
      triggerDetail: { conversationId, messageId, fromExecution: from },
    });
    onRun?.(executionId);
    const stop = () => void cancelExecution(deps, executionId, actor).catch(() => {}); // it has ended already
    signal.addEventListener('abort', stop, { once: true });
    try {
      await untilEnded(deps.db, executionId, signal);
    } finally {
      signal.removeEventListener('abort', stop);
    }
    const { status, output, error } = await getExecution(deps, executionId, { trace: 'none' });
    const structured = { executionId, status };
    if (status !== 'succeeded') {
      throw new AlfredError(
        'E_TOOL_FAILED',
        `The run ${executionId} of "${slug}" ended as ${status}: ${error ?? ''}`,
      );
    }
    return { text: `${(output ?? '').slice(0, longestOutput)}`, structured };
  },
});

/** @throws AlfredError E_CANCELLED when the turn ends first */
async function untilEnded({ prisma }: Database, id: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    if (signal.aborted) throw new AlfredError('E_CANCELLED', 'The answer was stopped, and the run with it.');
    const row = await prisma.execution.findUniqueOrThrow({ where: { id }, select: { completedAt: true } });
    if (row.completedAt !== null) return;
    await sleep(lookMs, undefined, { signal }).catch(() => {});
  }
}
