import { slugSchema } from '../contract/common.ts';
import type { Skill } from '../contract/skills.ts';
import { validationError } from '../kernel/validate.ts';
import type { SkillDeps } from './create-skill.ts';
import { presentSkill } from './skill-row.ts';

export type SkillPage = { items: Skill[]; nextCursor: string | null };

/**
 * A page of skills by slug, from the one after `cursor` on.
 *
 * @throws AlfredError E_VALIDATION for a cursor that no page gave
 */
export async function listSkills(
  { db, vault }: SkillDeps,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<SkillPage> {
  const rows = await db.prisma.skill.findMany({
    ...(cursor === undefined ? {} : { where: { slug: { gt: readCursor(cursor) } } }),
    orderBy: { slug: 'asc' },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => presentSkill(vault, row)),
    nextCursor: last && rows.length > limit ? Buffer.from(last.slug).toString('base64url') : null,
  };
}

function readCursor(cursor: string): string {
  const slug = slugSchema.safeParse(Buffer.from(cursor, 'base64url').toString());
  if (slug.success) return slug.data;
  throw validationError('The query', [{ field: '/cursor', message: 'use nextCursor of the page before' }]);
}
