import { readModelSettings, rehearsalModel } from '../config/model-settings.ts';
import { isFinal, isRehearsed } from '../contract/execution-status.ts';
import type { ReplayRequest } from '../contract/replay.ts';
import type { SkillDefinition } from '../contract/skills.ts';
import type { Transaction } from '../database/client.ts';
import { storableJson } from '../database/storable.ts';
import { AlfredError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { validationError } from '../kernel/validate.ts';
import { definitionOf, type SkillRow } from '../skills/skill-row.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import type { Vault } from '../vault/vault.ts';
import { checkStart } from './check-start.ts';
import { draftOf, leastCap, versionOf } from './draft.ts';
import { type ExecutionRow, findExecution } from './find-execution.ts';
import { insertExecution, type NewExecution } from './insert-execution.ts';
import { refusePurged } from './read-recording.ts';
import { readRunDefinition } from './read-run-definition.ts';
import { checkInput, type StartDeps } from './start-execution.ts';
import { refuseWhileStopped } from './stop-state.ts';
import { turnOf } from './turn.ts';

/**
 * Goes through a past execution again, with another version, a draft or another model, as a new execution of mode `replay`: no
 * tool is called, what was recorded answers. It names the old one in `replayOf`.
 *
 * @throws AlfredError E_STOPPED, E_NOT_FOUND; E_NOT_REPLAYABLE while it has not ended, where there is nothing to replay and for a turn of a
 *   conversation; E_ROW_ALTERED; E_VALIDATION when the draft is none, the input does not fit it, or the model cannot be asked
 */
export async function replayExecution(
  deps: StartDeps,
  id: string,
  { actor, ...request }: ReplayRequest & { actor: string },
): Promise<{ executionId: string }> {
  const { db, queue, vault } = deps;
  const settings = await readModelSettings(deps);
  refuseUnasked(request.model, settings.rehearsal);
  await vault.upToDate();
  const executionId = newId();
  await db.transaction(async (tx) => {
    await refuseWhileStopped(tx, { trigger: 'manual', actor });
    const old = await findExecution(tx, id);
    refuseUnlessReplayable(old);
    checkStart(tx, old);
    const skill = await skillOf(tx, old);
    const chosen = await choose({ vault, tx }, old, skill, request);
    // Of a secret that was added since it was written, it may hold what nobody knew for one then.
    const input = storableJson(vault.redactor.value((old.input ?? {}) as Record<string, unknown>));
    if (chosen.name !== 'original') checkInput(chosen.wanted, input);
    const isFree = settings.rehearsal || (request.model === undefined && isRehearsed(old));
    const model = request.model ?? chosen.wanted.model ?? settings.model;
    await insertExecution(
      { queue, tx },
      {
        id: executionId,
        skill: { id: skill?.id ?? null, slug: old.skillSlug, concurrency: 1 },
        version: chosen.version,
        ...(chosen.definition === undefined ? {} : { definition: chosen.definition }),
        mode: 'replay',
        model: isFree ? rehearsalModel : model,
        actor,
        trigger: 'manual',
        triggerDetail: { replay: { version: chosen.name } },
        input,
        replayOf: id,
      },
    );
  });
  return { executionId };
}

const notReplayable = (message: string, remedy: string): AlfredError =>
  new AlfredError('E_NOT_REPLAYABLE', message, { remedy });

/** @param isRehearsing no model but the built-in one can be asked */
function refuseUnasked(model: string | undefined, isRehearsing: boolean): void {
  if (model === undefined || model === rehearsalModel || !isRehearsing) return;
  const message = 'cannot be asked: no key is set, or the rehearsal model is forced; use "rehearsal"';
  throw validationError('The request', [{ field: '/model', message }]);
}

function refuseUnlessReplayable(old: ExecutionRow): void {
  if (!isFinal(old.status)) {
    throw notReplayable(
      `This execution has not ended yet: it is ${old.status}.`,
      `Wait for its end, or cancel it first: npx alfred execution cancel ${old.id}`,
    );
  }
  refusePurged(old);
  if (old.replayOf !== null) {
    throw notReplayable(
      'This execution is a replay itself: its tools were not called.',
      `Replay the one that it replays: npx alfred execution replay ${old.replayOf}`,
    );
  }
  if (turnOf(old) !== undefined) {
    throw notReplayable(
      'This execution is a turn of a conversation, which goes by what was said before it.',
      'Have it tried again in the conversation, where that makes a branch.',
    );
  }
}

/** The skill as it is now; null where it was removed. */
async function skillOf(tx: Transaction, { skillId }: ExecutionRow): Promise<SkillRow | null> {
  if (skillId === null) return null;
  await tx.$queryRaw`SELECT 1 FROM skills WHERE id = ${skillId}::uuid FOR KEY SHARE`;
  const skill = await tx.skill.findUnique({ where: { id: skillId } });
  if (skill) rowGuardOf(tx).check('skills', skill);
  return skill;
}

type Chosen = Pick<NewExecution, 'version' | 'definition'> & {
  name: 'original' | 'current' | 'draft';
  wanted: SkillDefinition;
};

async function choose(
  { vault, tx }: { vault: Vault; tx: Transaction },
  old: ExecutionRow,
  skill: SkillRow | null,
  { version, definition, model }: ReplayRequest,
): Promise<Chosen> {
  if (definition !== undefined) {
    // A draft: it may name tools that are not there, as what answers is the recording.
    const capped = { ...definition, slug: old.skillSlug, isActive: false };
    const draft = await draftOf({ vault, tx }, { ...capped, maxCostUsd: leastCap(definition, skill) });
    const number = skill?.version ?? old.skillVersion;
    return { name: 'draft', wanted: draft.checked, ...draft, version: versionOf(draft, number) };
  }
  if ((version ?? (model === undefined ? 'current' : 'original')) === 'current') {
    if (skill === null) {
      throw notReplayable(
        `The skill "${old.skillSlug}" was removed: there is no version of it now.`,
        `Replay the version that ran: npx alfred execution replay ${old.id} --version original`,
      );
    }
    return { name: 'current', ...(await currentOf(tx, skill)) };
  }
  const wanted = await readRunDefinition(tx, old);
  const stepIds = wanted.steps.map((step) => step.id);
  const hash = Uint8Array.from(old.skillHash);
  const kept = old.definition === null ? {} : { definition: old.definition };
  return { name: 'original', wanted, ...kept, version: { number: old.skillVersion, hash, stepIds } };
}

async function currentOf(tx: Transaction, skill: SkillRow): Promise<Pick<Chosen, 'wanted' | 'version'>> {
  const row = await tx.skillVersion.findUniqueOrThrow({
    where: { skillId_version: { skillId: skill.id, version: skill.version } },
  });
  rowGuardOf(tx).check('skill_versions', row);
  const wanted = definitionOf(skill);
  const stepIds = wanted.steps.map((step) => step.id);
  return { wanted, version: { number: skill.version, hash: Uint8Array.from(row.contentHash), stepIds } };
}
