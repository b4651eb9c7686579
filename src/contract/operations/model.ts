import { modelSchema, modelTestSchema } from '../model.ts';
import { operation } from '../operation.ts';

export const modelOperations = {
  showModel: operation('GET /api/v1/model', {
    access: 'read',
    summary: 'Which model answers, and where',
    tags: ['model'],
    responses: { 200: modelSchema },
  }),
  testModel: operation('POST /api/v1/model/test', {
    access: 'admin',
    summary: 'Try the model endpoint with one very short message',
    tags: ['model'],
    responses: { 200: modelTestSchema },
  }),
};
