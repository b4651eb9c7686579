import type { Database } from '../database/client.ts';
import { validationError } from '../kernel/validate.ts';

/**
 * Sees that there are these skills, for who names them under `/skills`.
 *
 * @param what the thing that names them, at the beginning of a sentence
 * @throws AlfredError E_VALIDATION naming those that there are not
 */
export async function assertSkills(
  { prisma }: Database,
  slugs: readonly string[],
  what: string,
): Promise<void> {
  if (slugs.length === 0) return;
  const found = await prisma.skill.findMany({
    where: { slug: { in: [...slugs] }, isSystem: false },
    select: { slug: true },
  });
  const known = new Set(found.map(({ slug }) => slug));
  const problems = slugs.flatMap((slug, index) =>
    known.has(slug) ? [] : [{ field: `/skills/${index}`, message: `there is no skill "${slug}"` }],
  );
  if (problems.length > 0) throw validationError(what, problems);
}
