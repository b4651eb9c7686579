/** A few executions, under the days on which they were begun. */
import { useQuery } from '@tanstack/react-query';
import type { ListedExecution } from '../../src/contract/executions.ts';
import { skillsQuery } from '../api/queries.ts';
import { useNow } from '../ui/time.tsx';
import { byDay } from './by-day.ts';
import { ExecutionRow, longestOf, namesOf } from './execution-row.tsx';

export function DayRows({ rows }: { rows: ListedExecution[] }) {
  const names = namesOf(useQuery(skillsQuery).data);
  const days = byDay(rows, useNow(60_000), false);
  const longest = longestOf(rows);
  return days.map(({ name, rows: ofDay }) => (
    <section key={name} aria-label={name}>
      <h3 className="border-b border-line bg-sunken px-4 py-1.5 text-[13px] font-semibold">{name}</h3>
      <ul>
        {ofDay.map((row) => (
          <li key={row.id} className="h-15 last:[&>a]:border-b-0">
            <ExecutionRow row={row} names={names} longest={longest} />
          </li>
        ))}
      </ul>
    </section>
  ));
}
