import { type ModelSettings, modelRows, readModelSettings } from '../config/model-settings.ts';
import type { SkillDefinition } from '../contract/skills.ts';
import { askPg } from '../database/ask.ts';
import type { Database, Transaction } from '../database/client.ts';
import { isDatabaseAway } from '../database/is-away.ts';
import { createBatcher } from '../kernel/batcher.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { Settings } from '../kernel/settings.ts';
import { definitionOf, type SkillRow } from '../skills/skill-row.ts';
import { type RowGuard, rowAltered, rowGuardOf } from '../vault/row-guard.ts';

/** What a skill's runs count in its row, and its clock: no start goes by it. */
const counters = {
  runCount: 'run_count',
  lastRunAt: 'last_run_at',
  nextRunAt: 'next_run_at',
  skippedCount: 'skipped_count',
  lastSkippedAt: 'last_skipped_at',
} as const;

/** All that is read of a skill to start it. */
export type Startable = {
  skill: Omit<SkillRow, keyof typeof counters>;
  definition: SkillDefinition;
  /** Of its present version. */
  hash: Uint8Array<ArrayBuffer>;
  model: ModelSettings;
};

type ReadDeps = { db: Database; settings: Pick<Settings, 'model'> };

/** How many slugs are asked for at once, and how many skills are kept read. */
const most = 200;

/** Of each database the questions that wait for it, and what was read before; as long as somebody holds it. */
const readers = new WeakMap<Database, (item: Asked) => Promise<Found>>();
type Asked = { slug: string } & Pick<ReadDeps, 'settings'>;
/** An error stands for a skill that is not as this VM saved it: it keeps no other from its start. */
type Found = Startable | AlfredError | undefined;

/**
 * A skill as its row is now; undefined when there is none. It is read after it was asked for, together with those that
 * others ask for meanwhile.
 *
 * @throws AlfredError E_ROW_ALTERED when it is not as this VM saved it
 */
export async function readStartable(
  { db, settings }: ReadDeps,
  slug: string,
): Promise<Startable | undefined> {
  let read = readers.get(db);
  if (!read) {
    const kept = new Kept();
    read = createBatcher<Asked, Found>(
      async (asked) => {
        // One process has one model setting.
        const [first = { settings }] = asked;
        const slugs = [...new Set(asked.map((one) => one.slug))];
        const found = await readAll({ db, settings: first.settings }, kept, slugs);
        return asked.map((one) => found.get(one.slug));
      },
      { most, concernsAll: isDatabaseAway },
    );
    readers.set(db, read);
  }
  const found = await read({ slug, settings });
  if (found instanceof AlfredError) throw found;
  return found;
}

/** What a skill is started from, whole, as the database writes it. */
type Texts = { slug: string; skill: string; version: string | null; config: string | null };

/**
 * What was read and proved, with the texts of the rows that it was made of. Rows are read at every start: where they are the
 * same, letter by letter, and the keys too, what is made of them is the same, and needs no second proof.
 */
class Kept {
  readonly #bySlug = new Map<string, { texts: Texts; guard: RowGuard; startable: Startable }>();

  find(texts: Texts, guard: RowGuard): Startable | undefined {
    const one = this.#bySlug.get(texts.slug);
    return one?.guard === guard && isSame(one.texts, texts) ? one.startable : undefined;
  }

  keep(texts: Texts, guard: RowGuard, startable: Startable): void {
    const [oldest] = this.#bySlug.keys();
    this.#bySlug.delete(texts.slug);
    if (this.#bySlug.size >= most && oldest !== undefined) this.#bySlug.delete(oldest);
    this.#bySlug.set(texts.slug, { texts, guard, startable });
  }
}

const isSame = (one: Texts, other: Texts): boolean =>
  one.skill === other.skill && one.version === other.version && one.config === other.config;

const texts = {
  name: 'read startables',
  text: `
    SELECT slug, (to_jsonb(s) - '{${Object.values(counters).join(',')}}'::text[])::text AS skill,
      to_jsonb(v)::text AS version,
      (SELECT json_object_agg(key, value ORDER BY key)::text FROM config WHERE key = ANY($2::text[])) AS config
    FROM skills s LEFT JOIN skill_versions v ON v.skill_id = s.id AND v.version = s.version
    WHERE slug = ANY($1::text[])`,
};

async function readAll(
  { db, settings }: ReadDeps,
  kept: Kept,
  slugs: readonly string[],
): Promise<Map<string, Found>> {
  const guard = rowGuardOf(db.prisma);
  const read = (of: readonly string[]) => askPg(db.pool)<Texts>(texts, [of, modelRows]);
  const rows = await read(slugs);
  const found = new Map<string, Found>(rows.map((row) => [row.slug, kept.find(row, guard)]));
  const others = rows.filter(({ slug }) => found.get(slug) === undefined).map(({ slug }) => slug);
  if (others.length === 0) return found;
  for (const [slug, one] of await readStartables({ db: db.prisma, settings }, others)) found.set(slug, one);
  const before = new Map(rows.map((row) => [row.slug, row]));
  for (const after of await read(others)) {
    const one = found.get(after.slug);
    const first = before.get(after.slug);
    // What was read between two readings of the same is what these say.
    if (one === undefined || one instanceof AlfredError || first === undefined || !isSame(first, after))
      continue;
    kept.keep(after, guard, one);
  }
  return found;
}

/** Skills by slug, as their rows are now; E_ROW_ALTERED in the place of one that is not as this VM saved it. */
export async function readStartables(
  {
    db,
    settings,
  }: { db: Pick<Transaction, 'skill' | 'skillVersion' | 'config'>; settings: ReadDeps['settings'] },
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
