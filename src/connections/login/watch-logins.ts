/**
 * Looks ahead: a sign-in that a scheduled run will need is renewed before the run is due, so that one which has ended is found,
 * and told, while there is still time to sign in. One that cannot be renewed, and ends before, is told of once.
 */
import { connectionTypeSchema, maySignIn } from '../../contract/connection-types.ts';
import type { Database } from '../../database/client.ts';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { isAlfredError, messageOf } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/log.ts';
import { type Repeat, repeat } from '../../kernel/repeat.ts';
import type { Vault } from '../../vault/vault.ts';
import { lockRow, readRow } from '../connection-row.ts';
import type { TellOfLogin } from './login-ends.ts';
import { asLoginRow, type LoginRow, openLogin, writeLogin } from './login-row.ts';
import type { Logins } from './logins.ts';

export type WatchDeps = {
  db: Database;
  vault: Vault;
  log: Logger;
  logins: Logins;
  tell: TellOfLogin;
  clock?: Clock;
};

/** How long before a run its sign-ins are looked at, in milliseconds: once, as some tokens live for minutes. */
const aheadMs = 3_600_000;
/** How long before it the owner is told that a sign-in will have ended, in milliseconds. */
const warnedAheadMs = 24 * 3_600_000;
/** How long a run may take where its skill does not say, in milliseconds. */
const usualRunMs = 3_600_000;
const everyMs = 60_000;

type Due = { slug: string; at: number; timeoutMs: number; connections: string[] };

export type LoginWatch = { look(): Promise<void> } & Pick<Repeat, 'start' | 'stop'>;

export function watchLogins(deps: WatchDeps): LoginWatch {
  const { db, log, clock = systemClock } = deps;

  async function look(): Promise<void> {
    const due = await dueRuns(db, new Date(clock.now().getTime() + warnedAheadMs));
    if (due.length === 0) return;
    const names = [...new Set(due.flatMap(({ connections }) => connections))];
    const rows = await db.prisma.connection.findMany({
      where: {
        name: { in: names },
        type: { in: connectionTypeSchema.options.filter((type) => maySignIn({ type })) },
        isActive: true,
      },
    });
    for (const raw of rows) {
      const first = due.find(({ connections }) => connections.includes(raw.name));
      if (first === undefined) continue;
      try {
        await lookAt(deps, asLoginRow(readRow(raw)), first, clock.now().getTime());
      } catch (error) {
        // The end of a sign-in has been told already; whatever else went wrong is tried again at the next look.
        if (!isAlfredError(error, 'E_NEEDS_LOGIN'))
          log.warn(
            { connection: raw.name, reason: messageOf(error) },
            'a sign-in could not be looked at ahead',
          );
      }
    }
  }

  const { start, stop } = repeat(look, {
    everyMs,
    pausesFirst: true,
    onTrouble: (error) => log.error({ err: error }, 'the sign-ins of scheduled runs could not be looked at'),
  });
  return { look, start, stop };
}

/** The next run of each schedule until then, the soonest first. */
async function dueRuns(db: Database, until: Date): Promise<Due[]> {
  const skills = await db.prisma.skill.findMany({
    where: { triggerType: 'schedule', isActive: true, nextRunAt: { lte: until } },
    select: { slug: true, nextRunAt: true, timeoutMs: true, connectionNames: true },
    orderBy: { nextRunAt: 'asc' },
  });
  return skills.flatMap(({ slug, nextRunAt, timeoutMs, connectionNames }) =>
    nextRunAt === null
      ? []
      : [{ slug, at: nextRunAt.getTime(), timeoutMs: timeoutMs ?? usualRunMs, connections: connectionNames }],
  );
}

async function lookAt(deps: WatchDeps, row: LoginRow, due: Due, now: number): Promise<void> {
  const { oauth } = row.config;
  if (oauth?.accessToken === undefined || oauth.expiresAt === undefined) return;
  const expiresAt = Date.parse(oauth.expiresAt);
  if (expiresAt > due.at + due.timeoutMs) return;
  if (oauth.refreshToken === undefined) return expiresAt < due.at ? warn(deps, row.name, due) : undefined;
  const tokenAt = oauth.tokenAt === undefined ? 0 : Date.parse(oauth.tokenAt);
  const isLookedAt = tokenAt > due.at - aheadMs && expiresAt > now;
  if (due.at - now > aheadMs || isLookedAt) return;
  await deps.logins.token(row.name, { lifeMs: due.at + due.timeoutMs - now });
}

/** Tells once of each token's end. */
async function warn({ db, vault, log, tell }: WatchDeps, name: string, { slug, at }: Due): Promise<void> {
  await db.transaction(async (tx) => {
    const row = asLoginRow(await lockRow(tx, name));
    const login = openLogin(vault, row);
    if (login?.expiresAt === undefined || login.warnedOf === login.expiresAt) return;
    await writeLogin(tx, vault, row, { ...login, warnedOf: login.expiresAt });
    const error = `The sign-in to "${name}" ends at ${login.expiresAt} and cannot be renewed; the skill "${slug}" is due at ${new Date(at).toISOString()}.`;
    await tell(tx, name, { issuer: login.issuer ?? null, error, skillSlug: slug });
    log.warn(
      { connection: name, skill: slug, expiresAt: login.expiresAt },
      'a sign-in ends before a scheduled run',
    );
  });
}
