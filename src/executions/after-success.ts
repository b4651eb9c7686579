import type { Transaction } from '../database/client.ts';
import { announce } from '../queue/announce.ts';
import type { Queue } from '../queue/queue.ts';
import type { ExecutionRow } from './find-execution.ts';
import { turnOf } from './turn.ts';

/** The owner's notice of what came of a run. Whoever talks with Alfred has the answer before them, and a rehearsal is none. */
export async function afterSuccess(
  { queue, tx }: { queue: Queue; tx: Transaction },
  row: ExecutionRow,
  completedAt: Date,
): Promise<void> {
  if (row.mode !== 'live' || turnOf(row) !== undefined) return;
  await announce({ queue, tx }, { event: 'done', executionId: row.id, at: completedAt });
}
