import { z } from 'zod';
import { budgetSchema, stopAllSchema, stopStateSchema } from '../budget.ts';
import { operation } from '../operation.ts';
import { routes } from '../routes.ts';

export const budgetOperations = {
  readBudget: operation(routes.readBudget, {
    summary: 'What was spent today and this month, and what the caps leave',
    tags: ['budget'],
    responses: { 200: budgetSchema },
  }),
  readStop: operation(routes.readStop, {
    summary: 'Whether everything is stopped',
    tags: ['budget'],
    responses: { 200: stopStateSchema },
  }),
  stopAll: operation(routes.stopAll, {
    summary: 'Stop everything: the kill switch',
    description:
      'Cancels every execution that has not ended, and keeps schedules, webhooks, chat and other programs’ tokens from starting others (E_STOPPED, 503) until DELETE. The owner may still run a skill by hand.',
    tags: ['budget'],
    responses: { 200: stopAllSchema },
  }),
  goOn: operation(routes.goOn, {
    summary: 'Go on: let triggers start runs again',
    tags: ['budget'],
    responses: { 204: z.undefined().describe('Nothing is stopped any more') },
  }),
};
