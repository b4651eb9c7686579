/** The link to Core: what it is, what was told, and what will be told next. */

import { operations } from '../../contract/operations.ts';
import { linkToCore } from '../../core-link/link-to-core.ts';
import { previewReport } from '../../core-link/preview-report.ts';
import { listReports, showLink } from '../../core-link/show-link.ts';
import { unlinkFromCore } from '../../core-link/unlink.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

export function coreRoutes(app: App, deps: ServerDeps): void {
  const { reporter } = deps;

  route(app, operations.showCore, async () => showLink(deps));

  route(app, operations.linkCore, async (request, reply) => {
    const { actor } = callerOf(request);
    await reporter.exclusively(() => linkToCore(deps, request.body, actor));
    return reply.code(201).send(await showLink(deps));
  });

  route(app, operations.unlinkCore, async (request) => {
    const { actor } = callerOf(request);
    return { abandonedReports: await reporter.exclusively(() => unlinkFromCore(deps, actor)) };
  });

  route(app, operations.listCoreReports, async (request) => listReports(deps, request.query));

  route(app, operations.previewCoreReport, async () => reporter.exclusively(() => previewReport(deps)));

  route(app, operations.reconcileCore, async (request) => reporter.reconcile(callerOf(request).actor));

  route(app, operations.reportToCore, async () => reporter.reportNow());
}
