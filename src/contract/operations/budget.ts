import { z } from 'zod';
import { budgetSchema, stopAllSchema, stopStateSchema } from '../budget.ts';
import { operation } from '../operation.ts';

export const budgetOperations = {
  readBudget: operation('GET /api/v1/budget', {
    access: 'read',
    summary: 'What was spent today and this month, and what the caps leave',
    tags: ['budget'],
    responses: { 200: budgetSchema },
  }),
  readStop: operation('GET /api/v1/stop-all', {
    access: 'read',
    summary: 'Whether everything is stopped',
    tags: ['budget'],
    responses: { 200: stopStateSchema },
  }),
  stopAll: operation('POST /api/v1/stop-all', {
    // Who may cancel one run may cancel all; to let them begin again is the owner's.
    access: 'run',
    records: ['stop_all.requested'],
    summary: 'Stop everything: the kill switch',
    description:
      'Cancels every execution that has not ended, and keeps schedules, webhooks, chat and other programs’ tokens from starting others (E_STOPPED, 503) until DELETE. The owner may still run a skill by hand.',
    tags: ['budget'],
    responses: { 200: stopAllSchema },
  }),
  goOn: operation('DELETE /api/v1/stop-all', {
    access: 'admin',
    records: ['stop_all.ended'],
    summary: 'Go on: let triggers start runs again',
    tags: ['budget'],
    responses: { 204: z.undefined().describe('Nothing is stopped any more') },
  }),
};
