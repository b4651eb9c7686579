import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTestServer, type TestServer } from '../../../tests/helpers/http.ts';
import { skillExportSchema, skillImportResultSchema, skillSchema } from '../../contract/skills.ts';
import { templateSchema } from '../../contract/templates.ts';

const program = (name: string) =>
  path.resolve(import.meta.dirname, `../../../node_modules/@modelcontextprotocol/${name}/dist/index.js`);

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer({ withPool: true });
});
afterAll(() => server.close());

const skill = {
  slug: 'tidy',
  name: 'Tidy up',
  description: 'Says what lies about.',
  steps: [
    { id: 1, prompt: 'Look into {{folder}}.\n', allowedTools: [] },
    { id: 2, prompt: 'Say it.', guidance: 'In one line.', allowedTools: [], maxTurns: 3 },
  ],
  inputSchema: { type: 'object', properties: { folder: { type: 'string', default: '.' } } },
  maxCostUsd: 0.25,
};

const importFolder = async (files: Record<string, string>, more: object = {}) => {
  const answer = await server.send('POST', '/api/v1/skills/import', { files, ...more });
  expect(answer.status, answer.text).toBe(201);
  return skillImportResultSchema.parse(answer.body);
};

describe('a SKILL.md folder', () => {
  it('goes out and comes back equal, as a new version where it is asked for', async () => {
    const created = skillSchema.parse((await server.send('POST', '/api/v1/skills', skill)).body);
    const { name, files } = skillExportSchema.parse(
      (await server.send('GET', '/api/v1/skills/tidy/export')).body,
    );
    expect(name).toBe('tidy');

    expect((await server.send('POST', '/api/v1/skills/import', { files })).status).toBe(409);
    await server.send('PATCH', '/api/v1/skills/tidy', { model: 'opus', name: 'Other' });
    const back = (await importFolder(files, { replace: true })).skill;
    const definition = ({
      steps,
      name,
      description,
      inputSchema,
      model,
      maxCostUsd,
      triggerType,
    }: typeof back) => ({
      ...{ steps, name, description, inputSchema, model, maxCostUsd, triggerType },
    });
    expect(definition(back)).toEqual(definition(created));
    expect(back.version).toBe(3);
  });

  it('from elsewhere becomes a draft, and so does one whose tools are not here', async () => {
    const plain = await importFolder({
      'SKILL.md': '---\nname: plain\ndescription: x\nallowed-tools: Bash\n---\nDo it.',
    });
    expect(plain).toMatchObject({
      skill: { slug: 'plain', isActive: false, source: 'import' },
      warnings: [expect.any(String)],
    });
    const foreign = await importFolder({
      'SKILL.md': '---\nname: foreign\ndescription: x\nallowed-tools: mcp__nowhere__x\n---\nDo it.',
    });
    expect(foreign.skill.isActive).toBe(false);
  });

  it('that cannot be read is refused by its field', async () => {
    for (const files of [{}, { 'SKILL.md': 'no frontmatter' }, { 'SKILL.md': '---\nname: [\n---\n' }]) {
      const answer = await server.send('POST', '/api/v1/skills/import', { files });
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({
        code: 'E_VALIDATION',
        errors: [{ field: expect.stringContaining('/files') }],
      });
    }
  });
});

describe('templates', () => {
  it('become drafts until their connections are there, and active skills then', async () => {
    const listed = z
      .object({ items: z.array(templateSchema) })
      .parse((await server.send('GET', '/api/v1/templates')).body);
    expect(listed.items.find(({ id }) => id === 'remember-this')?.connections).toMatchObject([
      { name: 'memory', exists: false },
    ]);

    const make = (slug?: string) =>
      server.send('POST', '/api/v1/templates/remember-this/skills', slug === undefined ? {} : { slug });
    const draft = skillImportResultSchema.parse((await make()).body);
    expect(draft).toMatchObject({ skill: { slug: 'remember-this', isActive: false, source: 'template' } });
    expect(draft.warnings.join()).toContain('"memory"');

    const connection = {
      name: 'memory',
      type: 'mcp_stdio',
      config: { command: process.execPath, args: [program('server-memory')] },
    };
    await server.send('POST', '/api/v1/connections', connection);
    await server.send('POST', '/api/v1/connections/memory/discover');
    expect(skillImportResultSchema.parse((await make('remember')).body)).toMatchObject({
      skill: { slug: 'remember', isActive: true, triggerType: 'chat' },
      warnings: [],
    });
    expect((await server.send('POST', '/api/v1/templates/no-such/skills', {})).status).toBe(404);
  });
});
