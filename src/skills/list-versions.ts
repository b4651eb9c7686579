import type { z } from 'zod';
import type { skillVersionSchema } from '../contract/skills.ts';
import { cutPage, wrongCursor } from '../database/pages.ts';
import type { SkillDeps } from './create-skill.ts';
import { findSkill } from './skill-row.ts';

type SkillVersion = z.output<typeof skillVersionSchema>;
export type SkillVersionPage = { items: SkillVersion[]; nextCursor: string | null };

/**
 * A page of a skill's versions, the newest first, from the one before `cursor` on.
 *
 * @throws AlfredError E_NOT_FOUND, or E_VALIDATION for a cursor that no page gave
 */
export async function listVersions(
  { db }: Pick<SkillDeps, 'db'>,
  slug: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<SkillVersionPage> {
  if (cursor !== undefined && !/^\d{1,9}$/.test(cursor)) throw wrongCursor();
  const { id } = await findSkill(db.prisma, slug);
  const rows = await db.prisma.skillVersion.findMany({
    where: { skillId: id, ...(cursor === undefined ? {} : { version: { lt: Number(cursor) } }) },
    orderBy: { version: 'desc' },
    take: limit + 1,
  });
  const { page, nextCursor } = cutPage(rows, limit, ({ version }) => String(version));
  return {
    items: page.map((row) => ({
      version: row.version,
      definition: row.definition as Record<string, unknown>,
      contentHash: Buffer.from(row.contentHash).toString('hex'),
      createdBy: row.createdBy,
      note: row.note,
      createdAt: row.createdAt.toISOString(),
    })),
    nextCursor,
  };
}
