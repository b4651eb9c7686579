/** What the vault holds, on the wire: names and fingerprints, never a value. */
import { z } from 'zod';
import { timeSchema } from './common.ts';

/** What of the keys is changed: the root key, and behind it the others; or these alone. */
export const rotatedKeySchema = z.enum(['root', 'data']);
export type RotatedKey = z.infer<typeof rotatedKeySchema>;

/**
 *   starting         it looks how things stand
 *   waiting          until every process has taken the new keys
 *   waiting_for_key  for its owner, who puts the new root key in place
 *   sealing          every value is sealed anew, and every row signed
 *   finishing        the old keys go
 */
const rotationStageSchema = z.enum(['starting', 'waiting', 'waiting_for_key', 'sealing', 'finishing']);
export type RotationStage = z.infer<typeof rotationStageSchema>;

const keyHolderSchema = z.object({
  kind: z.string().describe('`vm` or `worker`'),
  host: z.string().nullable(),
  pid: z.int(),
  since: timeSchema,
  isCurrent: z.boolean().describe('It holds the keys that are in use, or are to come'),
});
export type KeyHolder = z.infer<typeof keyHolderSchema>;

export const keyRotationSchema = z.object({
  key: rotatedKeySchema,
  stage: rotationStageSchema,
  done: z.int().describe('Values and rows that were looked at'),
  total: z.int(),
  waitingFor: z.array(keyHolderSchema).describe('Processes that do not hold the new keys yet'),
  failure: z
    .object({ code: z.string(), message: z.string(), remedy: z.string().nullable() })
    .nullable()
    .describe('Why it stands still; the command given again goes on where it was'),
  steps: z.array(z.string()).describe('What its owner does next, in plain words'),
});
export type KeyRotationState = z.infer<typeof keyRotationSchema>;

export const vaultSchema = z.object({
  vaultId: z.string(),
  rootKey: z.object({
    fingerprint: z.string(),
    source: z.string().describe('Where the root key comes from'),
  }),
  dataKeys: z.array(
    z.object({ id: z.int(), isActive: z.boolean().describe('Seals new values'), values: z.int() }),
  ),
  sealed: z
    .object({ config: z.int(), connections: z.int(), skills: z.int() })
    .describe('How many values, by table'),
  rotation: keyRotationSchema.nullable().describe('A change of the keys that is under way'),
  holders: z.array(keyHolderSchema).describe('The processes that work on this database'),
  unreadable: z.array(z.string()).describe('Values that do not open: enter them again'),
});
