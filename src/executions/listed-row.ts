/** An execution as lists show it, read bare: Prisma takes longer over a page of them than PostgreSQL over finding it. */
import type { ExecutionSummary } from '../contract/executions.ts';

export type ListedRow = Omit<ExecutionSummary, 'createdAt' | 'startedAt' | 'completedAt' | 'purgedAt'> & {
  createdAt: Date;
  startedAt: Date | null;
  completedAt: Date | null;
  purgedAt: Date | null;
};

/** Columns of `executions`, as `ListedRow` has them. */
export const listedColumns = `id::text, skill_slug AS "skillSlug", skill_version AS "skillVersion", mode, model, actor, "trigger",
  status, error, error_code AS "errorCode", duration_ms AS "durationMs", token_count::float8 AS "tokenCount",
  cost_usd::float8 AS "costUsd", reported_to_core AS "reportedToCore", created_at AS "createdAt", started_at AS "startedAt",
  completed_at AS "completedAt", purged_at AS "purgedAt"`;

export const presentListed = (row: ListedRow): ExecutionSummary => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  startedAt: row.startedAt?.toISOString() ?? null,
  completedAt: row.completedAt?.toISOString() ?? null,
  purgedAt: row.purgedAt?.toISOString() ?? null,
});
