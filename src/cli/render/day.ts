/** The letter of one day in text. */
import type { ExecutionTotals } from '../../contract/executions.ts';
import type { Letter } from '../../contract/home.ts';
import type { Context } from '../context.ts';
import { describeTotals } from './execution.ts';
import { type Page, readable, renderLetters } from './home.ts';

type DayPaper = {
  /** When it began, ISO 8601. */
  from: string;
  letters: Letter[];
  totals: ExecutionTotals;
  names: Record<string, string>;
};

export function renderDay({ from, letters, totals, names }: DayPaper, context: Context): string {
  const { out, columns = readable, now } = context;
  const page: Page = { out, columns: Math.min(columns, readable), now: now() };
  const date = new Date(from).toLocaleDateString('en-GB', {
    ...{ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  });
  if (totals.executions === 0) return `${out.bold(date)}\n\n${out.dim('Nothing ran on this day.')}`;
  const told =
    letters.length === 0
      ? out.dim('  Nothing that ran then told anything.')
      : renderLetters(letters, page, names);
  return `${out.bold(date)}\n\n${told}\n\n${describeTotals(totals, out)}`;
}
