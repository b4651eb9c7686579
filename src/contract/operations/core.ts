import { z } from 'zod';
import { pageOf, pageQuerySchema } from '../common.ts';
import {
  coreLinkSchema,
  corePreviewSchema,
  coreReportSchema,
  keptReportSchema,
  linkInputSchema,
  reconciledSchema,
} from '../core.ts';
import { operation } from '../operation.ts';

export const coreOperations = {
  showCore: operation('GET /api/v1/core', {
    access: 'read',
    summary: 'The link to Core, and the totals it was told',
    tags: ['core'],
    responses: { 200: coreLinkSchema },
  }),
  linkCore: operation('POST /api/v1/core/link', {
    // Whom this VM answers to.
    access: 'admin',
    records: ['core.linked'],
    summary: 'Enrol at a Core',
    description:
      'Core is sent the one-time token and a bcrypt hash of `vm_auth_secret`, and nothing else; its key is pinned. Every live execution that ended counts, those from before the link too.',
    tags: ['core'],
    body: linkInputSchema,
    responses: { 201: coreLinkSchema },
  }),
  unlinkCore: operation('DELETE /api/v1/core/link', {
    access: 'admin',
    records: ['core.unlinked'],
    summary: 'End the link',
    description:
      'The pinned key goes, `vm_auth_secret` is made anew, and reports that were not acknowledged are never sent.',
    tags: ['core'],
    responses: { 200: z.object({ abandonedReports: z.int() }) },
  }),
  listCoreReports: operation('GET /api/v1/core/reports', {
    access: 'read',
    summary: 'The exact bytes of every report, the newest first',
    tags: ['core'],
    query: pageQuerySchema.extend({ cursor: z.guid().optional() }),
    responses: { 200: pageOf(keptReportSchema) },
  }),
  previewCoreReport: operation('POST /api/v1/core/preview', {
    access: 'read',
    summary: 'The next report, byte for byte',
    description:
      'With a link, the report is made by this and kept: these bytes go out next. Without one it is an example, and nothing is kept.',
    tags: ['core'],
    responses: { 200: corePreviewSchema },
  }),
  reconcileCore: operation('POST /api/v1/core/reconcile', {
    access: 'admin',
    records: ['core.reconciled'],
    summary: 'Go on reporting, though Core has other reports of this VM',
    description:
      'For the copy of a VM that stays, and for one whose database was set back. What ended before the end of the last report that Core has counts as told, so that nothing is billed twice; what ended since is told anew.',
    tags: ['core'],
    responses: { 200: reconciledSchema },
  }),
  reportToCore: operation('POST /api/v1/core/report', {
    access: 'write',
    summary: 'Report now',
    tags: ['core'],
    responses: { 200: coreReportSchema },
  }),
};
