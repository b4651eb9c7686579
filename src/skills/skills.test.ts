import { beforeEach, describe, expect, it } from 'vitest';
import { keepConnection, refusalOf } from '../../tests/helpers/skills.ts';
import { provideVault, type VaultBench } from '../../tests/helpers/vault-bench.ts';
import { type NewSkillResult, skillDefinitionSchema, skillSchema } from '../contract/skills.ts';
import { hashOf } from '../kernel/hash.ts';
import { createSkill } from './create-skill.ts';
import { getSkill } from './get-skill.ts';
import { listSkills } from './list-skills.ts';
import { listUpcoming } from './list-upcoming.ts';
import { listVersions } from './list-versions.ts';
import { removeSkill } from './remove-skill.ts';
import { restoreVersion } from './restore-version.ts';
import { revisionOf } from './skill-row.ts';
import { updateSkill } from './update-skill.ts';

let { db, vault } = {} as VaultBench;
provideVault(async (bench) => {
  ({ db, vault } = bench);
  await keepConnection(db, { name: 'files', tools: ['read_file'] });
});

const deps = () => ({ db, vault });
const me = { actor: 'owner', mayLoosen: true };

const definition = (over: Record<string, unknown> = {}) =>
  skillDefinitionSchema.parse({
    slug: 'report',
    name: 'Report',
    steps: [{ id: 1, prompt: 'Read {{file}}.', allowedTools: ['mcp__files__read_file'] }],
    ...over,
  });

const create = (over: Record<string, unknown> = {}): Promise<NewSkillResult> =>
  createSkill(deps(), definition(over), me);

const step = (...allowedTools: string[]) => ({ steps: [{ id: 1, prompt: 'Go.', allowedTools }] });

beforeEach(async () => {
  await db.prisma.skill.deleteMany();
});

describe('createSkill', () => {
  it('keeps the skill and its first version', async () => {
    const skill = await create({ maxCostUsd: 0.12345678, connectionNames: ['something-else'] });
    expect(skillSchema.parse(skill)).toMatchObject({
      slug: 'report',
      version: 1,
      connectionNames: ['files'],
      maxCostUsd: 0.123457,
      isActive: true,
      isSystem: false,
      source: 'manual',
      triggerType: 'manual',
      runCount: 0,
    });
    const { warnings, ...saved } = skill;
    expect(warnings).toEqual([expect.stringContaining('nobody has approved the connection "files"')]);
    expect(await getSkill(deps(), 'report')).toEqual(saved);

    const { items } = await listVersions(deps(), 'report', { limit: 10 });
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ version: 1, createdBy: 'owner', note: null });
    expect(items[0]?.contentHash).toBe(hashOf(items[0]?.definition).toString('hex'));
  });

  it('keeps no secret of the vault that its owner wrote into it, and says so', async () => {
    vault.redactor.register('door.token', 'the-word-of-the-door');
    const prompt = 'Say the-word-of-the-door.';
    const steps = [{ id: 1, prompt, guidance: prompt, allowedTools: [] }];
    const { warnings } = await create({ slug: 'talkative', steps, description: prompt });
    expect(warnings).toContainEqual(expect.stringContaining('A secret stood in it'));
    const { rows } = await db.pool.query<{ text: string }>(
      `SELECT s::text || v::text AS text FROM skills s JOIN skill_versions v ON v.skill_id = s.id WHERE slug = 'talkative'`,
    );
    expect(rows[0]?.text).toContain('Say [redacted:door.token].');
    expect(rows[0]?.text).not.toContain('the-word-of-the-door');
  });

  it('refuses a slug that is taken', async () => {
    await create();
    expect(await refusalOf(create())).toMatchObject({ code: 'E_CONFLICT', fields: ['/slug'] });
  });

  it('lets one of two at once have the slug', async () => {
    const results = await Promise.allSettled([create(), create(), create()]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('stores text that PostgreSQL cannot hold', async () => {
    const skill = await create({ name: 'NUL \0 and \ud800 alone', description: '💥\u202e\uFFFE' });
    expect(skill).toMatchObject({ name: 'NUL \uFFFD and \uFFFD alone', description: '💥\u202e\uFFFE' });
  });
});

describe('updateSkill', () => {
  it('merges, and keeps a version for every save', async () => {
    const inputSchema = { type: 'object', properties: { file: { type: 'string' }, old: { type: 'string' } } };
    const first = await create({ inputSchema, model: 'm', maxCostUsd: 1 });
    const patch = { name: 'New', model: null, inputSchema: { properties: { old: null } } };
    const second = await updateSkill(deps(), 'report', patch, {
      actor: 'token:1',
      mayLoosen: true,
      note: 'why',
    });
    expect(second).toEqual({
      ...first,
      name: 'New',
      model: null,
      inputSchema: { type: 'object', properties: { file: { type: 'string' } } },
      version: 2,
      updatedAt: second.updatedAt,
    });
    const { items } = await listVersions(deps(), 'report', { limit: 10 });
    expect(items.map(({ version, createdBy, note }) => ({ version, createdBy, note }))).toEqual([
      { version: 2, createdBy: 'token:1', note: 'why' },
      { version: 1, createdBy: 'owner', note: null },
    ]);
    expect(items[1]?.definition).toMatchObject({ name: 'Report', model: 'm' });
  });

  it('takes the revision that was read, and no other', async () => {
    const first = await create();
    const isExpected = (revision: string) => revision === revisionOf(first);
    await updateSkill(deps(), 'report', { name: 'B' }, { ...me, isExpected });
    expect(
      await refusalOf(updateSkill(deps(), 'report', { name: 'C' }, { ...me, isExpected })),
    ).toMatchObject({
      code: 'E_PRECONDITION',
    });
    expect(await refusalOf(removeSkill(deps(), 'report', { isExpected }))).toMatchObject({
      code: 'E_PRECONDITION',
    });
    expect(await getSkill(deps(), 'report')).toMatchObject({ name: 'B', version: 2 });
  });

  it('gives each of many at once a version of its own', async () => {
    await create();
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const saved = await Promise.all(names.map((name) => updateSkill(deps(), 'report', { name }, me)));
    expect(saved.map(({ version }) => version).sort()).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('refuses what is no skill any more', async () => {
    await create();
    const update = (patch: Record<string, unknown>) => refusalOf(updateSkill(deps(), 'report', patch, me));
    expect(await update({ steps: null })).toMatchObject({ code: 'E_VALIDATION', fields: ['/steps'] });
    expect(await update({ steps: [{ id: 2, prompt: 'x' }] })).toMatchObject({ fields: ['/steps'] });
    expect(await update({ colour: 'red', isSystem: true })).toMatchObject({
      fields: ['/colour', '/isSystem'],
    });
    expect(await update({ slug: 'Bad Slug' })).toMatchObject({ fields: ['/slug'] });
    expect(await getSkill(deps(), 'report')).toMatchObject({ version: 1 });
  });

  it('may change the slug, to one that is free', async () => {
    await create({ slug: 'taken' });
    await create();
    expect(await updateSkill(deps(), 'report', { slug: 'other' }, me)).toMatchObject({
      slug: 'other',
      version: 2,
    });
    expect(await refusalOf(updateSkill(deps(), 'other', { slug: 'taken' }, me))).toMatchObject({
      code: 'E_CONFLICT',
    });
  });

  it('says when there is no such skill', async () => {
    expect(await refusalOf(updateSkill(deps(), 'nobody', {}, me))).toMatchObject({ code: 'E_NOT_FOUND' });
    expect(await refusalOf(getSkill(deps(), 'nobody'))).toMatchObject({ code: 'E_NOT_FOUND' });
    expect(await refusalOf(removeSkill(deps(), 'nobody'))).toMatchObject({ code: 'E_NOT_FOUND' });
    expect(await refusalOf(restoreVersion(deps(), 'nobody', 1, me))).toMatchObject({ code: 'E_NOT_FOUND' });
    expect(await refusalOf(listVersions(deps(), 'nobody', { limit: 1 }))).toMatchObject({
      code: 'E_NOT_FOUND',
    });
  });
});

describe('versions', () => {
  it('are restored as new ones, and stay when the skill goes', async () => {
    const first = await create();
    await updateSkill(deps(), 'report', { name: 'New', ...step(), slug: 'renamed' }, me);
    const restored = await restoreVersion(deps(), 'renamed', 1, me);
    expect(restored).toMatchObject({ slug: 'renamed', name: 'Report', version: 3, steps: first.steps });
    expect(await refusalOf(restoreVersion(deps(), 'renamed', 9, me))).toMatchObject({ code: 'E_NOT_FOUND' });

    const { items } = await listVersions(deps(), 'renamed', { limit: 1 });
    expect(items[0]).toMatchObject({ version: 3, note: 'restored from version 1' });

    await removeSkill(deps(), 'renamed');
    expect(await db.prisma.skillVersion.count({ where: { skillId: first.id } })).toBe(3);
  });

  it('come in pages', async () => {
    await create();
    for (const name of ['b', 'c', 'd']) await updateSkill(deps(), 'report', { name }, me);
    const one = await listVersions(deps(), 'report', { limit: 3 });
    expect(one.items.map(({ version }) => version)).toEqual([4, 3, 2]);
    const two = await listVersions(deps(), 'report', { limit: 3, cursor: one.nextCursor ?? '' });
    expect(two).toMatchObject({ items: [{ version: 1 }], nextCursor: null });
    expect(await refusalOf(listVersions(deps(), 'report', { limit: 3, cursor: 'x' }))).toMatchObject({
      fields: ['/cursor'],
    });
  });
});

describe('listSkills', () => {
  it('pages by slug', async () => {
    for (const slug of ['c', 'a', 'e', 'b-2', 'b']) await create({ slug });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listSkills(deps(), { limit: 2, cursor });
      seen.push(...page.items.map(({ slug }) => slug));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect([...seen].sort()).toEqual(['a', 'b', 'b-2', 'c', 'e']);
    expect(new Set(seen).size).toBe(5);
    expect(await refusalOf(listSkills(deps(), { limit: 2, cursor: 'äöü' }))).toMatchObject({
      fields: ['/cursor'],
    });
  });
});

describe('tags', () => {
  it('are kept, found by, and taken away', async () => {
    await create({ slug: 'bills', tags: ['money', 'Every month'] });
    await create({ slug: 'rent', tags: ['money'] });
    await create({ slug: 'walk' });
    const found = async (tag: string) =>
      (await listSkills(deps(), { limit: 10, tag })).items.map(({ slug }) => slug);
    expect(await found('money')).toEqual(['bills', 'rent']);
    expect(await found('Every month')).toEqual(['bills']);
    expect(await found('month')).toEqual([]);
    expect((await getSkill(deps(), 'walk')).tags).toBeNull();
    const bare = await updateSkill(deps(), 'rent', { tags: null }, me);
    expect(bare.tags).toBeNull();
    expect(await found('money')).toEqual(['bills']);
    expect((await listVersions(deps(), 'rent', { limit: 5 })).items[1]?.definition.tags).toEqual(['money']);
  });

  it('are words, each once', async () => {
    for (const tags of [[], [''], [' money'], ['a,b'], ['Money', 'money'], ['x'.repeat(31)]])
      expect(skillDefinitionSchema.safeParse({ ...definition(), tags }).success).toBe(false);
    expect(skillDefinitionSchema.safeParse({ ...definition(), tags: ['Gärten & Haus'] }).success).toBe(false);
    expect(skillDefinitionSchema.parse({ ...definition(), tags: ['Gärten', 'x'] }).tags).toHaveLength(2);
  });
});

describe('what the schedules bring', () => {
  const schedule = (slug: string, cron: string, more: Record<string, unknown> = {}) =>
    create({ slug, triggerType: 'schedule', triggerConfig: { cron, timezone: 'UTC', ...more }, ...step() });
  const coming = async (days = 7) => listUpcoming({ db }, { days });

  it('is every time of the days that come, in plain words, and none of a draft', async () => {
    await schedule('daily', '0 7 * * *');
    await create({
      slug: 'draft',
      triggerType: 'schedule',
      triggerConfig: { cron: '0 7 * * *' },
      isActive: false,
    });
    await create({ slug: 'by-hand' });
    const { items, from, until } = await coming();
    expect(items).toMatchObject([{ slug: 'daily', timezone: 'UTC', pausedUntil: null, isMore: false }]);
    expect(Date.parse(until) - Date.parse(from)).toBe(7 * 86_400_000);
    const times = items[0]?.times ?? [];
    expect(times).toHaveLength(7);
    expect(times.every(({ at, isLeftOut }) => at.endsWith('T07:00:00.000Z') && !isLeftOut)).toBe(true);
    // The same function says when it fires next.
    expect(times[0]?.at).toBe((await getSkill(deps(), 'daily')).nextRunAt);
  });

  it('shows what rests, and when it fires again', async () => {
    await schedule('rests', '0 7 * * *');
    const first = (await coming()).items[0]?.times[0]?.at ?? '';
    await updateSkill(deps(), 'rests', { triggerConfig: { pausedUntil: first } }, me);
    const { items } = await coming();
    expect(items[0]?.pausedUntil).toBe(first);
    expect(items[0]?.times.map(({ isLeftOut }) => isLeftOut)).toEqual([true, ...Array(6).fill(false)]);
    expect(items[0]?.times[1]?.at).toBe((await getSkill(deps(), 'rests')).nextRunAt);
  });

  it('names the first of one that fires all the time, and says that there are more', async () => {
    await schedule('busy', '* * * * *');
    const { items } = await coming();
    expect(items[0]?.times).toHaveLength(200);
    expect(items[0]?.isMore).toBe(true);
  });
});
