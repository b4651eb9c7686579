/**
 * Sets money aside for one model call, in the database, so that every process sees it: the row is there before the call is
 * sent, and stays what it is when its worker dies.
 */
import type pg from 'pg';
import { askPg } from '../../database/ask.ts';
import type { Database } from '../../database/client.ts';
import { inTransaction } from '../../database/in-transaction.ts';
import { holdLock } from '../../database/locks.ts';
import type { Cap, Caps, Spender } from './caps.ts';
import { freeLostSpend } from './free-lost-spend.ts';
import type { Spent } from './shortage.ts';

export type SpendRequest = {
  /** Of the reservation to be. */
  id: string;
  spender: Spender;
  workerId: string;
  model: string;
  leastUsd: number;
  comfortUsd: number;
  mostUsd: number;
  /** Whether it may be told to wait. */
  isPatient: boolean;
};

export type SpendAnswer =
  | { kind: 'granted'; grantedUsd: number; cut: { cap: Cap; spent: Spent } | undefined }
  /** `wait`: others hold what is missing, and may give it back. */
  | { kind: 'refused' | 'wait'; cap: Cap; spent: Spent };

/** Sets aside at most `mostUsd`, as the caps allow. */
export async function reserveSpend(
  db: Pick<Database, 'pool' | 'prisma'>,
  { now, caps }: Pick<Caps, 'now' | 'caps'>,
  request: SpendRequest,
): Promise<SpendAnswer> {
  if (caps.length === 0) {
    await insert(db.pool, request, request.mostUsd, now);
    return { kind: 'granted', grantedUsd: request.mostUsd, cut: undefined };
  }
  return inTransaction(db.pool, async (client) => {
    await holdLock(client, 'spend');
    await freeLostSpend(client);
    const answer = decide(caps, await readSpent(client, caps, request.spender), request);
    if (answer.kind === 'granted') await insert(client, request, answer.grantedUsd, now);
    return answer;
  });
}

/** What the caps allow. A call that would be cut short while others hold a part waits for what they give back. */
function decide(caps: Cap[], all: Spent[], request: SpendRequest): SpendAnswer {
  const { leastUsd, comfortUsd, mostUsd, isPatient } = request;
  const states = caps.map((cap, index) => {
    const spent = all[index] ?? { spentUsd: 0, heldUsd: 0, lostUsd: 0 };
    return { cap, spent, left: cap.capUsd - spent.spentUsd - spent.heldUsd };
  });
  const spentUp = states.find(({ cap, spent }) => cap.capUsd - spent.spentUsd < leastUsd);
  if (spentUp) return { kind: 'refused', cap: spentUp.cap, spent: spentUp.spent };
  const heldUp = states.find(({ spent, left }) => left < comfortUsd && spent.heldUsd > 0);
  if (heldUp && isPatient) return { kind: 'wait', cap: heldUp.cap, spent: heldUp.spent };
  const { cap, spent, left } = states.reduce((a, b) => (b.left < a.left ? b : a));
  if (left < leastUsd) return { kind: 'refused', cap, spent };
  if (left >= mostUsd) return { kind: 'granted', grantedUsd: mostUsd, cut: undefined };
  return { kind: 'granted', grantedUsd: left, cut: { cap, spent } };
}

/** What is spent and held of each cap. */
export async function readSpent(
  client: Pick<pg.ClientBase, 'query'>,
  caps: readonly Cap[],
  { executionId }: Pick<Spender, 'executionId'>,
): Promise<Spent[]> {
  const { rows } = await client.query<{ spent: number; held: number; lost: number }>(
    `SELECT
       CASE WHEN cap.scope IS NULL
         THEN (SELECT sum(cost_usd) FROM spend_reservations WHERE execution_id = $3)
         ELSE (SELECT sum(usd) FROM spend_totals t WHERE t.scope = cap.scope AND t.bucket >= cap.since)
       END::float8 AS spent,
       (SELECT sum(held_usd) FROM spend_reservations r WHERE r.settled_at IS NULL AND CASE
          WHEN cap.scope IS NULL THEN r.execution_id = $3
          WHEN cap.scope = 'vm' THEN r.created_at >= cap.since
          ELSE r.created_at >= cap.since AND cap.scope = 'skill:' || r.skill_id
        END)::float8 AS held,
       (SELECT sum(cost_usd) FROM spend_reservations r WHERE r.is_lost AND CASE
          WHEN cap.scope IS NULL THEN r.execution_id = $3
          WHEN cap.scope = 'vm' THEN r.created_at >= cap.since
          ELSE r.created_at >= cap.since AND cap.scope = 'skill:' || r.skill_id
        END)::float8 AS lost
     FROM unnest($1::text[], $2::timestamptz[]) WITH ORDINALITY AS cap (scope, since, n) ORDER BY n`,
    [
      caps.map(({ scope }) => scope ?? null),
      caps.map(({ window }) => window?.from ?? null),
      executionId ?? null,
    ],
  );
  return rows.map(({ spent, held, lost }) => ({
    spentUsd: spent ?? 0,
    heldUsd: held ?? 0,
    lostUsd: lost ?? 0,
  }));
}

async function insert(
  client: Pick<pg.ClientBase, 'query'>,
  { id, spender, workerId, model }: SpendRequest,
  heldUsd: number,
  now: Date,
): Promise<void> {
  await askPg(client)(inserting, [
    id,
    spender.executionId ?? null,
    spender.skillId ?? null,
    workerId,
    model,
    heldUsd,
    now,
  ]);
}

const inserting = {
  name: 'reserve spend',
  text: `INSERT INTO spend_reservations (id, execution_id, skill_id, worker_id, model, held_usd, created_at)
     VALUES ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5, $6, $7::timestamptz)`,
};
