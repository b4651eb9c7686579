/** Every act that is on record. Add, never rename: they are in the chain. */
import type { Operations } from './operations.ts';

/** What the VM does by itself, what a run does, and what is done past the API. */
type OwnAct =
  | 'vm.provisioned'
  | 'vm.moved'
  | 'rows.signed'
  | 'connection.tools_changed'
  | 'connection.login_ended'
  | 'skill.adopted'
  | 'execution.queued'
  | 'execution.finished'
  | 'approval.requested'
  | 'approval.expired'
  | 'budget.exceeded'
  | 'core.reported'
  | 'core.copied'
  | 'core.access_used'
  | 'key.recovery_shown'
  | 'key.rotated'
  | 'backup.created'
  | 'backup.failed'
  | 'backup.overdue'
  | 'backup.verified'
  | 'audit.pruned'
  | 'clock.jumped';

type RecordedBy<O> = O extends { records: readonly (infer Act)[] } ? Act : never;

/** Those, and what each operation says of itself (`records`). */
export type AuditAction = OwnAct | RecordedBy<Operations[keyof Operations]>;
