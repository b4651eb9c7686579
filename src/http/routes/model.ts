import { readModelSettings, rehearsalModel } from '../../config/model-settings.ts';
import { operations } from '../../contract/operations.ts';
import { testModel } from '../../model/test-model.ts';
import { readTrouble } from '../../model/trouble.ts';
import { route } from '../../web/route.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { goneSignal } from '../gone-signal.ts';

export function modelRoutes(app: App, deps: ServerDeps): void {
  route(app, operations.showModel, async () => {
    const [{ model, rehearsal, baseUrl, hasApiKey }, trouble] = await Promise.all([
      readModelSettings(deps),
      readTrouble(deps),
    ]);
    return {
      model: rehearsal ? rehearsalModel : model,
      rehearsal,
      baseUrl,
      hasApiKey,
      trouble: rehearsal ? null : (trouble ?? null),
    };
  });

  route(app, operations.testModel, async (_request, reply) =>
    testModel(deps, { signal: goneSignal(app, reply) }),
  );
}
