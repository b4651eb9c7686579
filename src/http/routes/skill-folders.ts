import { z } from 'zod';
import { slugSchema } from '../../contract/common.ts';
import { skillExportSchema, skillImportResultSchema, skillImportSchema } from '../../contract/skills.ts';
import { templateSchema, useTemplateSchema } from '../../contract/templates.ts';
import { exportSkill } from '../../skills/export-skill.ts';
import { importSkill } from '../../skills/import-skill.ts';
import { listTemplates, useTemplate } from '../../skills/use-template.ts';
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
          'The format of agentskills.io; our steps and limits stand in its metadata. No secret is in it.',
        tags,
        params: z.object({ slug: slugSchema }),
        response: { 200: skillExportSchema },
      },
    },
    async (request) => exportSkill(deps, request.params.slug),
  );

  app.post(
    '/api/v1/skills/import',
    {
      schema: {
        summary: 'Import a SKILL.md folder',
        description:
          'What was exported here comes back equal. A plain skill from elsewhere becomes a draft of one step.',
        tags,
        body: skillImportSchema,
        response: { 201: skillImportResultSchema },
      },
    },
    async (request, reply) => {
      const { files, replace } = request.body;
      const result = await importSkill(deps, files, { actor: callerOf(request).actor, replace });
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

  app.post(
    '/api/v1/templates/:id/skills',
    {
      schema: {
        summary: 'Make a skill from a template',
        description: 'A draft, while its connections are not there or do not offer its tools.',
        tags,
        params: z.object({ id: slugSchema }),
        body: useTemplateSchema,
        response: { 201: skillImportResultSchema },
      },
    },
    async (request, reply) => {
      const { actor } = callerOf(request);
      const result = await useTemplate(deps, request.params.id, { ...request.body, actor });
      return reply.code(201).header('location', `/api/v1/skills/${result.skill.slug}`).send(result);
    },
  );
}
