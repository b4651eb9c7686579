import { modelSchema, modelTestSchema } from '../model.ts';
import { operation } from '../operation.ts';
import { routes } from '../routes.ts';

export const modelOperations = {
  showModel: operation(routes.showModel, {
    summary: 'Which model answers, and where',
    tags: ['model'],
    responses: { 200: modelSchema },
  }),
  testModel: operation(routes.testModel, {
    summary: 'Try the model endpoint with one very short message',
    tags: ['model'],
    responses: { 200: modelTestSchema },
  }),
};
