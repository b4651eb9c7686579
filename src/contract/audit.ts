/** What stands in the audit log: who did what to what, and when. */
import { z } from 'zod';
import { pageQuerySchema } from './common.ts';

/** What an act on record is about: each is named `<noun>.<what was done>`. */
export const auditNouns = [
  'vm',
  'rows',
  'sign_in',
  'session',
  'passkey',
  'password',
  'token',
  'app',
  'config',
  'secret',
  'channel',
  'connection',
  'skill',
  'conversation',
  'execution',
  'executions',
  'approval',
  'budget',
  'stop_all',
  'core',
  'key',
  'backup',
  'database',
  'audit',
  'clock',
] as const;
export type ActName = `${(typeof auditNouns)[number]}.${string}`;

export const auditEventSchema = z.object({
  seq: z.int().min(1).describe('Its place in the chain, without gaps'),
  id: z.uuid(),
  at: z.iso.datetime(),
  actor: z.string(),
  action: z.string(),
  subject: z.string().nullable().describe('What it was done to: an execution id, a connection, a config key'),
  data: z.record(z.string(), z.unknown()).nullable().describe('Null once it was pruned; its hash stays'),
  payloadHash: z.string(),
  chain: z.string(),
});
export type AuditEvent = z.infer<typeof auditEventSchema>;

export const auditQuerySchema = pageQuerySchema.extend({
  action: z.string().max(64).optional().describe('An action, or the part before its dot'),
  actor: z.string().max(200).optional(),
  subject: z.string().max(300).optional(),
});
export type AuditQuery = z.infer<typeof auditQuerySchema>;

const auditFindingSchema = z.object({
  seq: z.int().nullable().describe('The first event at fault; null where no event belongs to it'),
  kind: z.enum(['event', 'checkpoint', 'head', 'execution', 'tool_call', 'skill_version', 'row']),
  subject: z.string().nullable(),
  message: z.string().describe('In plain words'),
});
export type AuditFinding = z.infer<typeof auditFindingSchema>;

export const auditVerificationSchema = z.object({
  ok: z.boolean(),
  firstBad: auditFindingSchema.nullable(),
  findings: z.array(auditFindingSchema).describe('The first twenty'),
  findingCount: z.int(),
  warnings: z.array(z.string()),
  events: z.int(),
  executions: z.int().describe('Finished ones, held against their rows, steps and calls'),
  checkpoints: z.int(),
  head: z.object({ seq: z.int(), chain: z.string() }),
  epoch: z.int().describe('How many restores there were'),
  pending: z.int().describe('Acts that are committed and not chained yet'),
  durationMs: z.int(),
});
export type AuditVerification = z.infer<typeof auditVerificationSchema>;

export const auditProgressSchema = z.object({ events: z.int(), of: z.int(), executions: z.int() });
export type AuditProgress = z.infer<typeof auditProgressSchema>;

export const auditRestoreSchema = z.object({
  epoch: z.int(),
  seq: z.int().describe('Where the chain goes on'),
  lost: z.int().describe('Events that were known outside the database, and are not in it'),
});

export const auditKeySchema = z.object({
  from: z.string().describe('The first 16 hex digits of the SHA-256 of the public key that signed until now'),
  to: z.string().describe('Of the one that signs from now on'),
  number: z.int().describe('Of the statement that hands over'),
});
