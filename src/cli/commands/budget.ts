import type { Command } from 'commander';
import type { Budget } from '../../contract/budget.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { describeForecast, describeSpend, spentOf } from '../render/budget.ts';
import { formatMoney, formatTime } from '../render/figures.ts';
import { renderFields, renderTable } from '../render/table.ts';

export function addBudget(program: Command, dispatch: Dispatch): void {
  addVerb(program, dispatch, {
    usage: 'budget',
    summary: 'what was spent today and this month, and what the caps leave',
    examples: [
      ['alfred budget', 'by your time zone: alfred config get timezone'],
      [
        'alfred config set max_cost_per_day_usd 5',
        'sets a cap; max_cost_per_month_usd, max_cost_per_run_usd',
      ],
    ],
    async run(context) {
      const budget = await (await context.api()).readBudget();
      present(context, budget, () => render(budget, context));
      return undefined;
    },
  });
}

function render(
  { timezone, run, day, month, forecast, skills }: Budget,
  { out, columns, now }: Context,
): string {
  const fresh = (until: string) => out.dim(`  anew ${formatTime(until, now(), timezone)}`);
  const fields = renderFields(
    [
      ['today', describeSpend(day, out) + fresh(day.until)],
      ['this month', describeSpend(month, out) + fresh(month.until)],
      ['if it goes on', describeForecast(forecast, month, (at) => formatTime(at, now(), timezone))],
      [
        'a run',
        run.capUsd === null ? out.dim('no cap, but its skill’s') : `up to ${formatMoney(run.capUsd)}`,
      ],
      ['zone', timezone],
    ],
    out.dim,
  );
  if (skills.length === 0) return fields;
  const table = renderTable(
    [
      { header: 'SKILL', min: 8, paint: out.bold },
      { header: 'TODAY', align: 'right' },
      { header: 'THIS MONTH', align: 'right' },
    ],
    skills.map((skill) => [skill.slug, spentOf(skill.day), spentOf(skill.month)]),
    columns,
    out.dim,
  );
  return `${fields}\n\n${table}`;
}
