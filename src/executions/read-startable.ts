import { type ModelSettings, readModelSettings } from '../config/model-settings.ts';
import type { SkillDefinition } from '../contract/skills.ts';
import type { Database, Transaction } from '../database/client.ts';
import { isDatabaseAway } from '../database/is-away.ts';
import { createBatcher } from '../kernel/batcher.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { Settings } from '../kernel/settings.ts';
import { definitionOf, type SkillRow } from '../skills/skill-row.ts';
import { rowAltered, rowGuardOf } from '../vault/row-guard.ts';

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
const readers = new WeakMap<Database, (item: Asked) => Promise<Found>>();
type Asked = { slug: string; settings: ReadSettings };
/** An error stands for a skill that is not as this VM saved it: it keeps no other from its start. */
type Found = Startable | AlfredError | undefined;

/**
 * A skill as its row is now; undefined when there is none. It is read after it was asked for, together with those that
 * others ask for meanwhile.
 *
 * @throws AlfredError E_ROW_ALTERED when it is not as this VM saved it
 */
export async function readStartable(
  { db, settings }: { db: Database; settings: ReadSettings },
  slug: string,
): Promise<Startable | undefined> {
  let read = readers.get(db);
  if (!read) {
    read = createBatcher<Asked, Found>(
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
  const found = await read({ slug, settings });
  if (found instanceof AlfredError) throw found;
  return found;
}

/** Skills by slug, as their rows are now; E_ROW_ALTERED in the place of one that is not as this VM saved it. */
export async function readStartables(
  { db, settings }: { db: Pick<Transaction, 'skill' | 'skillVersion' | 'config'>; settings: ReadSettings },
  slugs: readonly string[],
): Promise<ReadonlyMap<string, Startable | AlfredError>> {
  const skills = await db.skill.findMany({ where: { slug: { in: [...slugs] } } });
  if (skills.length === 0) return new Map();
  const [versions, model] = await Promise.all([
    db.skillVersion.findMany({
      where: { OR: skills.map(({ id, version }) => ({ skillId: id, version })) },
      select: { skillId: true, version: true, definition: true, contentHash: true, mac: true },
    }),
    readModelSettings({ db: { prisma: db }, settings }),
  ]);
  const present = new Map(versions.map((version) => [version.skillId, version]));
  const guard = rowGuardOf(db);
  return new Map(
    skills.map((skill): [string, Startable | AlfredError] => {
      const version = present.get(skill.id);
      const isIntact =
        version && guard.isIntact('skills', skill) && guard.isIntact('skill_versions', version);
      if (!isIntact) return [skill.slug, rowAltered('skills', skill.slug)];
      const hash = Uint8Array.from(version.contentHash);
      return [skill.slug, { skill, definition: definitionOf(skill), hash, model }];
    }),
  );
}
