/** Which cap ended a run, as it stands now, and to what it is sensibly raised. */
import type { Budget, Spend } from '../../src/contract/budget.ts';
import type { ExecutionSummary } from '../../src/contract/executions.ts';
import type { Skill } from '../../src/contract/skills.ts';

export type SkillCapField = 'maxCostUsd' | 'maxCostPerDayUsd' | 'maxCostPerMonthUsd';
type VmCapKey = 'max_cost_per_day_usd' | 'max_cost_per_month_usd';

/** One cap, and what it would be raised to: `field` of a skill, or `key` of the settings, which holds for everything. */
export type Raise = { capUsd: number; toUsd: number } & ({ field: SkillCapField } | { key: VmCapKey });

/** Amounts that people name, of each power of ten. */
const plain = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** Twice as much, and half as much again as is needed, so that the answer has room; rounded up to a plain amount. */
export function raisedFrom(capUsd: number, neededUsd = 0): number {
  const least = Math.max(2 * capUsd, 1.5 * neededUsd);
  if (least === 0) return 1;
  const size = 10 ** Math.floor(Math.log10(least));
  // What is a hair above an amount by the way that computers add is that amount.
  const step = plain.find((each) => each * size >= least * (1 - 1e-9)) ?? 10;
  return Number((step * size).toPrecision(3));
}

/** As the VM says it (src/money/spend/shortage.ts): no field of a run has it. */
const said = {
  cap: /cap of \$([\d.]+) for this run/,
  spent: /: \$([\d.]+) is spent/,
  least: /may cost \$([\d.]+) or more/,
};
const amountIn = (error: string | null, what: keyof typeof said): number =>
  Number(said[what].exec(error ?? '')?.[1] ?? 0);

/** Said to two digits, an amount is off by less than a sixteenth. */
const isMore = (usd: number, thanUsd: number): boolean => thanUsd > 0 && usd > thanUsd * 1.06;

type Ended = Pick<ExecutionSummary, 'errorCode' | 'error'>;
type Capped = Pick<Skill, 'slug' | SkillCapField>;

/** @returns undefined where no cap ended it, or where the next call would fit by now: it was raised since, or its day is over */
export function metCapOf(run: Ended, skill: Capped, budget: Budget): Raise | undefined {
  const leastUsd = amountIn(run.error, 'least');
  const raiseOf = ({ capUsd, spentUsd, heldUsd }: Spend) => {
    const needed = spentUsd + heldUsd + leastUsd;
    return capUsd === null || needed < capUsd ? undefined : { capUsd, toUsd: raisedFrom(capUsd, needed) };
  };
  if (run.errorCode === 'E_COST_CAP') {
    const capUsd = skill.maxCostUsd ?? budget.run.capUsd;
    if (capUsd === null || isMore(capUsd, amountIn(run.error, 'cap'))) return undefined;
    const needed = amountIn(run.error, 'spent') + leastUsd;
    return { field: 'maxCostUsd', capUsd, toUsd: raisedFrom(capUsd, needed) };
  }
  if (run.errorCode === 'E_COST_CAP_SKILL') {
    const spends = budget.skills.find(({ slug }) => slug === skill.slug);
    const day = spends && raiseOf(spends.day);
    if (day) return { field: 'maxCostPerDayUsd', ...day };
    const month = spends && raiseOf(spends.month);
    return month && { field: 'maxCostPerMonthUsd', ...month };
  }
  if (run.errorCode === 'E_COST_CAP_DAY') {
    const day = raiseOf(budget.day);
    return day && { key: 'max_cost_per_day_usd', ...day };
  }
  const month = run.errorCode === 'E_COST_CAP_MONTH' ? raiseOf(budget.month) : undefined;
  return month && { key: 'max_cost_per_month_usd', ...month };
}
