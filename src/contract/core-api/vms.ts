/** What VMs ask of Core: what they enrol by, their reports, and the heads of their audit chains. */
import { z } from 'zod';
import {
  anchorSchema,
  anchorsSchema,
  enrolledVmSchema,
  enrolVmSchema,
  lastReportSchema,
  metricReportSchema,
  takenReportSchema,
  vmBearerSchema,
} from '../core.ts';
import { operation } from '../operation.ts';
import { idParams } from './parts.ts';

export const vmOperations = {
  enrolVm: operation('POST /v1/vms', {
    summary: 'Enrol with a token that works once',
    body: enrolVmSchema,
    responses: { 201: enrolledVmSchema },
  }),
  proveVm: operation('POST /v1/vms/:id/token', {
    summary: "A bearer for a VM's reports, against its own secret",
    params: idParams,
    responses: { 200: vmBearerSchema },
  }),
  storeReport: operation('POST /v1/vms/:id/metrics', {
    summary: 'Take a report; 200 for one that is here already',
    params: idParams,
    body: metricReportSchema,
    responses: { 200: takenReportSchema, 201: takenReportSchema },
  }),
  readLastReport: operation('GET /v1/vms/:id/metrics', {
    summary: "How far a VM's reports go: for one whose database was set back",
    params: idParams,
    responses: { 200: lastReportSchema },
  }),
  storeAnchor: operation('POST /v1/vms/:id/anchors', {
    summary: "Take the head of a VM's audit chain; 200 for one that is here already",
    params: idParams,
    body: anchorSchema,
    responses: { 200: z.object({}), 201: z.object({}) },
  }),
  listAnchors: operation('GET /v1/vms/:id/anchors', {
    summary: "What is kept of a VM's audit chain",
    params: idParams,
    responses: { 200: anchorsSchema },
  }),
};
