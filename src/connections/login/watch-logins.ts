/**
 * Looks ahead: a sign-in that a scheduled run will need is renewed before the run is due, so that one which has ended is found,
 * and told, while there is still time to sign in. One that cannot be renewed, and ends before, is told of once.
 */
import { readConfig } from '../../config/read-config.ts';
import { connectionTypeSchema, maySignIn } from '../../contract/connection-types.ts';
import { triggerConfigSchemas } from '../../contract/triggers.ts';
import type { Database } from '../../database/client.ts';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { isAlfredError, messageOf } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/log.ts';
import { type Repeat, repeat } from '../../kernel/repeat.ts';
import { nextFire, type Schedule } from '../../schedules/schedule.ts';
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

/** The next run of a schedule; `at` in milliseconds. */
type Due = { slug: string; at: number; timeoutMs: number; connections: string[]; schedule: Schedule };

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
      const runs = due.filter(({ connections }) => connections.includes(raw.name));
      try {
        await lookAt(deps, asLoginRow(readRow(raw)), runs, clock.now().getTime());
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
async function dueRuns({ prisma }: Database, until: Date): Promise<Due[]> {
  const { timezone } = await readConfig(prisma, 'timezone');
  const skills = await prisma.skill.findMany({
    where: { triggerType: 'schedule', isActive: true, nextRunAt: { lte: until } },
    select: { slug: true, nextRunAt: true, timeoutMs: true, connectionNames: true, triggerConfig: true },
    orderBy: { nextRunAt: 'asc' },
  });
  return skills.flatMap(({ slug, nextRunAt, timeoutMs, connectionNames: connections, triggerConfig }) => {
    if (nextRunAt === null) return [];
    const { cron, timezone: own, pausedUntil } = triggerConfigSchemas.schedule.parse(triggerConfig);
    const schedule = { cron, timezone: own ?? timezone, pausedUntil };
    return [{ slug, at: nextRunAt.getTime(), timeoutMs: timeoutMs ?? usualRunMs, connections, schedule }];
  });
}

/** @param runs of the schedules that use it, the soonest first */
async function lookAt(deps: WatchDeps, row: LoginRow, runs: readonly Due[], now: number): Promise<void> {
  const { oauth } = row.config;
  if (oauth?.accessToken === undefined || oauth.expiresAt === undefined) return;
  const expiresAt = Date.parse(oauth.expiresAt);
  if (oauth.refreshToken === undefined) {
    const without = firstBehind(runs, expiresAt, now + warnedAheadMs);
    return without && warn(deps, row.name, without);
  }
  const [due] = runs;
  if (due === undefined || expiresAt > due.at + due.timeoutMs) return;
  const tokenAt = oauth.tokenAt === undefined ? 0 : Date.parse(oauth.tokenAt);
  const isLookedAt = tokenAt > due.at - aheadMs && expiresAt > now;
  if (due.at - now > aheadMs || isLookedAt) return;
  await deps.logins.token(row.name, { lifeMs: due.at + due.timeoutMs - now });
}

/** The first run behind a time. What runs every few minutes runs often before it: its next run says nothing. */
function firstBehind(runs: readonly Due[], time: number, until: number): Due | undefined {
  return runs
    .map((run) => {
      const at = run.at > time ? run.at : nextFire(run.schedule, new Date(time))?.getTime();
      return { ...run, at: at ?? Number.POSITIVE_INFINITY };
    })
    .filter(({ at }) => at <= until)
    .toSorted((one, other) => one.at - other.at)[0];
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
