import { operations } from '../../contract/operations.ts';
import { exportSkill } from '../../skills/export-skill.ts';
import { importSkill, previewImport } from '../../skills/import-skill.ts';
import { listTemplates } from '../../skills/use-template.ts';
import { route } from '../../web/route.ts';
import { authorOf } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

/** Skills as SKILL.md folders: out, in, and those that ship. */
export function skillFolderRoutes(app: App, { db, vault }: ServerDeps): void {
  const deps = { db, vault };

  route(app, operations.exportSkill, async (request, reply) => {
    const folder = await exportSkill(deps, request.params.slug);
    reply.header('vary', 'accept');
    if (!/\btext\/markdown\b/i.test(request.headers.accept ?? '')) return reply.send(folder);
    return reply.type('text/markdown; charset=utf-8').send(folder.files['SKILL.md'] ?? '');
  });

  route(app, operations.importSkill, async (request, reply) => {
    const { files, text = '', replace, slug, preview } = request.body;
    const folder = files ?? { 'SKILL.md': text };
    if (preview) return reply.send(await previewImport(deps, folder, slug));
    const result = await importSkill(deps, folder, { ...authorOf(request), replace, slug });
    return reply.code(201).header('location', `/api/v1/skills/${result.skill.slug}`).send(result);
  });

  route(app, operations.listTemplates, async () => ({ items: await listTemplates(deps) }));
}
