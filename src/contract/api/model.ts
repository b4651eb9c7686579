import { endpoint } from '../endpoint.ts';
import { modelSchema, modelTestSchema } from '../model.ts';
import { routes } from '../routes.ts';

export const modelApi = {
  showModel: endpoint(routes.showModel, {
    summary: 'Which model answers, and where',
    tags: ['model'],
    responses: { 200: modelSchema },
  }),
  testModel: endpoint(routes.testModel, {
    summary: 'Try the model endpoint with one very short message',
    tags: ['model'],
    responses: { 200: modelTestSchema },
  }),
};
