import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { AuditProgress, AuditVerification } from '../../contract/audit.ts';
import type { Database } from '../../database/client.ts';
import { millisNow } from '../../kernel/clock.ts';
import { guardWith } from '../../vault/guard-with.ts';
import type { Vault } from '../../vault/vault.ts';
import { isAt } from '../catch-up-witness.ts';
import { genesisOf } from '../chain.ts';
import { readCheckpoints } from '../checkpoints.ts';
import { readPrunedUpTo } from '../prune-audit.ts';
import { openSigningKey } from '../signing-key.ts';
import type { SignedStatement } from '../statement.ts';
import { readWitness, type WitnessRecord } from '../witness.ts';
import { checkExecutions } from './check-executions.ts';
import { checkOthers, checkStrays } from './check-others.ts';
import { checkRows } from './check-rows.ts';
import { checkStatements } from './check-statements.ts';
import { Findings } from './findings.ts';
import { type Walked, walkEvents } from './walk-events.ts';

export type VerifyDeps = { db: Database; vault: Vault; home: string };
export type VerifyOptions = { onProgress?: (progress: AuditProgress) => void; signal?: AbortSignal };

/** Acts that wait longer than this, in milliseconds, are worth a word: nothing chains them. */
const patienceMs = 60_000;
/** A batch takes some ten milliseconds: by then there was a pause between two. */
const patientReads = 200;

/**
 * Goes over the whole chain and all that it stands for: events, signed checkpoints inside the database and outside it,
 * finished executions with their steps and calls, and every row that directs or admits. Reads alone; a VM may go on working meanwhile.
 */
export async function verifyAudit(
  deps: VerifyDeps,
  { onProgress, signal }: VerifyOptions = {},
): Promise<AuditVerification> {
  const { db, vault, home } = deps;
  const began = performance.now();
  const findings = new Findings();
  const warnings: string[] = [];
  const key = await openSigningKey(deps);
  const of = { vaultId: vault.vaultId, publicKey: key.publicKey };
  const { witness, inside, head } = await readMoment(deps, of);
  const marks = checkStatements({ inside, witness, ...of }, findings);
  if (!witness.exists && head.seq > 0)
    warnings.push(
      `There is no record outside the database (${home}/audit): a tail that was cut off would not be seen.`,
    );

  let executions = 0;
  const walked = await walkEvents(
    db.pool,
    {
      genesis: genesisOf(vault.vaultId),
      head: head.seq,
      marks,
      signal,
      async onPage(events, reached) {
        executions += await checkExecutions(db, events, findings);
        await checkOthers(db, events, findings);
        onProgress?.({ events: reached, of: head.seq, executions });
      },
    },
    findings,
  );
  checkHead(head, walked.last, inside, findings);
  await checkPruned(db, head, walked, findings);
  checkWitnessedHead(witness, head, findings);
  await checkBehindHead(db, findings);
  await checkStrays(db, findings);
  guardWith(vault, db);
  await checkRows(db, findings);
  const pending = await readPending(db);
  if (pending.count > 0 && pending.ageMs > patienceMs)
    warnings.push(
      `${pending.count} acts wait to be taken into the chain, the oldest for ${Math.round(pending.ageMs / 1000)} s.`,
    );

  const list = findings.list();
  return {
    ok: findings.count === 0,
    firstBad: list[0] ?? null,
    findings: list,
    findingCount: findings.count,
    warnings,
    events: walked.count,
    executions,
    checkpoints: inside.length,
    head: { seq: head.seq, chain: head.chain.toString('hex') },
    epoch: head.epoch,
    pending: pending.count,
    durationMs: Math.round(performance.now() - began),
  };
}

/** Heads and checkpoints, inside and outside, of one moment: while a VM appends, they are read until they stand still. */
async function readMoment(deps: VerifyDeps, of: { vaultId: string; publicKey: string }) {
  for (let attempt = 1; ; attempt++) {
    const before = await readWitness(deps.home);
    const inside = await readCheckpoints(deps.db.pool, of);
    const head = await readHead(deps);
    const witness = await readWitness(deps.home);
    if (attempt === patientReads || isDeepStrictEqual(before, witness)) return { witness, inside, head };
    await sleep(Math.random() * 20);
  }
}

/** The head says what the chain's last event says, and how often the VM was restored. */
function checkHead(
  head: ChainHead & { epoch: number },
  last: ChainHead,
  checkpoints: readonly SignedStatement[],
  findings: Findings,
): void {
  if (last.seq !== head.seq || !last.chain.equals(head.chain)) {
    const message =
      last.seq < head.seq
        ? `Events ${last.seq + 1} to ${head.seq} are missing at the end.`
        : 'The head of the chain is not what its last event says.';
    findings.add('head', Math.min(last.seq + 1, head.seq), message);
  }
  const epoch = Math.max(0, ...checkpoints.map(({ statement }) => statement.epoch));
  if (head.epoch === epoch) return;
  const message = `The head says that there were ${head.epoch} restores; ${epoch} were signed.`;
  findings.add('head', head.seq, message);
}

/** Events lose their data by a pruning that is on record, and by nothing else. */
async function checkPruned(
  db: Database,
  head: ChainHead,
  { prunedUpTo, lastWithoutData: seq }: Pick<Walked, 'prunedUpTo' | 'lastWithoutData'>,
  findings: Findings,
): Promise<void> {
  if (seq === undefined || seq <= prunedUpTo) return;
  // A pruning while this ran, or a moment ago, is on record behind the head or waits to be chained.
  if (seq <= (await readPrunedUpTo(db, head.seq))) return;
  findings.add('event', seq, `Event ${seq} lost its data, and no pruning is on record.`);
}

/** The chain ends where this VM last left it, or where the batch would that it was killed in. */
function checkWitnessedHead(witness: WitnessRecord, head: ChainHead, findings: Findings): void {
  const { head: last, next } = witness;
  const now = { seq: head.seq, chain: head.chain.toString('hex') };
  if (!last || isAt(last, now) || (next && isAt(next, now))) return;
  const known = last.statement.seq;
  // What is cut off or rewritten was found on the way.
  if (now.seq <= known) return;
  const which = now.seq === known + 1 ? `Event ${now.seq} was` : `Events ${known + 1} to ${now.seq} were`;
  findings.add(
    'event',
    known + 1,
    `${which} put in: this VM last wrote event ${known}, and not what follows.`,
  );
}

type ChainHead = { seq: number; chain: Buffer };

async function readHead({ db, vault }: VerifyDeps) {
  const { rows } = await db.pool.query<{ seq: string; chain: Buffer; epoch: number }>(
    'SELECT seq, chain, epoch FROM audit_head',
  );
  const [row] = rows;
  return row ? { ...row, seq: Number(row.seq) } : { ...genesisOf(vault.vaultId), epoch: 0 };
}

async function checkBehindHead(db: Database, findings: Findings): Promise<void> {
  const { rows } = await db.pool.query<{ seq: string | null }>(
    'SELECT min(seq) AS seq FROM audit_events WHERE seq > coalesce((SELECT seq FROM audit_head), 0)',
  );
  const seq = rows[0]?.seq;
  if (seq != null)
    findings.add(
      'head',
      Number(seq),
      `Event ${seq} stands behind the head of the chain: it was put in, or the head was set back.`,
    );
}

async function readPending(db: Database): Promise<{ count: number; ageMs: number }> {
  const { rows } = await db.pool.query<{ count: number; at: Date | null }>(
    'SELECT count(*)::int AS count, min(at) AS at FROM audit_inbox',
  );
  const { count = 0, at = null } = rows[0] ?? {};
  return { count, ageMs: at ? millisNow() - at.getTime() : 0 };
}
