/** Core's own API: each operation with its place and its shape, by its name. Its server and the client of its page are made from it. */
import { z } from 'zod';
import {
  anchorSchema,
  anchorsSchema,
  coreScopeSchema,
  defaultCoreScopes,
  enrolledVmSchema,
  enrolVmSchema,
  lastReportSchema,
  metricReportSchema,
  vmBearerSchema,
} from '../core.ts';
import {
  billingEntrySchema,
  coreOperatorSignInSchema,
  coreSessionSchema,
  coreSignInSchema,
  coreUserSchema,
  expiringTokenSchema,
  fleetEntrySchema,
  monthSchema,
  newCoreUserSchema,
  vmEntrySchema,
  vmLabelSchema,
} from '../fleet.ts';
import { type Operation, operation } from '../operation.ts';
import { type CoreRouteName, coreRoutes } from './routes.ts';

const vmParams = z.object({ id: z.guid().lowercase() });
const itemsOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item) });
const nothing = { 204: z.undefined() };

const vmOperations = {
  enrolVm: operation(coreRoutes.enrolVm, {
    summary: 'Enrol with a token that works once',
    body: enrolVmSchema,
    responses: { 201: enrolledVmSchema },
  }),
  proveVm: operation(coreRoutes.proveVm, {
    summary: "A bearer for a VM's reports, against its own secret",
    params: vmParams,
    responses: { 200: vmBearerSchema },
  }),
  storeReport: operation(coreRoutes.storeReport, {
    summary: 'Take a report; 200 for one that is here already',
    params: vmParams,
    body: metricReportSchema,
    responses: {
      200: z.object({ reportId: z.guid() }),
      201: z.object({ reportId: z.guid() }),
    },
  }),
  readLastReport: operation(coreRoutes.readLastReport, {
    summary: "How far a VM's reports go: for one whose database was set back",
    params: vmParams,
    responses: { 200: lastReportSchema },
  }),
  storeAnchor: operation(coreRoutes.storeAnchor, {
    summary: "Take the head of a VM's audit chain; 200 for one that is here already",
    params: vmParams,
    body: anchorSchema,
    responses: { 200: z.object({}), 201: z.object({}) },
  }),
  listAnchors: operation(coreRoutes.listAnchors, {
    summary: "What is kept of a VM's audit chain",
    params: vmParams,
    responses: { 200: anchorsSchema },
  }),
};

const fleetOperations = {
  listVms: operation(coreRoutes.listVms, {
    summary: 'The VMs of the caller; of all for the operator',
    responses: { 200: itemsOf(vmEntrySchema) },
  }),
  changeVm: operation(coreRoutes.changeVm, {
    summary: 'Rename a VM; for the operator, suspend it or let it in again',
    params: vmParams,
    body: z.strictObject({ label: vmLabelSchema.optional(), suspended: z.boolean().optional() }),
    responses: nothing,
  }),
  openVm: operation(coreRoutes.openVm, {
    summary: "A token for a VM of the caller's own",
    params: vmParams,
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
    body: z
      .strictObject({ label: vmLabelSchema.default(''), userId: z.guid().optional() })
      .default({ label: '' }),
    responses: { 201: expiringTokenSchema },
  }),
  readFleet: operation(coreRoutes.readFleet, {
    summary: 'The VMs with their totals of a month',
    query: z.strictObject({ month: monthSchema.optional() }),
    responses: { 200: itemsOf(fleetEntrySchema) },
  }),
  readBilling: operation(coreRoutes.readBilling, {
    summary: 'The totals by VM and month',
    query: z.strictObject({ from: monthSchema.optional(), to: monthSchema.optional() }),
    responses: { 200: itemsOf(billingEntrySchema) },
  }),
};

const peopleOperations = {
  listUsers: operation(coreRoutes.listUsers, {
    summary: 'Who has VMs here',
    responses: { 200: itemsOf(coreUserSchema) },
  }),
  createUser: operation(coreRoutes.createUser, {
    summary: 'Add a user',
    body: newCoreUserSchema,
    responses: { 201: coreUserSchema.pick({ id: true, login: true }) },
  }),
  changeUser: operation(coreRoutes.changeUser, {
    summary: 'Suspend a user or let them in again',
    params: z.object({ id: z.guid() }),
    body: z.strictObject({ suspended: z.boolean() }),
    responses: nothing,
  }),
  signIn: operation(coreRoutes.signIn, {
    summary: 'Sign in: a bearer',
    body: coreSignInSchema,
    responses: { 201: expiringTokenSchema },
  }),
  signInPage: operation(coreRoutes.signInPage, {
    summary: 'Sign in: a cookie, for the page',
    body: z.union([coreSignInSchema, coreOperatorSignInSchema]),
    responses: nothing,
  }),
  showSession: operation(coreRoutes.showSession, {
    summary: 'Who the caller is',
    responses: { 200: coreSessionSchema },
  }),
  signOut: operation(coreRoutes.signOut, { summary: 'Sign out', responses: nothing }),
};

export const coreApiOperations = {
  ...vmOperations,
  ...fleetOperations,
  ...peopleOperations,
} satisfies Record<CoreRouteName, Operation>;

export type CoreApiOperations = typeof coreApiOperations;
