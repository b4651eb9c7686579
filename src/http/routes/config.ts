import { z } from 'zod';
import { deleteConfig } from '../../config/delete-config.ts';
import { listConfig } from '../../config/list-config.ts';
import { putConfig } from '../../config/put-config.ts';
import { pageOf, pageQuerySchema } from '../../contract/common.ts';
import { configEntrySchema, configKeySchema, putConfigSchema } from '../../contract/config.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { callerOf } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

const tags = ['config'];
const params = z.object({ key: configKeySchema });

export function configRoutes(app: App, { db, vault }: ServerDeps): void {
  const deps = { db, vault };

  app.get(
    '/api/v1/config',
    {
      schema: {
        summary: 'List settings, by key; of a secret only its fingerprint',
        tags,
        querystring: pageQuerySchema,
        response: { 200: pageOf(configEntrySchema) },
      },
    },
    async ({ query: { limit, cursor = '' } }) => {
      // Some dozens of rows at the most, so the page is cut here.
      const after = (await listConfig(deps)).filter(({ key }) => key > cursor);
      const items = after.slice(0, limit);
      return { items, nextCursor: after.length > limit ? (items.at(-1)?.key ?? null) : null };
    },
  );

  app.get(
    '/api/v1/config/:key',
    { schema: { summary: 'Show a setting', tags, params, response: { 200: configEntrySchema } } },
    async ({ params: { key } }) => {
      const entry = (await listConfig(deps)).find((candidate) => candidate.key === key);
      if (!entry) throw new AlfredError('E_NOT_FOUND', `There is no config entry "${key}"`);
      return entry;
    },
  );

  app.put(
    '/api/v1/config/:key',
    {
      schema: {
        summary: 'Put a setting',
        description:
          'Keys that end in `_secret`, `_key`, `_token` or `_password` (public keys aside) are sealed and never shown again. Another `model_base_url` drops `anthropic_api_key`. Entries of your own may have any name that is not one slip away from one the VM reads.',
        tags,
        params,
        body: putConfigSchema,
        response: { 200: configEntrySchema },
      },
    },
    async (request) => {
      const { actor } = callerOf(request);
      return putConfig(deps, request.params.key, request.body.value, { actor });
    },
  );

  app.delete(
    '/api/v1/config/:key',
    { schema: { summary: 'Delete a setting', tags, params, response: { 204: z.undefined() } } },
    async (request, reply) => {
      await deleteConfig(deps, request.params.key, { actor: callerOf(request).actor });
      return reply.code(204).send();
    },
  );
}
