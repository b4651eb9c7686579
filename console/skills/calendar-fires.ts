/** What schedules bring, by day and by skill. */
import type { Upcoming } from '../../src/contract/upcoming.ts';
import { dateOf } from '../ui/dates.ts';

export type Fire = { at: string; isLeftOut: boolean; skill: Upcoming['items'][number] };
/** Of one skill in one day. No fires where it starts so often that its times are not all told. */
export type DayOfSkill = { skill: Fire['skill']; fires: readonly Fire[]; isPaused: boolean };

export const firesIn = ({ items }: Upcoming): Fire[] =>
  items
    .flatMap((skill) => skill.times.map((time): Fire => ({ ...time, skill })))
    .sort((one, other) => one.at.localeCompare(other.at));

/** More than so many of a day say little beside what starts once. */
const few = 4;
const isOften = ({ fires }: DayOfSkill): boolean => fires.length === 0 || fires.length > few;

/** By date; of a day the earliest first, and behind what starts seldom what starts often. */
export function byDate(upcoming: Upcoming, dates: readonly string[]): ReadonlyMap<string, DayOfSkill[]> {
  const told = Map.groupBy(firesIn(upcoming), ({ at }) => dateOf(Date.parse(at)));
  const often = upcoming.items
    .filter(({ isMore }) => isMore)
    .map((skill) => ({ skill, lastDate: dateOf(Date.parse(skill.times.at(-1)?.at ?? upcoming.from)) }));
  return new Map(
    dates.map((date) => [
      date,
      [
        ...bySkill(told.get(date) ?? []),
        ...often
          .filter(({ lastDate }) => date > lastDate)
          .map(({ skill }) => ({ skill, fires: [], isPaused: false })),
      ].toSorted((one, other) => Number(isOften(one)) - Number(isOften(other))),
    ]),
  );
}

export const bySkill = (fires: readonly Fire[]): DayOfSkill[] =>
  [...Map.groupBy(fires, ({ skill }) => skill.slug).values()].flatMap((own) => {
    const skill = own[0]?.skill;
    return skill ? [{ skill, fires: own, isPaused: own.every(({ isLeftOut }) => isLeftOut) }] : [];
  });
