import { z } from 'zod';
import { slugSchema } from '../../contract/common.ts';
import { skillExportSchema, skillImportResultSchema, skillImportSchema } from '../../contract/skills.ts';
import { templateSchema } from '../../contract/templates.ts';
import { exportSkill } from '../../skills/export-skill.ts';
import { importSkill } from '../../skills/import-skill.ts';
import { listTemplates } from '../../skills/use-template.ts';
import { callerOf } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

const tags = ['skills'];

/** Skills as SKILL.md folders: out, in, and those that ship. */
export function skillFolderRoutes(app: App, { db, vault }: ServerDeps): void {
  const deps = { db, vault };

  app.get(
    '/api/v1/skills/:slug/export',
    {
      schema: {
        summary: 'Export a skill as a SKILL.md folder',
        description:
          'The format of agentskills.io; our steps and limits stand in its metadata. No secret is in it. `Accept: text/markdown` gets the SKILL.md itself.',
        tags,
        params: z.object({ slug: slugSchema }),
        response: {
          200: {
            description: 'The folder, or its SKILL.md',
            content: {
              'application/json': { schema: skillExportSchema },
              'text/markdown': { schema: z.string() },
            },
          },
        },
      },
    },
    async (request, reply) => {
      const folder = await exportSkill(deps, request.params.slug);
      reply.header('vary', 'accept');
      if (!/\btext\/markdown\b/i.test(request.headers.accept ?? '')) return reply.send(folder);
      return reply.type('text/markdown; charset=utf-8').send(folder.files['SKILL.md'] ?? '');
    },
  );

  app.post(
    '/api/v1/skills/import',
    {
      schema: {
        summary: 'Import a SKILL.md folder',
        description:
          'What was exported here comes back equal. A plain skill from elsewhere becomes a draft of one step. A slug that is taken is a conflict, unless `replace` is true.',
        tags,
        body: skillImportSchema,
        response: { 201: skillImportResultSchema },
      },
    },
    async (request, reply) => {
      const { files, text = '', replace } = request.body;
      const folder = files ?? { 'SKILL.md': text };
      const result = await importSkill(deps, folder, { actor: callerOf(request).actor, replace });
      return reply.code(201).header('location', `/api/v1/skills/${result.skill.slug}`).send(result);
    },
  );

  app.get(
    '/api/v1/templates',
    {
      schema: {
        summary: 'List the skills that ship, with the connections that they want',
        tags,
        response: { 200: z.object({ items: z.array(templateSchema) }) },
      },
    },
    async () => ({ items: await listTemplates(deps) }),
  );
}
