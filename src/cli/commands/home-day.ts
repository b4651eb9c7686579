/** The letter of one day: what each skill found out then, and what the day came to. */
import { lettersIn } from '../../contract/home.ts';
import { listItems } from '../../contract/list-items.ts';
import type { Api } from '../api.ts';
import { type Context, present } from '../context.ts';
import { usageProblem } from '../problem.ts';
import { renderDay } from '../render/day.ts';

/** So much of a result is told, in characters. */
const excerpt = 1200;
/** So many runs of a day are looked through. */
const most = 1000;

/** @throws a usage problem for what is no day */
export async function tellDay(
  context: Context,
  api: Api,
  { day, read }: { day: string; read: boolean },
): Promise<undefined> {
  const { from, to } = bordersOf(day, context.now());
  const query = { from: from.toISOString(), to: to.toISOString() };
  const [rows, totals, skills] = await Promise.all([
    listItems(api.listExecutions, { query: { ...query, excerpt } }, { max: most }),
    api.readExecutionTotals({ query }),
    listItems(api.listSkills, {}),
  ]);
  const letters = lettersIn(rows, most);
  const names = Object.fromEntries(skills.map(({ slug, name }) => [slug, name]));
  const told = { ...query, letters, totals, names };
  present(context, told, () => renderDay(told, context));
  const ids = letters.filter(({ row }) => row.unread).map(({ row }) => row.id);
  for (let at = 0; read && at < ids.length; at += 200)
    await api.readExecutions({ body: { ids: ids.slice(at, at + 200) } });
  return undefined;
}

/** A day begins where the person is. */
function bordersOf(day: string, now: Date): { from: Date; to: Date } {
  const from = /^\d{4}-\d\d-\d\d$/.test(day) ? new Date(`${day}T00:00`) : new Date(now);
  from.setHours(0, 0, 0, 0);
  if (day === 'yesterday') from.setDate(from.getDate() - 1);
  if (Number.isNaN(from.getTime()) || !/^(today|yesterday|\d{4}-\d\d-\d\d)$/.test(day))
    throw usageProblem(`--day ${day} is no day`, 'write today, yesterday, or a date such as 2026-11-27');
  const to = new Date(from);
  to.setDate(to.getDate() + 1);
  return { from, to };
}
