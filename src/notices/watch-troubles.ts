/** Troubles that no act brings, and that last: they are looked for, and each is told once. */
import type { Spend } from '../contract/budget.ts';
import type { Database, Transaction } from '../database/client.ts';
import { readTrouble } from '../model/trouble.ts';
import { readBudget } from '../money/spend/read-budget.ts';
import { announce } from '../queue/announce.ts';
import type { News, Queue } from '../queue/queue.ts';

/** How long a trouble must last before it is told, in milliseconds: a shorter one is over before anybody could look. */
const lastsMs = 5 * 60_000;
/** The part of a cap at which its owner is told, with time left to do something about it. */
const nearPart = 0.8;
/** After how long it is forgotten that a trouble was told, in milliseconds: longer than any period of a cap. */
const forgetMs = 62 * 86_400_000;

type WatchDeps = { db: Database; queue: Queue };

/** Tells of a model that does not answer, and of caps that are nearly reached. */
export async function watchTroubles(deps: WatchDeps, now: Date): Promise<void> {
  const { db } = deps;
  if ((await db.prisma.noticeChannel.count({ where: { isActive: true } })) === 0) return;
  await db.prisma.noticeMark.deleteMany({ where: { at: { lt: new Date(now.getTime() - forgetMs) } } });
  await tellOfModel(deps, now);
  await tellOfBudgets(deps, now);
}

async function tellOfModel({ db, queue }: WatchDeps, now: Date): Promise<void> {
  const trouble = await readTrouble({ db });
  if (trouble === undefined || now.getTime() - Date.parse(trouble.since) < lastsMs) return;
  const { since, code, message, remedy } = trouble;
  await tellOnce({ db, queue }, `model ${since}`, now, {
    event: 'model_trouble',
    detail: { since, code, error: message, remedy },
  });
}

async function tellOfBudgets({ db, queue }: WatchDeps, now: Date): Promise<void> {
  const { day, month, skills } = await readBudget({ db });
  const caps = [
    { whose: 'Alfred', scope: 'vm', day, month },
    ...skills.map(({ slug, ...spends }) => ({ whose: slug, scope: `skill ${slug}`, ...spends })),
  ];
  for (const { whose, scope, ...spends } of caps) {
    for (const period of ['day', 'month'] as const) {
      const spend = spends[period];
      const part = partOf(spend);
      if (part < nearPart) continue;
      await tellOnce({ db, queue }, `budget ${scope} ${period} ${spend.from} ${spend.capUsd}`, now, {
        event: 'budget_near',
        detail: wordsOf(whose, period, spend, part),
      });
    }
  }
}

const partOf = ({ capUsd, spentUsd, heldUsd }: Spend): number =>
  capUsd === null || capUsd <= 0 ? 0 : (spentUsd + heldUsd) / capUsd;

const dollars = (usd: number): string => `$${usd.toFixed(2)}`;

function wordsOf(whose: string, period: 'day' | 'month', spend: Spend, part: number) {
  const { capUsd, spentUsd, until } = spend;
  const percent = Math.floor(part * 100);
  const when = period === 'day' ? 'today' : 'this month';
  return {
    title: `${whose} has spent ${percent} % of what it may ${when}`,
    text: `${dollars(spentUsd)} of ${dollars(capUsd ?? 0)}. What would pass the cap is stopped before it is spent.`,
    ...{ period, of: whose, capUsd, spentUsd, until },
  };
}

/** Tells of a trouble in the transaction that marks it as told. */
async function tellOnce(
  { db, queue }: { db: Database; queue: Queue },
  subject: string,
  now: Date,
  news: News,
): Promise<void> {
  await db.transaction(async (tx) => {
    if (await markOnce(tx, subject, now)) await announce({ queue, tx }, { ...news, at: now });
  });
}

/** @returns whether it was not marked before */
const markOnce = async (tx: Transaction, subject: string, at: Date): Promise<boolean> =>
  (await tx.noticeMark.createMany({ data: [{ subject, at }], skipDuplicates: true })).count > 0;
