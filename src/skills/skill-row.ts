/** A skill's row, its definition (what a version keeps), and its shape on the wire. */
import type { z } from 'zod';
import { mapFields, type SkillFieldName, type SkillFields } from '../contract/skill-fields.ts';
import { type Skill, type SkillDefinition, skillDefinitionSchema } from '../contract/skills.ts';
import { Prisma, type Transaction } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import { validate } from '../kernel/validate.ts';
import type { Place } from '../vault/place.ts';
import { rowAltered, rowGuardOf } from '../vault/row-guard.ts';
import type { Vault } from '../vault/vault.ts';

export type SkillRow = Prisma.SkillGetPayload<Record<string, never>>;

/** A whole definition: every field is there, so that equal skills have equal hashes; never a secret. */
export type StoredDefinition = { [Name in SkillFieldName]: z.output<SkillFields[Name]['whole']> };

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
export const storedDefinition = (definition: SkillDefinition): StoredDefinition =>
  mapFields((name, { unsaid, unit }) => {
    const value = definition[name] ?? unsaid;
    return unit === 'usd' ? money(value as number | null) : value;
  }) as StoredDefinition;

/** The definition as the columns of a row have it. */
export const columnsOf = (definition: StoredDefinition) =>
  mapFields((name, { isJson }) =>
    isJson === true ? (definition[name] ?? Prisma.DbNull) : definition[name],
  ) as Pick<Prisma.SkillUncheckedCreateInput, SkillFieldName>;

/** The definition that a row holds. */
export function definitionOf(row: SkillRow): SkillDefinition {
  const columns: Record<SkillFieldName, unknown> = row;
  const definition = mapFields((name) => {
    const value = columns[name];
    return Prisma.Decimal.isDecimal(value) ? value.toNumber() : value;
  });
  return validate(skillDefinitionSchema, definition, 'The stored skill');
}

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
    skippedCount: row.skippedCount,
    lastSkippedAt: row.lastSkippedAt?.toISOString() ?? null,
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
    const nothing = mapFields((_, { unsaid }) => unsaid);
    const { slug, description, isActive } = refused;
    const kept = { slug, name: slug, description, isActive, steps: [{ id: 1, prompt: '(altered)' }] };
    return presentSkill(vault, { ...refused, ...nothing, ...kept } as SkillRow);
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
