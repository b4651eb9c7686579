import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTestServer, type TestServer } from '../../../tests/helpers/http.ts';
import {
  newSkillResultSchema,
  skillExportSchema,
  skillImportResultSchema,
  skillSchema,
} from '../../contract/skills.ts';
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
      steps,
      name,
      description,
      inputSchema,
      model,
      maxCostUsd,
      triggerType,
    });
    expect(definition(back)).toEqual(definition(created));
    expect(back.version).toBe(3);
  });

  it('has the files beside it read and given back; what a later one lacks is gone', async () => {
    const text = (version: string) =>
      `---\nname: filed\ndescription: x\nmetadata: { ${version}: 1 }\n---\nSee references/a.md.`;
    const files = { 'SKILL.md': text('one'), 'references/a.md': 'A', 'references/b.md': 'B' };
    const first = await importFolder(files);
    expect(first).toMatchObject({
      skill: { files: { 'references/a.md': 'A', 'references/b.md': 'B' } },
      warnings: [],
    });
    const exported = await server.send('GET', '/api/v1/skills/filed/export');
    expect(skillExportSchema.parse(exported.body).files).toMatchObject({ 'references/a.md': 'A' });
    const listed = await server.send('GET', '/api/v1/skills');
    expect(listed.text).not.toContain('references/a.md":');

    const second = await importFolder(
      { 'SKILL.md': text('two'), 'references/a.md': 'A2' },
      { replace: true },
    );
    expect(second.skill).toMatchObject({ version: 2, frontmatter: { metadata: { two: 1 } } });
    expect(second.skill.files).toEqual({ 'references/a.md': 'A2' });
    expect(second.skill.frontmatter?.metadata).toEqual({ two: 1 });
    const removed = await server.send('PATCH', '/api/v1/skills/filed', {
      files: { 'references/a.md': null },
    });
    expect(removed.body).toMatchObject({ version: 3, files: {} });
    const wrong = await server.send('PATCH', '/api/v1/skills/filed', { files: { '../x.md': 'x' } });
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ field: '/files/..~1x.md' }] } });
  });

  it('is the SKILL.md itself for who asks for markdown, and comes in as text', async () => {
    const text = await server.send('GET', '/api/v1/skills/tidy/export', undefined, {
      headers: { accept: 'text/markdown, application/json;q=0.5' },
    });
    expect(text.headers['content-type']).toBe('text/markdown; charset=utf-8');
    expect(text.text).toMatch(/^---\nname: tidy\n/);
    const send = (body: object) => server.send('POST', '/api/v1/skills/import', body);
    const copy = text.text.replace('name: tidy', 'name: tidy-copy');
    const back = await send({ text: copy });
    expect(skillImportResultSchema.parse(back.body)).toMatchObject({
      skill: { slug: 'tidy-copy', isActive: true, source: 'import' },
      warnings: [],
    });
    for (const body of [{}, { text: copy, files: { 'SKILL.md': copy } }]) {
      expect(await send(body)).toMatchObject({ status: 422, body: { errors: [{ field: '/files' }] } });
    }
  });

  it('is bounded in size and number', async () => {
    const many = Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`${n}.md`, '']));
    expect((await server.send('POST', '/api/v1/skills/import', { files: many })).status).toBe(422);
    const large = { files: { 'SKILL.md': 'x'.repeat(1_100_000) } };
    expect((await server.send('POST', '/api/v1/skills/import', large)).status).toBe(413);
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
  const make = (id: string, fields: object = {}) =>
    server.send('POST', '/api/v1/skills', { from: id, ...fields });

  it('become drafts until their connections are there, and active skills then', async () => {
    const wanted = async () => {
      const { body } = await server.send('GET', '/api/v1/templates');
      const { items } = z.object({ items: z.array(templateSchema) }).parse(body);
      return items.find(({ id }) => id === 'remember-this')?.connections;
    };
    expect(await wanted()).toMatchObject([{ name: 'memory', exists: false, fits: [] }]);

    const draft = newSkillResultSchema.parse((await make('remember-this')).body);
    expect(draft).toMatchObject({ slug: 'remember-this', isActive: false, source: 'template' });
    expect(draft.warnings?.[0]).toBe(
      'add the connection "memory", which keeps the facts: npx -y @modelcontextprotocol/server-memory',
    );
    expect(draft.warnings).toHaveLength(2);

    const connection = {
      name: 'memory',
      type: 'mcp_stdio',
      config: { command: process.execPath, args: [program('server-memory')] },
    };
    await server.send('POST', '/api/v1/connections', connection);
    expect(await wanted()).toMatchObject([{ name: 'memory', exists: true, fits: [] }]);
    const undiscovered = newSkillResultSchema.parse((await make('remember-this', { slug: 'early' })).body);
    expect(undiscovered.isActive).toBe(false);
    expect(undiscovered.warnings?.join()).toContain('discover them first');

    await server.send('POST', '/api/v1/connections/memory/discover');
    expect(await wanted()).toMatchObject([{ fits: ['memory'] }]);
    await server.send('POST', '/api/v1/connections', { ...connection, name: 'another' });
    await server.send('POST', '/api/v1/connections/another/discover');
    // What was connected last comes first.
    expect(await wanted()).toMatchObject([{ exists: true, fits: ['another', 'memory'] }]);
    const active = await make('remember-this', { slug: 'remember' });
    expect(active.status).toBe(201);
    expect(active.headers.location).toBe('/api/v1/skills/remember');
    expect(newSkillResultSchema.parse(active.body)).toMatchObject({
      slug: 'remember',
      isActive: true,
      triggerType: 'chat',
      warnings: [],
    });
    const row = await server.db.prisma.skill.findUniqueOrThrow({ where: { slug: 'remember' } });
    expect(row).toMatchObject({ source: 'template', templateId: 'remember-this' });
  });

  it('give way to the fields that are sent along', async () => {
    const made = await make('issue-to-summary', { slug: 'sums', name: 'Sums', triggerType: 'manual' });
    expect(made.body).toMatchObject({ slug: 'sums', name: 'Sums', triggerType: 'manual', triggerConfig: {} });
    const hook = newSkillResultSchema.parse((await make('issue-to-summary')).body);
    expect(hook.triggerConfig).toMatchObject({ auth: 'standard', secret: expect.stringMatching(/^whsec_/) });
  });

  it('take other connections in the place of their own', async () => {
    const made = newSkillResultSchema.parse(
      (await make('morning-briefing', { connections: { files: 'papers' } })).body,
    );
    expect(made.connectionNames).toEqual(['memory', 'papers']);
    expect(JSON.stringify(made.steps)).not.toContain('mcp__files__');
    expect(made.warnings?.[0]).toMatch(/^add the connection "papers", which reads your notes/);
    const wrong = await make('morning-briefing', { slug: 'other', connections: { mail: 'papers' } });
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ field: '/connections/mail' }] } });
  });

  it('that are not there, or with fields that are wrong, make nothing', async () => {
    expect((await make('no-such')).status).toBe(404);
    expect((await make('issue-to-summary')).status).toBe(409);
    const fields = async (body: object) => {
      const answer = await server.send('POST', '/api/v1/skills', body);
      expect(answer.status, answer.text).toBe(422);
      return (answer.body as { errors: { field: string }[] }).errors.map(({ field }) => field);
    };
    expect(await fields({ from: 7 })).toEqual(['/from']);
    expect(await fields({ from: 'issue-to-summary', slug: 'x1', steps: 'many' })).toEqual(['/steps']);
    expect(await fields({ from: 'issue-to-summary', slug: 'x1', nonsense: 1 })).toEqual(['/nonsense']);
    expect(await fields({ ...skill, nonsense: 1 })).toEqual(['/nonsense']);
  });
});
