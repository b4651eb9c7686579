import { beforeEach, describe, expect, it } from 'vitest';
import { keepConnection, refusalOf } from '../../tests/helpers/skills.ts';
import { provideVault, type VaultBench } from '../../tests/helpers/vault-bench.ts';
import { type Skill, skillDefinitionSchema } from '../contract/skills.ts';
import { createSkill } from './create-skill.ts';
import { getSkill } from './get-skill.ts';
import { updateSkill } from './update-skill.ts';

let { db, vault } = {} as VaultBench;
provideVault(async (bench) => {
  ({ db, vault } = bench);
  await keepConnection(db, {
    name: 'files',
    tools: ['read_file', 'write_file'],
    off: { write_file: 'changed' },
  });
  await keepConnection(db, { name: 'off', tools: ['look'], isActive: false });
  await keepConnection(db, { name: 'fresh', tools: [] });
});
beforeEach(async () => {
  await db.prisma.skill.deleteMany();
});

const deps = () => ({ db, vault });
const me = { actor: 'owner', mayLoosen: true };

const create = (over: Record<string, unknown> = {}): Promise<Skill> => {
  const steps = [{ id: 1, prompt: 'Read {{file}}.', allowedTools: ['mcp__files__read_file'] }];
  return createSkill(
    deps(),
    skillDefinitionSchema.parse({ slug: 'report', name: 'Report', steps, ...over }),
    me,
  );
};
const step = (...allowedTools: string[]) => ({ steps: [{ id: 1, prompt: 'Go.', allowedTools }] });

describe('the tools that a skill names', () => {
  it.each([['mcp__files__read_file'], ['mcp__files__*'], ['mcp__fresh__*']])('may be %s', async (tool) =>
    expect(await create(step(tool))).toMatchObject({ version: 1 }),
  );

  it.each([
    ['mcp__nobody__read', 'no connection "nobody"'],
    ['mcp__nobody__*', 'no connection "nobody"'],
    ['mcp__files__delete_file', 'has no such tool'],
    ['mcp__files__READ_FILE', 'has no such tool'],
    ['mcp__files__write_file', 'its definition changed'],
    ['mcp__off__look', 'is switched off'],
    ['mcp__fresh__look', 'discover them first'],
  ])('may not be %s', async (tool, why) => {
    const { code, fields, error } = await refusalOf(create(step('mcp__files__read_file', tool)));
    expect({ code, fields }).toEqual({ code: 'E_UNKNOWN_TOOL', fields: ['/steps/0/allowedTools/1'] });
    expect(error.status).toBe(422);
    expect(error.message).toContain(`${tool}: `);
    expect(error.message).toContain(why);
    expect(await db.prisma.skill.count()).toBe(0);
  });

  it('are all named when several are wrong', async () => {
    const { error } = await refusalOf(create(step('mcp__a__x', 'mcp__files__read_file', 'mcp__files__y')));
    expect(error.message).toMatch(/mcp__a__x.*mcp__files__y/);
  });

  it('may be missing while the skill is a draft, and not when it stops being one', async () => {
    const draft = await create({ ...step('mcp__later__go'), isActive: false });
    expect(draft).toMatchObject({ isActive: false, connectionNames: ['later'] });
    expect(await refusalOf(updateSkill(deps(), 'report', { isActive: true }, me))).toMatchObject({
      code: 'E_UNKNOWN_TOOL',
    });
    expect(await getSkill(deps(), 'report')).toEqual(draft);
  });
});

describe('schemas and placeholders', () => {
  const inputSchema = {
    type: 'object',
    properties: { file: { type: 'string', format: 'uri' } },
    required: ['file'],
  };

  it('pass when they fit each other', async () => {
    expect(await create({ inputSchema })).toMatchObject({ inputSchema });
  });

  it('refuse a placeholder that the schema does not declare', async () => {
    const steps = [{ id: 1, prompt: 'Read {{flie}}.', allowedTools: [] }];
    expect(await refusalOf(create({ inputSchema, steps }))).toMatchObject({
      code: 'E_VALIDATION',
      fields: ['/steps/0/prompt'],
    });
  });

  it.each([
    ['an unknown type', { type: 'objekt' }],
    [
      'a reference to elsewhere',
      { type: 'object', properties: { a: { $ref: 'https://example.org/schema.json' } } },
    ],
    ['a broken pattern', { type: 'object', properties: { a: { type: 'string', pattern: '(' } } }],
    ['a reference to itself', { $ref: '#' }],
    [
      'a reference to itself in a round',
      { allOf: [{ $ref: '#/$defs/a' }], $defs: { a: { anyOf: [{ $ref: '#' }] } } },
    ],
    ['another draft', { $schema: 'http://json-schema.org/draft-04/schema#', type: 'object' }],
    ['something other than an object', { type: 'array' }],
    ['too much', { type: 'object', description: 'x'.repeat(100_001) }],
  ])('refuse an inputSchema with %s', async (_what, schema) => {
    const { code, fields } = await refusalOf(create({ ...step(), inputSchema: schema }));
    expect(code).toBe('E_VALIDATION');
    expect(fields?.[0]).toMatch(/^\/inputSchema/);
  });

  it('may describe trees', async () => {
    const tree = { type: 'object', properties: { leaves: { type: 'array', items: { $ref: '#' } } } };
    expect(await create({ ...step(), inputSchema: tree })).toMatchObject({ inputSchema: tree });
  });

  it('refuse an outputSchema that does not compile, and let two skills use one $id', async () => {
    const outputSchema = { $id: 'https://example.org/out', type: 'object' };
    await create({ steps: [{ id: 1, prompt: 'Go.', allowedTools: [], outputSchema }] });
    await create({ slug: 'other', steps: [{ id: 1, prompt: 'Go.', allowedTools: [], outputSchema }] });
    const wrong = [{ id: 1, prompt: 'Go.', allowedTools: [], outputSchema: { type: 1 } }];
    expect(await refusalOf(create({ slug: 'third', steps: wrong }))).toMatchObject({
      fields: ['/steps/0/outputSchema'],
    });
  });

  it('refuse a failure handler that is not there', async () => {
    expect(await refusalOf(create({ onFailureSkill: 'report' }))).toMatchObject({
      fields: ['/onFailureSkill'],
    });
    expect(await refusalOf(create({ onFailureSkill: 'nobody' }))).toMatchObject({
      fields: ['/onFailureSkill'],
    });
  });
});
