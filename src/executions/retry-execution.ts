import { readModelSettings } from '../config/model-settings.ts';
import { isFinal } from '../contract/execution-status.ts';
import type { RetryRequest } from '../contract/executions.ts';
import { type SkillDefinition, skillDefinitionSchema } from '../contract/skills.ts';
import type { Transaction } from '../database/client.ts';
import { storableJson } from '../database/storable.ts';
import { AlfredError } from '../kernel/errors.ts';
import { hashOf } from '../kernel/hash.ts';
import { newId } from '../kernel/ids.ts';
import type { SkillRow } from '../skills/skill-row.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import { checkStart } from './check-start.ts';
import { doneSteps } from './done-steps.ts';
import { type ExecutionRow, findExecution } from './find-execution.ts';
import { insertExecution } from './insert-execution.ts';
import { checkInput, type StartDeps } from './start-execution.ts';
import { refuseWhileStopped } from './stop-state.ts';
import { turnOf } from './turn.ts';

/**
 * Runs again what has ended, as a new execution with the same input that names the old one in `retryOf`. From the failed
 * step, the outputs of the steps before it are carried over, and nothing of them is done again.
 *
 * @throws AlfredError E_STOPPED, E_NOT_FOUND; E_NOT_RETRYABLE while it has not ended, and where there is nothing to retry or nothing to
 *   retry with; E_SKILL_INACTIVE; E_ROW_ALTERED; E_VALIDATION when the input does not fit the current version
 */
export async function retryExecution(
  deps: StartDeps,
  id: string,
  { from, version, actor }: RetryRequest & { actor: string },
): Promise<{ executionId: string }> {
  const { db, queue, vault } = deps;
  const settings = await readModelSettings(deps);
  const executionId = newId();
  await db.transaction(async (tx) => {
    await refuseWhileStopped(tx, { trigger: 'manual', actor });
    const old = await findExecution(tx, id);
    refuseUnlessEnded(old, from);
    checkStart(tx, old);
    const skill = await skillOf(tx, old);
    const original = await definitionAt(tx, skill, old.skillVersion);
    const chosen = version === 'original' ? original : await definitionAt(tx, skill, skill.version);
    // Of a secret that was added since it was written, it may hold what nobody knew for one then.
    const input = storableJson(vault.redactor.value((old.input ?? {}) as Record<string, unknown>));
    // The original took it already.
    if (chosen.number !== original.number) checkInput(chosen.definition, input);
    const doneBefore = from === 'failed' ? await doneSteps(tx, vault, id) : new Map<number, string>();
    refuseOtherSteps(original, chosen, doneBefore);
    const mode = settings.rehearsal || old.mode === 'rehearsal' ? 'rehearsal' : 'live';
    await insertExecution(
      { queue, tx },
      {
        id: executionId,
        skill,
        version: {
          number: chosen.number,
          hash: chosen.hash,
          stepIds: chosen.definition.steps.map((step) => step.id),
        },
        mode,
        model: mode === 'rehearsal' ? 'rehearsal' : (chosen.definition.model ?? settings.model),
        actor,
        trigger: 'manual',
        triggerDetail: { ...handlerMark(old), retry: { from, version } },
        input,
        retryOf: id,
        doneBefore,
      },
    );
  });
  return { executionId };
}

const notRetryable = (message: string, remedy: string): AlfredError =>
  new AlfredError('E_NOT_RETRYABLE', message, { remedy });

function refuseUnlessEnded(old: ExecutionRow, from: RetryRequest['from']): void {
  if (!isFinal(old.status)) {
    throw notRetryable(
      `This execution has not ended yet: it is ${old.status}.`,
      `Wait for its end, or cancel it first: npx alfred execution cancel ${old.id}`,
    );
  }
  if (old.purgedAt !== null) {
    throw notRetryable(
      'The input of this execution was purged: there is nothing left to run again.',
      `Run the skill anew: npx alfred skill run ${old.skillSlug}`,
    );
  }
  const turn = turnOf(old);
  if (turn !== undefined) {
    throw notRetryable(
      'This execution is a turn of a conversation, and by itself it would answer nobody.',
      `Have its answer tried again in the conversation, /chat/${turn.conversationId}: POST /api/v1/conversations/${turn.conversationId}/messages {"retryOf": "${turn.answerId}"}`,
    );
  }
  if (old.mode === 'replay') throw notRetryable('A replay is not retried.', 'Replay the execution again.');
  if (from === 'failed' && old.status === 'succeeded') {
    throw notRetryable(
      'This execution succeeded: it has no failed step to go on from.',
      'Retry it from the start, or run the skill again.',
    );
  }
}

/** The skill, held until the transaction ends. @throws AlfredError E_NOT_RETRYABLE, E_SKILL_INACTIVE, E_ROW_ALTERED */
async function skillOf(tx: Transaction, old: ExecutionRow): Promise<SkillRow> {
  const { skillId, skillSlug } = old;
  if (skillId !== null) await tx.$queryRaw`SELECT 1 FROM skills WHERE id = ${skillId}::uuid FOR KEY SHARE`;
  const skill = skillId === null ? null : await tx.skill.findUnique({ where: { id: skillId } });
  if (!skill) {
    throw notRetryable(
      `The skill "${skillSlug}" was removed, and with it the right to run it.`,
      'Make the skill again and run it; this execution stays on record.',
    );
  }
  rowGuardOf(tx).check('skills', skill);
  if (skill.isActive) return skill;
  throw new AlfredError('E_SKILL_INACTIVE', `The skill "${skill.slug}" is a draft.`, {
    remedy: 'Set its "isActive" to true, then retry.',
  });
}

type Version = { number: number; hash: Uint8Array<ArrayBuffer>; definition: SkillDefinition };

async function definitionAt(tx: Transaction, skill: SkillRow, number: number): Promise<Version> {
  const row = await tx.skillVersion.findUniqueOrThrow({
    where: { skillId_version: { skillId: skill.id, version: number } },
  });
  rowGuardOf(tx).check('skill_versions', row);
  return {
    number,
    hash: Uint8Array.from(row.contentHash),
    definition: skillDefinitionSchema.parse(row.definition),
  };
}

/** An output may stand for a step only where that step is the same. */
function refuseOtherSteps(original: Version, chosen: Version, done: ReadonlyMap<number, string>): void {
  const differs = [...done.keys()].find((stepId) => {
    const [before, after] = [original, chosen].map(({ definition }) => definition.steps[stepId - 1]);
    return before === undefined || after === undefined || !hashOf(before).equals(hashOf(after));
  });
  if (differs === undefined) return;
  throw notRetryable(
    `Step ${differs} is done, and version ${chosen.number} of the skill has another step in its place than version ${original.number} had: its output cannot be carried over.`,
    'Retry from the start, or with the original version.',
  );
}

/** A retry of a failure skill's run is one itself: its failure starts nothing either. */
function handlerMark({ triggerDetail }: ExecutionRow): Record<string, unknown> {
  const { failureOf } = triggerDetail as Record<string, unknown>;
  return failureOf === undefined ? {} : { failureOf };
}
