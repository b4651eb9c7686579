/** Core's own API: each operation with its place and its shape, by its name. Its server and the client of its page are made from it. */
import { z } from 'zod';
import { backupStateSchema } from '../backups.ts';
import {
  anchorSchema,
  anchorsSchema,
  coreScopeSchema,
  defaultCoreScopes,
  enrolledVmSchema,
  enrolVmSchema,
  lastReportSchema,
  metricReportSchema,
  takenReportSchema,
  vmBearerSchema,
} from '../core.ts';
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
import { type CoreRouteName, coreRoutes } from './routes.ts';

const vmOperations = {
  enrolVm: operation(coreRoutes.enrolVm, {
    summary: 'Enrol with a token that works once',
    body: enrolVmSchema,
    responses: { 201: enrolledVmSchema },
  }),
  proveVm: operation(coreRoutes.proveVm, {
    summary: "A bearer for a VM's reports, against its own secret",
    params: idParams,
    responses: { 200: vmBearerSchema },
  }),
  storeReport: operation(coreRoutes.storeReport, {
    summary: 'Take a report; 200 for one that is here already',
    params: idParams,
    body: metricReportSchema,
    responses: { 200: takenReportSchema, 201: takenReportSchema },
  }),
  readLastReport: operation(coreRoutes.readLastReport, {
    summary: "How far a VM's reports go: for one whose database was set back",
    params: idParams,
    responses: { 200: lastReportSchema },
  }),
  storeAnchor: operation(coreRoutes.storeAnchor, {
    summary: "Take the head of a VM's audit chain; 200 for one that is here already",
    params: idParams,
    body: anchorSchema,
    responses: { 200: z.object({}), 201: z.object({}) },
  }),
  listAnchors: operation(coreRoutes.listAnchors, {
    summary: "What is kept of a VM's audit chain",
    params: idParams,
    responses: { 200: anchorsSchema },
  }),
};

const fleetOperations = {
  listVms: operation(coreRoutes.listVms, {
    summary: 'The VMs of the caller; of all for the operator',
    query: fleetQuerySchema.pick({ limit: true, offset: true }),
    responses: { 200: itemsOf(vmEntrySchema) },
  }),
  changeVm: operation(coreRoutes.changeVm, {
    summary:
      'Rename a VM; for the provider, suspend it, hand it to a user, or settle that a copy of it reported',
    params: idParams,
    body: vmChangeSchema,
    responses: nothing,
  }),
  changeVms: operation(coreRoutes.changeVms, {
    summary: 'Suspend, hand over, settle or retire many VMs at once',
    description: 'All of those that are there in one go, and which of them. Each is an act on record.',
    body: vmsChangeSchema,
    responses: { 200: vmsChangedSchema },
  }),
  readHistory: operation(coreRoutes.readHistory, {
    summary: 'What a VM reported, by day or by month',
    description: 'Days and months are in UTC. A user is told of the time in which the VM was theirs.',
    params: idParams,
    query: historyQuerySchema,
    responses: { 200: historySchema },
  }),
  retireVm: operation(coreRoutes.retireVm, {
    summary: 'Retire a VM',
    description: 'Nothing is taken from it any more, and it is in no list. What it was billed stays.',
    params: idParams,
    responses: nothing,
  }),
  openVm: operation(coreRoutes.openVm, {
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
  createEnrolment: operation(coreRoutes.createEnrolment, {
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
  listEnrolments: operation(coreRoutes.listEnrolments, {
    summary: 'The enrolment tokens that were not used, without themselves',
    responses: { 200: itemsOf(enrolmentEntrySchema) },
  }),
  withdrawEnrolment: operation(coreRoutes.withdrawEnrolment, {
    summary: 'Withdraw an enrolment token that was not used',
    params: idParams,
    responses: nothing,
  }),
  readFleet: operation(coreRoutes.readFleet, {
    summary: 'The VMs, what needs somebody first, with what is billed of each with a month',
    query: fleetQuerySchema,
    responses: { 200: fleetSchema },
  }),
};

const serviceOperations = {
  readMetrics: operation(coreRoutes.readMetrics, {
    summary: 'How Core and its fleet do, for Prometheus',
    description:
      'The text format of Prometheus, for the operator and tokens of the role `metrics`. Numbers alone: no VM and no user is named.',
    responses: { 200: { content: { 'text/plain': { schema: z.string() } } } },
  }),
  readAlerts: operation(coreRoutes.readAlerts, {
    summary: 'What somebody must see to, and the ways by which it is told',
    responses: { 200: alertsSchema },
  }),
  readBackups: operation(coreRoutes.readBackups, {
    summary: 'How the backups of Core stand: when the last was made, and whether one is missing',
    responses: { 200: backupStateSchema },
  }),
  testAlerts: operation(coreRoutes.testAlerts, {
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
} satisfies Record<CoreRouteName, Operation>;

export type CoreApiOperations = typeof coreApiOperations;
