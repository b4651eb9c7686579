import { deleteConfig } from '../../config/delete-config.ts';
import { listConfig } from '../../config/list-config.ts';
import { listSettings } from '../../config/list-settings.ts';
import { putConfig } from '../../config/put-config.ts';
import { operations } from '../../contract/operations.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

export function configRoutes(app: App, { db, vault, settings: { model } }: ServerDeps): void {
  const deps = { db, vault };

  route(app, operations.listConfig, async ({ query: { limit, cursor = '' } }) => {
    // Some dozens of rows at the most, so the page is cut here.
    const after = (await listConfig(deps)).filter(({ key }) => key > cursor);
    const items = after.slice(0, limit);
    return { items, nextCursor: after.length > limit ? (items.at(-1)?.key ?? null) : null };
  });

  route(app, operations.getConfig, async ({ params: { key } }) => {
    const entry = (await listConfig(deps)).find((candidate) => candidate.key === key);
    if (!entry) throw new AlfredError('E_NOT_FOUND', `There is no config entry "${key}"`);
    return entry;
  });

  route(app, operations.putConfig, async (request) => {
    const { actor } = callerOf(request);
    const { key } = request.params;
    const entry = await putConfig(deps, key, request.body.value, { actor });
    if (key !== 'model' || model === undefined) return entry;
    const warning = `ALFRED_MODEL goes before it: ${model} is used until the VM is started without that.`;
    return { ...entry, warnings: [...(entry.warnings ?? []), warning] };
  });

  route(app, operations.listSettings, async () => ({ items: listSettings() }));

  route(app, operations.deleteConfig, async (request, reply) => {
    await deleteConfig(deps, request.params.key, { actor: callerOf(request).actor });
    return reply.code(204).send();
  });
}
