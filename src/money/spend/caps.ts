/** Which caps hold for a run just now: the run's own, its skill's, and the VM's for a day and a month. */
import { rowsOf, valuesOf } from '../../config/read-config.ts';
import type { ErrorCode } from '../../contract/errors.ts';
import { askPg } from '../../database/ask.ts';
import type { Database } from '../../database/client.ts';
import type { Clock } from '../../kernel/clock.ts';
import { type Period, type Window, windowOf } from '../../schedules/windows.ts';

export type Cap = {
  kind: 'run' | 'skill' | 'vm';
  /** Undefined for a run: its whole life. */
  period: Period | undefined;
  capUsd: number;
  window: Window | undefined;
  /** Where spend_totals counts it; undefined for a run. */
  scope: string | undefined;
  /** Where a person changes it. */
  setting: string;
};

/** Whose money it is. */
export type Spender = {
  /** Undefined for a try of the endpoint, which has no row. */
  executionId: string | undefined;
  skillId: string | undefined;
  /** Of this run; undefined for none. */
  runCapUsd: number | undefined;
};

export type CapsDeps = {
  db: Pick<Database, 'pool' | 'prisma'>;
  /** Which moment it is. Without one, the database's clock, which all workers share. */
  clock?: Clock;
};

export type Caps = {
  now: Date;
  timezone: string;
  skill: string | undefined;
  caps: Cap[];
  /** Of a run whose skill names none. */
  runDefaultUsd: number | undefined;
};

const keys = ['timezone', 'max_cost_per_run_usd', 'max_cost_per_day_usd', 'max_cost_per_month_usd'] as const;

type CapsRow = {
  now: Date;
  config: Record<string, string> | null;
  skill: { slug: string; day: number | null; month: number | null } | null;
};

export const scopeOfVm = 'vm';
export const scopeOfSkill = (skillId: string): string => `skill:${skillId}`;

const reading = {
  name: 'read caps',
  text: `SELECT now() AS now,
       (SELECT jsonb_object_agg(key, value) FROM config WHERE key = ANY($1::text[])) AS config,
       (SELECT jsonb_build_object('slug', slug, 'day', max_cost_per_day_usd, 'month', max_cost_per_month_usd)
        FROM skills WHERE id = $2::uuid) AS skill`,
};

/**
 * Reads them, the narrowest first. One statement: it stands before every model call.
 *
 * @throws AlfredError E_ROW_ALTERED when a cap of the VM is not as this VM left it
 */
export async function readCaps({ db, clock }: CapsDeps, spender: Spender): Promise<Caps> {
  const [row] = await askPg(db.pool)<CapsRow>(reading, [rowsOf(keys), spender.skillId ?? null]);
  if (!row) throw new Error('A SELECT without FROM gives one row');
  const { skill } = row;
  const now = clock?.now() ?? row.now;
  const entries = Object.entries(row.config ?? {}).map(([key, value]) => ({ key, value }));
  const config = valuesOf(db.prisma, entries, keys);
  const { timezone } = config;
  const caps: Cap[] = [];
  const add = (kind: 'skill' | 'vm', period: Period, limit: number | null | undefined) => {
    if (limit == null) return;
    caps.push({
      kind,
      period,
      capUsd: limit,
      window: windowOf(period, timezone, now),
      scope: kind === 'vm' ? scopeOfVm : scopeOfSkill(spender.skillId ?? ''),
      setting:
        kind === 'vm'
          ? `max_cost_per_${period}_usd`
          : period === 'day'
            ? 'maxCostPerDayUsd'
            : 'maxCostPerMonthUsd',
    });
  };
  if (spender.runCapUsd !== undefined) {
    const capUsd = spender.runCapUsd;
    const rest = { period: undefined, window: undefined, scope: undefined };
    caps.push({ kind: 'run', capUsd, ...rest, setting: 'maxCostUsd or max_cost_per_run_usd' });
  }
  add('skill', 'day', skill?.day);
  add('skill', 'month', skill?.month);
  add('vm', 'day', config.max_cost_per_day_usd);
  add('vm', 'month', config.max_cost_per_month_usd);
  return { now, timezone, skill: skill?.slug, caps, runDefaultUsd: config.max_cost_per_run_usd };
}

/** Which code a run stops with. */
export const codeOf = ({ kind, period }: Cap): ErrorCode => {
  if (kind === 'run') return 'E_COST_CAP';
  if (kind === 'skill') return 'E_COST_CAP_SKILL';
  return period === 'day' ? 'E_COST_CAP_DAY' : 'E_COST_CAP_MONTH';
};

/** Every code that says a cap was reached. */
export const isCostCap = (code: string | undefined): boolean => code?.startsWith('E_COST_CAP') === true;
