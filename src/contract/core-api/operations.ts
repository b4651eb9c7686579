/** Core's own API: each operation with its place and its shape, by its name. Its server and the client of its page are made from it. */
import { z } from 'zod';
import { backupStateSchema } from '../backups.ts';
import { coreScopeSchema, defaultCoreScopes } from '../core.ts';
import { alertsSchema, alertsTestedSchema } from '../core-alerts.ts';
import { expiringTokenSchema } from '../core-people.ts';
import {
  enrolmentEntrySchema,
  fleetQuerySchema,
  fleetSchema,
  historyQuerySchema,
  historySchema,
  vmChangeSchema,
  vmEntrySchema,
  vmLabelSchema,
  vmsChangedSchema,
  vmsChangeSchema,
} from '../fleet.ts';
import { type Operation, operation } from '../operation.ts';
import { billOperations } from './bills.ts';
import { idParams, itemsOf, nothing } from './parts.ts';
import { peopleOperations } from './people.ts';
import { vmOperations } from './vms.ts';

const fleetOperations = {
  listVms: operation('GET /v1/vms', {
    summary: 'The VMs of the caller; of all for the operator',
    query: fleetQuerySchema.pick({ limit: true, offset: true }),
    responses: { 200: itemsOf(vmEntrySchema) },
  }),
  changeVm: operation('PATCH /v1/vms/:id', {
    summary:
      'Rename a VM; for the provider, suspend it, hand it to a user, or settle that a copy of it reported',
    params: idParams,
    body: vmChangeSchema,
    responses: nothing,
  }),
  changeVms: operation('POST /v1/vms/changes', {
    summary: 'Suspend, hand over, settle or retire many VMs at once',
    description: 'All of those that are there in one go, and which of them. Each is an act on record.',
    body: vmsChangeSchema,
    responses: { 200: vmsChangedSchema },
  }),
  readHistory: operation('GET /v1/vms/:id/history', {
    summary: 'What a VM reported, by day or by month',
    description: 'Days and months are in UTC. A user is told of the time in which the VM was theirs.',
    params: idParams,
    query: historyQuerySchema,
    responses: { 200: historySchema },
  }),
  retireVm: operation('POST /v1/vms/:id/retire', {
    summary: 'Retire a VM',
    description: 'Nothing is taken from it any more, and it is in no list. What it was billed stays.',
    params: idParams,
    responses: nothing,
  }),
  openVm: operation('POST /v1/vms/:id/access', {
    summary: "A token for a VM of the caller's own",
    params: idParams,
    body: z
      .strictObject({
        scopes: z
          .array(coreScopeSchema)
          .min(1)
          .max(3)
          .default([...defaultCoreScopes]),
      })
      .default({ scopes: [...defaultCoreScopes] }),
    responses: { 200: expiringTokenSchema.extend({ scopes: z.array(coreScopeSchema) }) },
  }),
  createEnrolment: operation('POST /v1/enrollments', {
    summary: 'A token that enrols one VM',
    description:
      'With `replaces` the new VM takes the name and the owner of that one, which is retired when it enrols.',
    body: z
      .strictObject({
        label: vmLabelSchema.default(''),
        userId: z.guid().lowercase().optional(),
        replaces: z.guid().lowercase().optional(),
      })
      .default({ label: '' }),
    responses: { 201: expiringTokenSchema.extend({ id: z.guid() }) },
  }),
  listEnrolments: operation('GET /v1/enrollments', {
    summary: 'The enrolment tokens that were not used, without themselves',
    responses: { 200: itemsOf(enrolmentEntrySchema) },
  }),
  withdrawEnrolment: operation('DELETE /v1/enrollments/:id', {
    summary: 'Withdraw an enrolment token that was not used',
    params: idParams,
    responses: nothing,
  }),
  readFleet: operation('GET /v1/fleet', {
    summary: 'The VMs, what needs somebody first, with what is billed of each with a month',
    query: fleetQuerySchema,
    responses: { 200: fleetSchema },
  }),
};

const serviceOperations = {
  readMetrics: operation('GET /metrics', {
    summary: 'How Core and its fleet do, for Prometheus',
    description:
      'The text format of Prometheus, for the operator and tokens of the role `metrics`. Numbers alone: no VM and no user is named.',
    responses: { 200: { content: { 'text/plain': { schema: z.string() } } } },
  }),
  readAlerts: operation('GET /v1/alerts', {
    summary: 'What somebody must see to, and the ways by which it is told',
    responses: { 200: alertsSchema },
  }),
  readBackups: operation('GET /v1/backups', {
    summary: 'How the backups of Core stand: when the last was made, and whether one is missing',
    responses: { 200: backupStateSchema },
  }),
  testAlerts: operation('POST /v1/alerts/test', {
    summary: 'Send a test by every way that alerts are told',
    responses: { 200: alertsTestedSchema },
  }),
};

export const coreApiOperations = {
  ...vmOperations,
  ...fleetOperations,
  ...billOperations,
  ...serviceOperations,
  ...peopleOperations,
} satisfies Record<string, Operation>;

export type CoreApiOperations = typeof coreApiOperations;
