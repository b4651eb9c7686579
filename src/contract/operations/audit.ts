import { z } from 'zod';
import {
  auditEventSchema,
  auditKeySchema,
  auditQuerySchema,
  auditRestoreSchema,
  auditVerificationSchema,
} from '../audit.ts';
import { pageOf } from '../common.ts';
import { operation } from '../operation.ts';

export const auditOperations = {
  listAudit: operation('GET /api/v1/audit', {
    // It names whoever did anything.
    access: 'admin',
    summary: 'List who did what, the newest first',
    tags: ['audit'],
    query: auditQuerySchema,
    responses: { 200: pageOf(auditEventSchema) },
  }),
  verifyAudit: operation('GET /api/v1/audit/verify', {
    access: 'admin',
    summary: 'Verify the audit chain, and all that it stands for',
    description:
      'Goes over every event, checkpoint and finished execution. `Accept: application/x-ndjson` gets a line `{"progress": {…}}` now and then, and `{"result": {…}}` as the last.',
    tags: ['audit'],
    responses: {
      200: {
        description: 'What was found',
        content: {
          'application/json': { schema: auditVerificationSchema },
          'application/x-ndjson': { schema: z.string() },
        },
      },
    },
  }),
  acceptRestore: operation('POST /api/v1/audit/restores', {
    access: 'admin',
    records: ['database.restored'],
    summary: 'Take the restored database for the one that counts',
    description:
      'After a database was restored by other means than Alfred’s own: the chain goes on from there in a new epoch, and the act is on record. What was stated after that moment stays in the file outside the database.',
    tags: ['audit'],
    body: z.object({ reason: z.string().trim().min(1).max(500) }),
    responses: { 200: auditRestoreSchema },
  }),
  succeedAuditKey: operation('POST /api/v1/audit/key', {
    access: 'admin',
    records: ['audit.key_succeeded'],
    summary: 'Have another key sign the audit chain from now on',
    description:
      'The key before signs its last statement, which names the new one, and that signs it too. What was signed before stays checkable.',
    tags: ['audit'],
    responses: { 200: auditKeySchema },
  }),
};
