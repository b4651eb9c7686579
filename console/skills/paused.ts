/** Whether a schedule is paused, and until when: in the same words wherever it is said. */
import type { Skill } from '../../src/contract/skills.ts';
import { dayName, dayTime } from '../ui/format.ts';
import { t } from '../words/t.ts';

/** The end of its pause, where that is to come; of a skill that starts by no schedule there is none. */
export function pausedUntilOf(
  { isActive, triggerType, triggerConfig }: Pick<Skill, 'isActive' | 'triggerType' | 'triggerConfig'>,
  now = Date.now(),
): string | undefined {
  const { pausedUntil } = triggerConfig as { pausedUntil?: string | null };
  return isActive && triggerType === 'schedule' && pausedUntil && Date.parse(pausedUntil) > now
    ? pausedUntil
    : undefined;
}

/** A pause until a day ends just before it, so that what is planned for its first minute fires: that day is meant. */
export function pauseWords(pausedUntil: string, now = Date.now()): string {
  const end = new Date(Date.parse(pausedUntil) + 1);
  const isDay = end.getHours() + end.getMinutes() + end.getSeconds() + end.getMilliseconds() === 0;
  return t('Paused until {day}', { day: isDay ? dayName(end.getTime(), now) : dayTime(pausedUntil, now) });
}
