import type { Command } from 'commander';
import type { Upcoming } from '../../contract/upcoming.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Colors, present } from '../context.ts';
import { usageProblem } from '../problem.ts';
import { clean } from '../render/text.ts';

/** Of one skill in one day: what is more is counted. */
const mostOfADay = 4;

const partsIn = (timeZone: string, parts: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-GB', { timeZone, ...parts });

/** Day by day in the owner's zone: the time, the name, and whether it is paused. */
function renderUpcoming({ items, timezone }: Upcoming, colors: Colors): string {
  if (items.every(({ times }) => times.length === 0)) return 'nothing is scheduled in that while';
  const day = partsIn(timezone, { weekday: 'short', day: 'numeric', month: 'short' });
  const clock = partsIn(timezone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const fires = items
    .flatMap(({ times, ...skill }) =>
      times.map(({ at, isLeftOut }) => ({ at: new Date(at), isLeftOut, skill })),
    )
    .sort((one, other) => one.at.getTime() - other.at.getTime());
  const days = Map.groupBy(fires, ({ at }) => day.format(at));
  return [...days]
    .flatMap(([name, inDay]) => [
      colors.bold(name),
      ...[...Map.groupBy(inDay, ({ skill }) => skill.slug).values()].map((own) => {
        const times = own.slice(0, mostOfADay).map(({ at }) => clock.format(at));
        const more = own.length > mostOfADay ? ` and ${own.length - mostOfADay} more` : '';
        const line = `  ${times.join(' ')}${more}  ${clean(own[0]?.skill.name ?? '')}`;
        return own.every(({ isLeftOut }) => isLeftOut) ? colors.dim(`${line} (paused)`) : line;
      }),
    ])
    .join('\n');
}

export function addSkillCalendar(noun: Command, dispatch: Dispatch): void {
  addVerb<{ days?: string }>(noun, dispatch, {
    usage: 'calendar',
    summary: 'what the schedules bring in the days that come',
    examples: [
      ['alfred skill calendar', 'the next week, day by day'],
      ['alfred skill calendar --days 31', 'a month'],
    ],
    options: (command) => command.option('--days <number>', 'how far to look ahead, 31 at most'),
    async run(context, _args, { days = '7' }) {
      if (!/^(?:[1-9]|[12]\d|3[01])$/.test(days))
        throw usageProblem(`--days ${days} is no number from 1 to 31`, 'such as --days 14');
      const upcoming = await (await context.api()).listUpcoming({ query: { days: Number(days) } });
      present(context, upcoming, () => renderUpcoming(upcoming, context.out));
      return undefined;
    },
  });
}
