/** What Core's API has of bills: totals by day and month, months that close, corrections. */
import { z } from 'zod';
import {
  billingSchema,
  closedMonthSchema,
  closedMonthsSchema,
  correctionSchema,
  monthSchema,
} from '../fleet.ts';
import { operation } from '../operation.ts';

const monthParams = z.object({ month: monthSchema });

export const billOperations = {
  readBilling: operation('GET /v1/billing', {
    summary: 'The bills by VM and month',
    description:
      'Months are in UTC. `from` alone goes on to this month, `to` alone is that month, and nothing is this month.',
    query: z.strictObject({ from: monthSchema.optional(), to: monthSchema.optional() }),
    responses: { 200: billingSchema },
  }),
  exportBills: operation('GET /v1/billing/:month/export', {
    summary: "A month's bills by day, as a file",
    description:
      'Of each day (UTC), customer and VM one line: `month`, `day_utc`, `customer_number`, `login`, `vm_id`, `vm_label`, `kind`, `executions`, `duration_ms`, `tokens`. Their sum is the bill.',
    params: monthParams,
    query: z.strictObject({ format: z.enum(['csv', 'ndjson']).default('csv') }),
    responses: {
      200: {
        content: { 'text/csv': { schema: z.string() }, 'application/x-ndjson': { schema: z.string() } },
      },
    },
  }),
  listClosedMonths: operation('GET /v1/months', {
    summary: 'The months that change no more',
    responses: { 200: closedMonthsSchema },
  }),
  closeMonth: operation('POST /v1/months/:month/close', {
    summary: 'Close a month: its totals change no more',
    description:
      'What is reported of it later, and what is corrected, is billed with the month in which that happens.',
    params: monthParams,
    responses: { 201: closedMonthSchema },
  }),
  correctBill: operation('POST /v1/corrections', {
    summary: "Add an entry to a VM's bill, or take something off it",
    body: correctionSchema,
    responses: { 201: z.object({ id: z.guid(), billedIn: monthSchema }) },
  }),
};
