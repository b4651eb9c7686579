/** A skill's webhook from its owner's side: where it is, a signed sample, and a test that starts nothing. */

import { operations } from '../../contract/operations.ts';
import { defaultPerMinute } from '../../contract/triggers.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { checkWebhook } from '../../triggers/webhook-check.ts';
import { findHookOfSkill, webhookConfigOf } from '../../triggers/webhook-row.ts';
import { sampleDelivery } from '../../triggers/webhook-sample.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import { may } from '../access/policy.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

export function skillHookRoutes(app: App, deps: ServerDeps): void {
  /** What senders reach: the public address, or the one that the server listens on. Never what a request says of itself. */
  const base = (): string => {
    const { publicUrl, host, port } = deps.settings;
    if (publicUrl !== undefined) return publicUrl.replace(/\/+$/, '');
    const bound = app.server.address();
    const at = typeof bound === 'object' && bound !== null ? bound.port : port;
    return `http://${host.includes(':') ? `[${host}]` : host}:${at}`;
  };

  route(app, operations.showHook, async (request) => {
    const row = await findHookOfSkill(deps.db, request.params.slug);
    const { auth, response, dedupeBy = null, perMinute = defaultPerMinute } = webhookConfigOf(row);
    return {
      slug: row.slug,
      url: `${base()}/hooks/${row.slug}`,
      auth,
      response,
      dedupeBy,
      perMinute,
      isActive: row.isActive,
      hasSecret: row.triggerSecret !== null,
    };
  });

  route(app, operations.sampleDelivery, async (request) => {
    const { slug } = request.params;
    const { response } = webhookConfigOf(await findHookOfSkill(deps.db, slug));
    if (response === 'result' && !may(callerOf(request), 'sign for a hook that gives results')) {
      throw new AlfredError(
        'E_FORBIDDEN',
        `The hook of "${slug}" answers with the result: to sign for it needs the scope "read" as well`,
        { remedy: 'Use a token that has it; `npx alfred token create` makes one.' },
      );
    }
    return sampleDelivery(deps, slug, request.body, base());
  });

  route(app, operations.testHook, async (request) =>
    checkWebhook(deps, request.params.slug, request.body, base()),
  );
}
