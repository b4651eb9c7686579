import { z } from 'zod';
import { executionStateSchema, vmStatusSchema } from '../core.ts';
import { operation } from '../operation.ts';

export const statusOperations = {
  readStatus: operation('GET /api/v1/status', {
    access: 'read',
    core: 'status',
    summary: 'How busy the VM is',
    tags: ['status'],
    responses: { 200: vmStatusSchema },
  }),
  getExecutionStatus: operation('GET /api/v1/executions/:id/status', {
    access: 'read',
    core: 'status',
    summary: 'How a run stands, without its content',
    tags: ['status'],
    params: z.object({ id: z.guid() }),
    responses: { 200: executionStateSchema },
  }),
};
