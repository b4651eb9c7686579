/** A skill's row, its definition (what a version keeps), and its shape on the wire. */
import { type Skill, type SkillDefinition, skillDefinitionSchema } from '../contract/skills.ts';
import type { Prisma, Transaction } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import { validate } from '../kernel/validate.ts';
import type { Place } from '../vault/place.ts';
import { rowAltered, rowGuardOf } from '../vault/row-guard.ts';
import type { Vault } from '../vault/vault.ts';

export type SkillRow = Prisma.SkillGetPayload<Record<string, never>>;

/** A whole definition: every field is there, so that equal skills have equal hashes; never a secret. */
export type StoredDefinition = ReturnType<typeof storedDefinition>;

/** Where a skill's webhook secret is sealed. */
export const triggerSecretPlace = (skillId: string): Place => ({
  table: 'skills',
  rowId: skillId,
  pointer: '/trigger_secret',
});

/** The name under which a webhook secret is redacted. */
export const triggerSecretLabel = (slug: string): string => `${slug}.trigger_secret`;

/** Rounded to the millionth that the columns hold, and never to nothing. */
const money = (usd: number | null | undefined): number | null =>
  usd == null ? null : Math.max(1, Math.round(usd * 1e6)) / 1e6;

/** Fills in what may be left out. */
export function storedDefinition(definition: SkillDefinition) {
  return {
    slug: definition.slug,
    name: definition.name,
    description: definition.description,
    steps: definition.steps,
    inputSchema: definition.inputSchema ?? null,
    connectionNames: definition.connectionNames ?? [],
    triggerType: definition.triggerType,
    triggerConfig: definition.triggerConfig,
    model: definition.model ?? null,
    effort: definition.effort ?? null,
    maxCostUsd: money(definition.maxCostUsd),
    maxCostPerDayUsd: money(definition.maxCostPerDayUsd),
    maxCostPerMonthUsd: money(definition.maxCostPerMonthUsd),
    timeoutMs: definition.timeoutMs ?? null,
    concurrency: definition.concurrency,
    onCrash: definition.onCrash,
    onFailureSkill: definition.onFailureSkill ?? null,
    isActive: definition.isActive,
  };
}

/** The definition that a row holds. */
export const definitionOf = (row: SkillRow): SkillDefinition =>
  validate(
    skillDefinitionSchema,
    {
      slug: row.slug,
      name: row.name,
      description: row.description,
      steps: row.steps,
      inputSchema: row.inputSchema,
      connectionNames: row.connectionNames,
      triggerType: row.triggerType,
      triggerConfig: row.triggerConfig,
      model: row.model,
      effort: row.effort,
      maxCostUsd: row.maxCostUsd?.toNumber() ?? null,
      maxCostPerDayUsd: row.maxCostPerDayUsd?.toNumber() ?? null,
      maxCostPerMonthUsd: row.maxCostPerMonthUsd?.toNumber() ?? null,
      timeoutMs: row.timeoutMs,
      concurrency: row.concurrency,
      onCrash: row.onCrash,
      onFailureSkill: row.onFailureSkill,
      isActive: row.isActive,
    },
    'The stored skill',
  );

/** The skill as it is shown: of its webhook secret only the marker, in `triggerConfig.secret`. */
export function presentSkill(vault: Vault, row: SkillRow): Skill {
  const fingerprint = fingerprintOf(vault, row);
  const definition = storedDefinition(definitionOf(row));
  return {
    ...definition,
    id: row.id,
    triggerConfig: {
      ...definition.triggerConfig,
      ...(fingerprint === undefined ? {} : { secret: { sealed: true, fingerprint } }),
    },
    isSystem: row.isSystem,
    source: row.source,
    version: row.version,
    runCount: row.runCount,
    lastRunAt: row.lastRunAt?.toISOString() ?? null,
    nextRunAt: row.nextRunAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** The fingerprint of a row's webhook secret; undefined when it has none. */
export const fingerprintOf = (vault: Vault, row: SkillRow): string | undefined =>
  row.triggerSecret === null ? undefined : vault.fingerprintOf(triggerSecretPlace(row.id), row.triggerSecret);

/** What changes with every save and with nothing else: the ground of an ETag. */
export const revisionOf = ({ id, version }: Pick<Skill, 'id' | 'version'>): string => `${id}.${version}`;

/** @throws AlfredError E_NOT_FOUND */
export async function findSkill(db: Transaction, slug: string): Promise<SkillRow> {
  const row = await db.skill.findUnique({ where: { slug } });
  if (!row) throw noSuchSkill(slug);
  return row;
}

/**
 * The row of a skill that is acted on.
 *
 * @throws AlfredError E_NOT_FOUND, or E_ROW_ALTERED when it is not as this VM saved it
 */
export async function findIntactSkill(db: Transaction, slug: string): Promise<SkillRow> {
  const row = await findSkill(db, slug);
  rowGuardOf(db).check('skills', row);
  return row;
}

/**
 * The row as it is shown. One that somebody else changed is a draft, and says so in place of its description.
 */
export function presentShownSkill(db: Pick<Transaction, 'skill'>, vault: Vault, row: SkillRow): Skill {
  if (rowGuardOf(db).isIntact('skills', row)) return presentSkill(vault, row);
  const { message, remedy } = rowAltered('skills', row.slug);
  const refused = { ...row, isActive: false, description: `E_ROW_ALTERED: ${message} ${remedy ?? ''}` };
  try {
    return presentSkill(vault, refused);
  } catch {
    // What stands there is no skill any more: there is nothing of it to show.
    const nothing = { inputSchema: null, triggerType: 'manual' as const, triggerConfig: {} };
    const limits = { model: null, effort: null, timeoutMs: null, concurrency: 1, onFailureSkill: null };
    const caps = { maxCostUsd: null, maxCostPerDayUsd: null, maxCostPerMonthUsd: null };
    const steps = [{ id: 1, prompt: '(altered)' }];
    return presentSkill(vault, { ...refused, ...nothing, ...limits, ...caps, steps, connectionNames: [] });
  }
}

/**
 * The row, held against other writers until the transaction ends. It is not checked: whoever goes on from what it says calls
 * `rowGuardOf(tx).check`.
 *
 * @throws AlfredError E_NOT_FOUND
 */
export async function lockSkill(tx: Transaction, slug: string): Promise<SkillRow> {
  await tx.$queryRaw`SELECT 1 FROM skills WHERE slug = ${slug} FOR UPDATE`;
  return findSkill(tx, slug);
}

const noSuchSkill = (slug: string): AlfredError =>
  new AlfredError('E_NOT_FOUND', `There is no skill "${slug}"`, {
    remedy: 'See what there is with `npx alfred skill list`.',
  });

/** @throws AlfredError E_PRECONDITION when the reader saw another revision than the present one */
export function checkRevision(row: SkillRow, isExpected: ((revision: string) => boolean) | undefined): void {
  if (!isExpected || isExpected(revisionOf(row))) return;
  throw new AlfredError('E_PRECONDITION', `The skill "${row.slug}" was changed since it was read`, {
    remedy: 'Read it again, make the change on what it is now, and send that.',
  });
}
