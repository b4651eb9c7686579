/** The one way in which a skill reaches the database: its row, and a version that never changes again. */

import { recordAudit } from '../audit/record-audit.ts';
import { readConfig } from '../config/read-config.ts';
import { readCatalog } from '../connections/tools/catalog.ts';
import type { NewSkillResult, SkillDefinition } from '../contract/skills.ts';
import { notify } from '../database/channels.ts';
import { Prisma, type SkillSource, type Transaction } from '../database/client.ts';
import { storableJson } from '../database/storable.ts';
import { timeNow } from '../kernel/clock.ts';
import { AlfredError } from '../kernel/errors.ts';
import { hashOf } from '../kernel/hash.ts';
import { nextFire } from '../schedules/schedule.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import type { Vault } from '../vault/vault.ts';
import { checkDefinition } from './check-definition.ts';
import { toolWarnings } from './check-tools.ts';
import { refuseLoosening } from './loosening.ts';
import {
  columnsOf,
  definitionOf,
  fingerprintOf,
  presentSkill,
  type SkillRow,
  type StoredDefinition,
  storedDefinition,
  triggerSecretLabel,
  triggerSecretPlace,
} from './skill-row.ts';
import { stopWaiting } from './stop-waiting.ts';
import { sizeWarnings, toolTokensOf } from './tool-tokens.ts';
import { readTrigger } from './trigger-config.ts';
import type { TriggerSecret } from './webhook-config.ts';

export type SkillSave = {
  /** Of the row: a new id for a new skill. */
  id: string;
  /** The row as it is, locked; undefined for a new skill. */
  current: SkillRow | undefined;
  definition: SkillDefinition;
  /** Who or what saves it. */
  actor: string;
  /** Whether they may also loosen it (loosening.ts). */
  mayLoosen: boolean;
  note?: string | undefined;
  source?: SkillSource | undefined;
  templateId?: string | undefined;
  isSystem?: boolean | undefined;
};

/**
 * Checks and saves. The answer shows a webhook secret that was made up, this once, in `triggerConfig.secret`.
 *
 * @throws AlfredError E_VALIDATION, E_UNKNOWN_TOOL, E_CONFLICT when the slug is taken, or E_FORBIDDEN for a looser skill by
 * who may not loosen it
 */
export async function saveSkill(vault: Vault, tx: Transaction, save: SkillSave): Promise<NewSkillResult> {
  const { id, current, actor, note = null } = save;
  const { timezone: ownZone } = await readConfig(tx, 'timezone');
  const { triggerConfig, secret } = readTrigger(save.definition, {
    ownZone,
    former: current && {
      auth: (current.triggerConfig as Record<string, unknown>).auth,
      fingerprint: fingerprintOf(vault, current),
    },
  });
  const given = storableJson({ ...save.definition, triggerConfig });
  // As no model is ever told a secret, none has to stand in every version and dump. A slug that is one is not changed behind its owner.
  const bare = { ...vault.redactor.value(given), slug: given.slug };
  const checked = await checkDefinition(tx, bare);
  const definition = storedDefinition(checked);
  if (!save.mayLoosen) {
    refuseLoosening({
      before: current && definitionOf(current),
      after: definition,
      catalog: await readCatalog(tx, checked.connectionNames),
      hasNewSecret: secret.kind === 'set',
    });
  }
  const version = (current?.version ?? 0) + 1;

  const data = {
    ...columnsOf(definition),
    nextRunAt: firstFire(definition, ownZone),
    triggerSecret: sealedSecret(vault, id, definition.slug, secret, current),
    version,
  };
  const written = await write(
    tx,
    current,
    {
      ...data,
      id,
      createdAt: timeNow(),
      isSystem: save.isSystem ?? false,
      source: save.source ?? 'manual',
      templateId: save.templateId ?? null,
    },
    data,
  );
  const row = await sign(tx, written);
  const kept = { skillId: id, version, contentHash: new Uint8Array(hashOf(definition)) };
  const stored = definition as unknown as Prisma.JsonObject;
  const mac = rowGuardOf(tx).sign('skill_versions', { ...kept, definition: stored });
  const made = { createdAt: timeNow(), createdBy: actor, note };
  await tx.skillVersion.create({ data: { ...kept, ...made, definition: stored, mac } });

  await recordAudit(tx, {
    action: current ? 'skill.changed' : 'skill.created',
    actor,
    subject: definition.slug,
    data: { id, version, contentHash: hashOf(definition).toString('hex'), active: definition.isActive, note },
  });
  if (secret.kind === 'set') {
    await recordAudit(tx, { action: 'secret.written', actor, subject: triggerSecretLabel(definition.slug) });
  }

  await notify(tx, 'executionEvents', `${id}:0`);

  const hadSecret = JSON.stringify(bare) !== JSON.stringify(given);
  const waited = current?.isActive && !definition.isActive ? await stopWaiting(tx, id) : 0;
  const skill = { ...presentSkill(vault, row), ...(await warningsOf(tx, checked, { waited, hadSecret })) };
  if (secret.kind !== 'set' || !secret.shown) return skill;
  return { ...skill, triggerConfig: { ...skill.triggerConfig, secret: secret.value } };
}

/**
 * What its tools take, what keeps it from them, and what became of its runs: a draft is not run as it is, and may name what is to
 * come.
 *
 * @param known.waited so many runs that waited are cancelled
 * @param known.hadSecret a secret of the vault stood in what was given
 */
async function warningsOf(
  tx: Transaction,
  { isActive, steps, connectionNames = [] }: SkillDefinition,
  { waited, hadSecret }: { waited: number; hadSecret: boolean },
): Promise<Pick<NewSkillResult, 'warnings' | 'toolTokens'>> {
  const catalog = connectionNames.length === 0 ? undefined : await readCatalog(tx, connectionNames);
  const toolTokens = catalog && toolTokensOf(steps, catalog);
  const warnings = [
    ...(hadSecret ? ['A secret stood in it and is left out: it would be told to no model anyway.'] : []),
    ...(waited === 0 ? [] : [`${waited === 1 ? '1 run' : `${waited} runs`} that waited: cancelled.`]),
    ...(isActive && catalog ? toolWarnings(steps, catalog) : []),
    ...sizeWarnings(toolTokens ?? []),
  ];
  return {
    ...(toolTokens ? { toolTokens } : {}),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

/** When a schedule fires next; a draft never does. */
function firstFire({ isActive, triggerType, triggerConfig }: StoredDefinition, ownZone: string): Date | null {
  if (!isActive || triggerType !== 'schedule') return null;
  return nextFire({ timezone: ownZone, ...(triggerConfig as { cron: string }) }, timeNow()) ?? null;
}

async function write(
  tx: Transaction,
  current: SkillRow | undefined,
  create: Prisma.SkillUncheckedCreateInput,
  update: Prisma.SkillUncheckedUpdateInput,
): Promise<SkillRow> {
  try {
    return current
      ? await tx.skill.update({ where: { id: current.id }, data: update })
      : await tx.skill.create({ data: create });
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2002') throw error;
    throw new AlfredError('E_CONFLICT', `There is a skill "${create.slug}" already`, {
      remedy: 'Choose another slug, or change the skill that is there.',
      fields: [{ field: '/slug', message: 'is taken' }],
    });
  }
}

/** Signs the row as the database has it now. Not through the client's `update`, which would move `updated_at` again. */
async function sign(tx: Transaction, row: SkillRow): Promise<SkillRow> {
  const mac = rowGuardOf(tx).sign('skills', row);
  await tx.$executeRaw`UPDATE skills SET mac = ${mac} WHERE id = ${row.id}::uuid`;
  return { ...row, mac };
}

function sealedSecret(
  vault: Vault,
  id: string,
  slug: string,
  secret: TriggerSecret,
  current: SkillRow | undefined,
): string | null {
  if (secret.kind === 'keep') return current?.triggerSecret ?? null;
  if (secret.kind === 'none') return null;
  return vault.seal(triggerSecretPlace(id), secret.value, triggerSecretLabel(slug));
}
