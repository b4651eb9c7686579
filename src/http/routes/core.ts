/** The link to Core: what it is, what was told, and what will be told next. */
import { z } from 'zod';
import { pageOf, pageQuerySchema } from '../../contract/common.ts';
import {
  coreLinkSchema,
  corePreviewSchema,
  coreReportSchema,
  keptReportSchema,
  linkInputSchema,
} from '../../contract/core.ts';
import { linkToCore } from '../../core-link/link-to-core.ts';
import { previewReport } from '../../core-link/preview-report.ts';
import { listReports, showLink } from '../../core-link/show-link.ts';
import { unlinkFromCore } from '../../core-link/unlink.ts';
import { callerOf } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

const tags = ['core'];

export function coreRoutes(app: App, deps: ServerDeps): void {
  const { reporter } = deps;

  app.get(
    '/api/v1/core',
    {
      schema: {
        summary: 'The link to Core, and the totals it was told',
        tags,
        response: { 200: coreLinkSchema },
      },
    },
    async () => showLink(deps),
  );

  app.post(
    '/api/v1/core/link',
    {
      schema: {
        summary: 'Enrol at a Core',
        description:
          'Core is sent the one-time token and a bcrypt hash of `vm_auth_secret`, and nothing else; its key is pinned. Every live execution that ended counts, those from before the link too.',
        tags,
        body: linkInputSchema,
        response: { 201: coreLinkSchema },
      },
    },
    async (request, reply) => {
      const { actor } = callerOf(request);
      await reporter.exclusively(() => linkToCore(deps, request.body, actor));
      return reply.code(201).send(await showLink(deps));
    },
  );

  app.delete(
    '/api/v1/core/link',
    {
      schema: {
        summary: 'End the link',
        description:
          'The pinned key goes, `vm_auth_secret` is made anew, and reports that were not acknowledged are never sent.',
        tags,
        response: { 200: z.object({ abandonedReports: z.int() }) },
      },
    },
    async (request) => {
      const { actor } = callerOf(request);
      return { abandonedReports: await reporter.exclusively(() => unlinkFromCore(deps, actor)) };
    },
  );

  app.get(
    '/api/v1/core/reports',
    {
      schema: {
        summary: 'The exact bytes of every report, the newest first',
        tags,
        querystring: pageQuerySchema.extend({ cursor: z.guid().optional() }),
        response: { 200: pageOf(keptReportSchema) },
      },
    },
    async (request) => listReports(deps, request.query),
  );

  app.post(
    '/api/v1/core/preview',
    {
      schema: {
        summary: 'The next report, byte for byte',
        description:
          'With a link, the report is made by this and kept: these bytes go out next. Without one it is an example, and nothing is kept.',
        tags,
        response: { 200: corePreviewSchema },
      },
    },
    async () => reporter.exclusively(() => previewReport(deps)),
  );

  app.post(
    '/api/v1/core/report',
    { schema: { summary: 'Report now', tags, response: { 200: coreReportSchema } } },
    async () => reporter.reportNow(),
  );
}
