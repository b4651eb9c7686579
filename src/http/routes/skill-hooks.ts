/** A skill's webhook from its owner's side: where it is, a signed sample, and a test that starts nothing. */

import { operations } from '../../contract/operations.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { listSenders } from '../../triggers/list-senders.ts';
import { presentHook } from '../../triggers/present-hook.ts';
import { showHandshake } from '../../triggers/show-handshake.ts';
import { checkWebhook } from '../../triggers/webhook-check.ts';
import { findHookOfSkill, webhookConfigOf } from '../../triggers/webhook-row.ts';
import { sampleDelivery } from '../../triggers/webhook-sample.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import { may } from '../access/policy.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { publicAddress } from '../public-address.ts';

export function skillHookRoutes(app: App, deps: ServerDeps): void {
  /** What senders reach. */
  const base = (): string => publicAddress(app, deps.settings);

  route(app, operations.listSenders, async () => ({ items: listSenders() }));

  route(app, operations.showHook, async (request) =>
    presentHook(await findHookOfSkill(deps.db, request.params.slug), base()),
  );

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

  route(app, operations.showHandshake, async (request) => showHandshake(deps, request.params.slug));

  route(app, operations.testHook, async (request) =>
    checkWebhook(deps, request.params.slug, request.body, base()),
  );
}
