import { type ModelSettings, readModelSettings } from '../config/model-settings.ts';
import type { SkillDefinition } from '../contract/skills.ts';
import type { Database, Transaction } from '../database/client.ts';
import { isDatabaseAway } from '../database/is-away.ts';
import { createBatcher } from '../kernel/batcher.ts';
import type { Settings } from '../kernel/settings.ts';
import { definitionOf, type SkillRow } from '../skills/skill-row.ts';

/** All that is read of a skill to start it. */
export type Startable = {
  skill: SkillRow;
  definition: SkillDefinition;
  /** Of its present version. */
  hash: Uint8Array<ArrayBuffer>;
  model: ModelSettings;
};

type ReadSettings = Pick<Settings, 'model'>;

/** How many slugs are asked for at once. */
const mostSlugs = 200;

/** Of each database the questions that wait for it; as long as somebody holds it. */
const readers = new WeakMap<Database, (item: Asked) => Promise<Startable | undefined>>();
type Asked = { slug: string; settings: ReadSettings };

/**
 * A skill as its row is now; undefined when there is none. It is read after it was asked for, together with those that
 * others ask for meanwhile.
 */
export function readStartable(
  { db, settings }: { db: Database; settings: ReadSettings },
  slug: string,
): Promise<Startable | undefined> {
  let read = readers.get(db);
  if (!read) {
    read = createBatcher<Asked, Startable | undefined>(
      async (asked) => {
        // One process has one model setting.
        const [first = { settings }] = asked;
        const slugs = [...new Set(asked.map((one) => one.slug))];
        const found = await readStartables({ db: db.prisma, settings: first.settings }, slugs);
        return asked.map((one) => found.get(one.slug));
      },
      { most: mostSlugs, concernsAll: isDatabaseAway },
    );
    readers.set(db, read);
  }
  return read({ slug, settings });
}

/** Skills by slug, as their rows are now. */
export async function readStartables(
  { db, settings }: { db: Pick<Transaction, 'skill' | 'skillVersion' | 'config'>; settings: ReadSettings },
  slugs: readonly string[],
): Promise<ReadonlyMap<string, Startable>> {
  const skills = await db.skill.findMany({ where: { slug: { in: [...slugs] } } });
  if (skills.length === 0) return new Map();
  const versions = await db.skillVersion.findMany({
    where: { OR: skills.map(({ id, version }) => ({ skillId: id, version })) },
    select: { skillId: true, contentHash: true },
  });
  const hashes = new Map(versions.map(({ skillId, contentHash }) => [skillId, contentHash]));
  const model = await readModelSettings({ db: { prisma: db }, settings });
  return new Map(
    skills.map((skill) => {
      const hash = hashes.get(skill.id);
      if (!hash) throw new Error(`Version ${skill.version} of the skill "${skill.slug}" is missing`);
      return [skill.slug, { skill, definition: definitionOf(skill), hash: Uint8Array.from(hash), model }];
    }),
  );
}
