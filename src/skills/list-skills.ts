import { slugSchema } from '../contract/common.ts';
import type { ListedSkill } from '../contract/listed-skill.ts';
import type { Database } from '../database/client.ts';
import { cutPage, nameCursor, nameOfCursor } from '../database/pages.ts';
import type { SkillDeps } from './create-skill.ts';
import { presentShownSkill } from './skill-row.ts';

export type SkillPage = { items: ListedSkill[]; nextCursor: string | null };

/**
 * A page of skills by slug, from the one after `cursor` on; of those with a tag, where one is named.
 *
 * @throws AlfredError E_VALIDATION for a cursor that no page gave
 */
export async function listSkills(
  { db, vault }: SkillDeps,
  { limit, cursor, tag }: { limit: number; cursor?: string | undefined; tag?: string | undefined },
): Promise<SkillPage> {
  const rows = await db.prisma.skill.findMany({
    where: {
      ...(cursor === undefined ? {} : { slug: { gt: nameOfCursor(cursor, slugSchema) } }),
      ...(tag === undefined ? {} : { tags: { array_contains: [tag] } }),
    },
    orderBy: { slug: 'asc' },
    take: limit + 1,
  });
  const { page, nextCursor } = cutPage(rows, limit, ({ slug }) => nameCursor(slug));
  const lastRuns = await readLastRuns(
    db,
    page.map(({ id }) => id),
  );
  return {
    items: page.map((row) => {
      const { files: _files, ...skill } = presentShownSkill(db.prisma, vault, row);
      return { ...skill, lastRun: lastRuns.get(row.id) ?? null };
    }),
    nextCursor,
  };
}

type LastRun = NonNullable<ListedSkill['lastRun']>;

/** One step into the index for each skill, however many executions it has. */
async function readLastRuns(
  { prisma }: Pick<Database, 'prisma'>,
  skills: string[],
): Promise<Map<string, LastRun>> {
  const rows = await prisma.$queryRaw<(Omit<LastRun, 'createdAt'> & { skillId: string; createdAt: Date })[]>`
    SELECT skill.id AS "skillId", last.* FROM unnest(${skills}::uuid[]) AS skill(id)
    CROSS JOIN LATERAL (
      SELECT id AS "executionId", status::text AS status, mode::text AS mode, created_at AS "createdAt"
      FROM executions WHERE skill_id = skill.id AND mode <> 'replay' ORDER BY created_at DESC LIMIT 1
    ) AS last`;
  return new Map(
    rows.map(({ skillId, createdAt, ...run }) => [skillId, { ...run, createdAt: createdAt.toISOString() }]),
  );
}
