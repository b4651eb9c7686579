import { readModelSettings, rehearsalModel } from '../../config/model-settings.ts';
import { modelSchema, modelTestSchema } from '../../contract/model.ts';
import { testModel } from '../../runner/test-model.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { goneSignal } from '../gone-signal.ts';

export function modelRoutes(app: App, deps: ServerDeps): void {
  app.get(
    '/api/v1/model',
    {
      schema: { summary: 'Which model answers, and where', tags: ['model'], response: { 200: modelSchema } },
    },
    async () => {
      const { model, rehearsal, baseUrl, hasApiKey } = await readModelSettings(deps);
      return { model: rehearsal ? rehearsalModel : model, rehearsal, baseUrl, hasApiKey };
    },
  );

  app.post(
    '/api/v1/model/test',
    {
      schema: {
        summary: 'Try the model endpoint with one very short message',
        tags: ['model'],
        response: { 200: modelTestSchema },
      },
    },
    async (_request, reply) => testModel(deps, { signal: goneSignal(app, reply) }),
  );
}
