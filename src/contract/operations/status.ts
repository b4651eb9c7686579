import { z } from 'zod';
import { executionStateSchema, vmStatusSchema } from '../core.ts';
import { operation } from '../operation.ts';
import { routes } from '../routes.ts';

export const statusOperations = {
  readStatus: operation(routes.readStatus, {
    summary: 'How busy the VM is',
    tags: ['status'],
    responses: { 200: vmStatusSchema },
  }),
  getExecutionStatus: operation(routes.getExecutionStatus, {
    summary: 'How a run stands, without its content',
    tags: ['status'],
    params: z.object({ id: z.guid() }),
    responses: { 200: executionStateSchema },
  }),
};
