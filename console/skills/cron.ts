/** Schedules that most people want, as choices; and the cron expressions that they are. */
export type Rhythm =
  | { kind: 'hour'; minute: number }
  | { kind: 'day'; time: string }
  | { kind: 'weekdays'; time: string }
  | { kind: 'week'; time: string; days: number[] }
  | { kind: 'month'; time: string; day: number }
  | { kind: 'own' };

const two = (value: number): string => String(value).padStart(2, '0');
const whole = /^\d+$/;

/** What an expression is among the choices; `own` when it is none of them. */
export function rhythmOf(cron: string): Rhythm {
  const [minute = '', hour = '', day = '', month = '', weekday = '', ...more] = cron.trim().split(/\s+/);
  const isPlain = more.length === 0 && month === '*' && whole.test(minute) && Number(minute) < 60;
  if (!isPlain) return { kind: 'own' };
  if (hour === '*' && day === '*' && weekday === '*') return { kind: 'hour', minute: Number(minute) };
  if (!whole.test(hour) || Number(hour) > 23) return { kind: 'own' };
  const time = `${two(Number(hour))}:${two(Number(minute))}`;
  if (day === '*') {
    if (weekday === '*') return { kind: 'day', time };
    if (weekday === '1-5') return { kind: 'weekdays', time };
    return /^[0-7](,[0-7])*$/.test(weekday)
      ? { kind: 'week', time, days: [...new Set(weekday.split(',').map((one) => Number(one) % 7))] }
      : { kind: 'own' };
  }
  const isDay = weekday === '*' && whole.test(day) && Number(day) >= 1 && Number(day) <= 31;
  return isDay ? { kind: 'month', time, day: Number(day) } : { kind: 'own' };
}

/** The expression of a choice; undefined for one's own. */
export function cronOf(rhythm: Rhythm): string | undefined {
  if (rhythm.kind === 'own') return undefined;
  if (rhythm.kind === 'hour') return `${rhythm.minute} * * * *`;
  const [hour = '7', minute = '0'] = rhythm.time.split(':');
  const at = `${Number(minute)} ${Number(hour)}`;
  if (rhythm.kind === 'day') return `${at} * * *`;
  if (rhythm.kind === 'weekdays') return `${at} * * 1-5`;
  if (rhythm.kind === 'month') return `${at} ${rhythm.day} * *`;
  const days = [...rhythm.days].sort((a, b) => a - b);
  return `${at} * * ${days.length === 0 ? '1' : days.join(',')}`;
}

/** The same time of day in another rhythm. */
export function inRhythm(kind: Rhythm['kind'], now: Rhythm): Rhythm {
  const time = 'time' in now ? now.time : '07:00';
  if (kind === 'own') return { kind };
  if (kind === 'hour') return { kind, minute: 0 };
  if (kind === 'week') return { kind, time, days: [1] };
  if (kind === 'month') return { kind, time, day: 1 };
  return kind === 'day' ? { kind, time } : { kind, time };
}
