import { z } from 'zod';
import { executionStateSchema, vmStatusSchema } from '../core.ts';
import { endpoint } from '../endpoint.ts';
import { routes } from '../routes.ts';

export const statusApi = {
  readStatus: endpoint(routes.readStatus, {
    summary: 'How busy the VM is',
    tags: ['status'],
    responses: { 200: vmStatusSchema },
  }),
  getExecutionStatus: endpoint(routes.getExecutionStatus, {
    summary: 'How a run stands, without its content',
    tags: ['status'],
    params: z.object({ id: z.guid() }),
    responses: { 200: executionStateSchema },
  }),
};
