/** A skill out of what was done: the steps as they went, each with the tools that it really used. */
import type { SkillDefinition, Step } from '../../contract/skills.ts';
import type { Transaction } from '../../database/client.ts';
import { type ExecutionRow, findExecution } from '../../executions/find-execution.ts';
import { readRunDefinition } from '../../executions/read-run-definition.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { chatSlug } from '../../skills/system/chat.ts';
import { findConversation } from '../find-conversation.ts';
import { ownServer } from '../own-server.ts';

export type Learnt = {
  definition: Record<string, unknown>;
  /** In words for a person: what was left out. */
  notes: string[];
};

/** @throws AlfredError E_NOT_FOUND; E_CONFLICT for one that did not succeed, was purged, or whose skill is gone */
export async function learntFromExecution(db: Transaction, id: string): Promise<Learnt> {
  const { steps, leftOut, ran } = await stepsOf(db, id);
  if (ran.slug === chatSlug) return { definition: talked(steps), notes: [] };
  const { name, description, inputSchema, files } = ran;
  return {
    definition: {
      slug: `${ran.slug.slice(0, 57).replace(/-+$/, '')}-taught`,
      name: `${name} (taught)`.slice(0, 200),
      description,
      steps,
      ...(inputSchema == null ? {} : { inputSchema }),
      ...(files == null ? {} : { files }),
    },
    notes: leftOut.length === 0 ? [] : [`Tools that it was allowed and did not use: ${leftOut.join(', ')}.`],
  };
}

/** Of a conversation every answer that came to its end is a step. @throws as learntFromExecution does */
export async function learntFromConversation(db: Transaction, conversationId: string): Promise<Learnt> {
  await findConversation(db, conversationId);
  const rows = await db.message.findMany({
    where: { conversationId, role: 'assistant', takenBackAt: null, execution: { status: 'succeeded' } },
    orderBy: { turn: 'asc' },
    select: { executionId: true },
  });
  const steps: Step[] = [];
  for (const { executionId } of rows) steps.push(...(await stepsOf(db, executionId)).steps);
  if (steps.length === 0)
    throw new AlfredError('E_CONFLICT', 'Nothing was answered here yet: there is nothing to learn from.');
  return { definition: talked(steps), notes: [] };
}

const talked = (steps: readonly Step[]) => ({
  slug: 'taught-skill',
  name: 'Taught skill',
  steps: steps.map((step, index) => ({ ...step, id: index + 1 })),
});

/** What one run did, as steps, and what its skill was then. */
async function stepsOf(
  db: Transaction,
  id: string,
): Promise<{ steps: Step[]; leftOut: string[]; ran: SkillDefinition }> {
  const run = await findExecution(db, id);
  const ran = await definitionThatRan(db, run);
  const calls = await db.toolCall.findMany({
    where: { executionId: id, status: { not: 'denied' }, connection: { not: ownServer } },
    select: { stepId: true, connection: true, tool: true },
    distinct: ['stepId', 'connection', 'tool'],
    orderBy: { createdAt: 'asc' },
  });
  // Of a step that was carried over from an earlier run nobody knows here what it used.
  const carried = await db.executionStep.findMany({
    where: { executionId: id, startedAt: null },
    select: { stepId: true },
  });
  const isCarried = new Set(carried.map(({ stepId }) => stepId));
  const { message } = (run.input ?? {}) as { message?: unknown };
  const steps = ran.steps.map((step): Step => {
    if (isCarried.has(step.id)) return step;
    const used = calls.filter(({ stepId }) => stepId === step.id);
    const allowedTools = used.map(({ connection, tool }) => `mcp__${connection}__${tool}`);
    if (ran.slug !== chatSlug) return { ...step, allowedTools };
    // Of a turn the owner's own words are the step, and not chat's.
    return { id: step.id, prompt: String(message), allowedTools };
  });
  const used = new Set(steps.flatMap(({ allowedTools }) => allowedTools));
  const allowed = new Set(ran.steps.flatMap(({ allowedTools }) => allowedTools));
  return { steps, leftOut: [...allowed].filter((tool) => !used.has(tool)), ran };
}

async function definitionThatRan(db: Transaction, run: ExecutionRow): Promise<SkillDefinition> {
  const nothing = (why: string) =>
    new AlfredError('E_CONFLICT', `Execution ${run.id} ${why}: nothing can be learnt from it.`);
  if (run.purgedAt !== null) throw nothing('was purged');
  if (run.status !== 'succeeded') throw nothing('did not succeed');
  const where = { contentHash: run.skillHash, version: run.skillVersion };
  if (run.definition === null && (await db.skillVersion.count({ where })) === 0)
    throw nothing('ran a skill that was removed since');
  return await readRunDefinition(db, run);
}
