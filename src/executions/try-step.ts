import { readModelSettings } from '../config/model-settings.ts';
import type { SkillDefinition } from '../contract/skills.ts';
import type { StepTried, TryStep } from '../contract/tries.ts';
import { Prisma, type Transaction } from '../database/client.ts';
import { storableJson } from '../database/storable.ts';
import { AlfredError, isAlfredError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { validationError } from '../kernel/validate.ts';
import { sampleInput } from '../skills/sample-input.ts';
import { definitionOf, type SkillRow } from '../skills/skill-row.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import type { Vault } from '../vault/vault.ts';
import { checkStart } from './check-start.ts';
import { doneSteps } from './done-steps.ts';
import { draftOf, leastCap, versionOf } from './draft.ts';
import { type ExecutionRow, findExecution } from './find-execution.ts';
import { insertExecution } from './insert-execution.ts';
import { refusePurged } from './read-recording.ts';
import { checkInput, type StartDeps } from './start-execution.ts';
import { refuseWhileStopped } from './stop-state.ts';

/** So many runs back it is looked for one that got as far as the step. */
const lookedThrough = 20;

/**
 * Runs a skill as far as one step and no farther, as an execution of its own that counts for nothing else: what the steps before it gave is
 * taken from the last run that got so far. As a rehearsal the steps that no run has done are rehearsed first; live, the step asks before
 * it calls a tool that may destroy, unless it says otherwise itself.
 *
 * @throws AlfredError E_STOPPED, E_NOT_FOUND, E_SYSTEM_SKILL, E_ROW_ALTERED; E_NOT_REPLAYABLE where no run got so far, or its content is
 *   purged; E_VALIDATION when the draft is none, has no such step, or the input does not fit it
 */
export async function tryStep(
  deps: StartDeps,
  slug: string,
  { actor, step, mode: wanted, from, definition }: TryStep & { actor: string },
): Promise<StepTried> {
  const { db, queue, vault } = deps;
  const settings = await readModelSettings(deps);
  const mode = settings.rehearsal ? 'rehearsal' : wanted;
  await vault.upToDate();
  return await db.transaction(async (tx) => {
    await refuseWhileStopped(tx, { trigger: 'manual', actor });
    const skill = await holdSkill(tx, slug);
    const draft = await draftOf({ vault, tx }, asFarAs(definition ?? definitionOf(skill), step, mode, skill));
    const found = await findRun(tx, skill, step, from);
    const done = found === undefined ? new Map<number, string>() : await doneSteps(tx, vault, found.id);
    const doneBefore = new Map([...done].filter(([id]) => id < step));
    // What would have to be done first for real is nobody's wish.
    if (mode === 'live' && doneBefore.size < step - 1) throw notSoFar(step);
    const { input, isGiven } = inputFor(vault, draft.checked, found, mode);
    const executionId = newId();
    const basis = found !== undefined && (isGiven || doneBefore.size > 0) ? found.id : null;
    await insertExecution(
      { queue, tx },
      {
        id: executionId,
        skill: { id: skill.id, slug: skill.slug, concurrency: 1 },
        version: versionOf(draft, skill.version),
        definition: draft.definition,
        mode,
        model: mode === 'rehearsal' ? 'rehearsal' : (draft.checked.model ?? settings.model),
        actor,
        trigger: 'manual',
        triggerDetail: { try: { step, from: basis } },
        input,
        doneBefore,
      },
    );
    return { executionId, from: basis, carried: doneBefore.size };
  });
}

/** The skill, held until the transaction ends; a draft is tried as well. */
async function holdSkill(tx: Transaction, slug: string): Promise<SkillRow> {
  await tx.$queryRaw`SELECT 1 FROM skills WHERE slug = ${slug} FOR KEY SHARE`;
  const skill = await tx.skill.findUnique({ where: { slug } });
  if (skill === null) {
    throw new AlfredError('E_NOT_FOUND', `There is no skill "${slug}".`, {
      remedy: 'See which there are: npx alfred skill list',
    });
  }
  rowGuardOf(tx).check('skills', skill);
  if (!skill.isSystem) return skill;
  throw new AlfredError(
    'E_SYSTEM_SKILL',
    `"${skill.name}" comes with Alfred: there is no step of it to try.`,
    {
      remedy: 'Try a step of a skill of your own.',
    },
  );
}

/** What is run: the steps up to the one that is tried. @throws AlfredError E_VALIDATION where there is none of that number */
function asFarAs(
  definition: SkillDefinition,
  step: number,
  mode: 'live' | 'rehearsal',
  skill: SkillRow,
): SkillDefinition {
  const tried = definition.steps[step - 1];
  if (tried === undefined) {
    const message = `is behind the last step, which is ${definition.steps.length}`;
    throw validationError('The request', [{ field: '/step', message }]);
  }
  // Nobody has looked at it yet as at what is saved.
  const asked = mode === 'live' ? { ...tried, approval: tried.approval ?? ('destructive' as const) } : tried;
  return {
    ...definition,
    slug: skill.slug,
    isActive: false,
    maxCostUsd: leastCap(definition, skill),
    steps: [...definition.steps.slice(0, step - 1), asked],
  };
}

/** The run that it goes by: the one that is named, or the last that did every step before this one, or the last of all. */
async function findRun(
  tx: Transaction,
  skill: SkillRow,
  step: number,
  from: string | undefined,
): Promise<ExecutionRow | undefined> {
  if (from !== undefined) {
    const named = await findExecution(tx, from);
    if (named.skillId !== skill.id) {
      throw validationError('The request', [{ field: '/from', message: 'is a run of another skill' }]);
    }
    refusePurged(named);
    checkStart(tx, named);
    return named;
  }
  const runs = await tx.execution.findMany({
    where: {
      ...{ skillId: skill.id, completedAt: { not: null }, purgedAt: null },
      ...{ mode: { not: 'replay' }, definition: { equals: Prisma.DbNull } },
    },
    orderBy: { id: 'desc' },
    take: lookedThrough,
    select: {
      id: true,
      steps: { where: { status: 'done', stepId: { lt: step } }, select: { stepId: true } },
    },
  });
  const best = runs.find(({ steps }) => steps.length === step - 1) ?? runs[0];
  if (best === undefined) return undefined;
  const run = await findExecution(tx, best.id);
  checkStart(tx, run);
  return run;
}

const notSoFar = (step: number): AlfredError =>
  new AlfredError('E_NOT_REPLAYABLE', `No run whose content is kept got as far as step ${step}.`, {
    remedy: 'Run the skill once, or rehearse this step: then the steps before it are rehearsed as well.',
  });

/** What that run was given, where it fits; a rehearsal takes what is made up as well. */
function inputFor(
  { redactor }: Vault,
  wanted: SkillDefinition,
  run: ExecutionRow | undefined,
  mode: 'live' | 'rehearsal',
): { input: Record<string, unknown>; isGiven: boolean } {
  // Of a secret that was added since it was written, it may hold what nobody knew for one then.
  const given = storableJson(redactor.value((run?.input ?? {}) as Record<string, unknown>));
  try {
    checkInput(wanted, given);
    return { input: given, isGiven: run !== undefined };
  } catch (error) {
    if (mode === 'live' || !isAlfredError(error, 'E_VALIDATION')) throw error;
    const made = storableJson(redactor.value(sampleInput(wanted)));
    checkInput(wanted, made);
    return { input: made, isGiven: false };
  }
}
