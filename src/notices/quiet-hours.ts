/** Hours of the owner's zone in which nobody is disturbed. */
import type { ChannelRules } from '../contract/channels.ts';
import { lastFire, nextFire } from '../schedules/schedule.ts';

type Quiet = NonNullable<ChannelRules['quiet']>;

/** The schedule of a time of day. On a day whose clock skips that time it is at the end of the gap; on a day that has it twice, the first of the two. */
export const daily = (hour: string, timezone: string) => {
  const [hours = '0', minutes = '0'] = hour.split(':');
  return { cron: `${Number(minutes)} ${Number(hours)} * * *`, timezone };
};

/** Longer than any day in any zone, in milliseconds. */
const longestDay = 3 * 86_400_000;

/** When the quiet that holds at `now` ends; undefined where none holds. */
export function quietUntil(quiet: Quiet | null, timezone: string, now: Date): Date | undefined {
  if (quiet === null) return undefined;
  const since = new Date(now.getTime() - longestDay);
  const last = (hour: string) => lastFire(daily(hour, timezone), since, now)?.last.getTime() ?? 0;
  // Where both fall into one gap of the clock, the quiet hours are over at once.
  if (last(quiet.from) <= last(quiet.to)) return undefined;
  return nextFire(daily(quiet.to, timezone), now);
}
