import { chainOf, leafOf, payloadHashOf } from '../../src/audit/chain.ts';
import type { CoreAct, CoreActsVerified } from '../../src/contract/core-people.ts';
import type { CoreDatabase } from '../database.ts';
import { coreGenesis } from './record-act.ts';

/** A page of the acts, the newest first. */
export async function listActs(
  { prisma }: CoreDatabase,
  { limit, before }: { limit: number; before?: number | undefined },
): Promise<CoreAct[]> {
  const rows = await prisma.act.findMany({
    ...(before === undefined ? {} : { where: { seq: { lt: before } } }),
    orderBy: { seq: 'desc' },
    take: limit,
  });
  return rows.map(({ seq, at, actor, action, subject, data, chain }) => ({
    seq: Number(seq),
    at: at.toISOString(),
    actor,
    action,
    subject,
    data: data as CoreAct['data'],
    chain: Buffer.from(chain).toString('hex'),
  }));
}

/** Acts that are read at once. */
const atOnce = 1000;

/**
 * Holds every act against the one before it. Whoever can write the database can cut off the chain's end, or make it anew:
 * keep the head that this names elsewhere, and hold a later chain against it.
 *
 * @param known a head of an earlier time
 */
export async function verifyActs({ prisma }: CoreDatabase, known?: string): Promise<CoreActsVerified> {
  let head = { seq: 0, chain: coreGenesis() as Uint8Array };
  let isSeen = hexOf(head.chain) === known;
  const verified = (firstBad: number | null): CoreActsVerified => ({
    ok: firstBad === null,
    acts: head.seq,
    head: hexOf(head.chain),
    firstBad,
    headSeen: known === undefined ? null : isSeen,
  });
  for (;;) {
    const rows = await prisma.act.findMany({
      where: { seq: { gt: head.seq } },
      orderBy: { seq: 'asc' },
      take: atOnce,
    });
    for (const row of rows) {
      const seq = head.seq + 1;
      const event = { ...row, seq };
      const chain = chainOf(head.chain, leafOf(event, payloadHashOf(row.data)));
      if (row.seq !== BigInt(seq) || !chain.equals(row.chain)) return verified(seq);
      head = { seq, chain };
      isSeen ||= hexOf(chain) === known;
    }
    if (rows.length < atOnce) return verified(null);
  }
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
