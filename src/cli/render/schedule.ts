/** When a schedule fires, for a person. */
import type { z } from 'zod';
import type { schedulePreviewSchema } from '../../contract/schedules.ts';
import type { Colors } from '../context.ts';
import { formatDuration } from './figures.ts';
import { oneLine, pad } from './text.ts';

/** A fire time in its own zone: `Mon 23 Nov 2026, 07:00 CET`. */
function formatFire(iso: string, timeZone: string): string {
  return new Date(iso).toLocaleString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone,
  });
}

/** The expression in words, then its next times, each with how far it is away. */
export function renderSchedule(
  { description, timezone, next }: z.infer<typeof schedulePreviewSchema>,
  now: Date,
  colors: Colors,
  remark?: string,
): string {
  const times = next.map((iso) => formatFire(iso, timezone));
  const width = Math.max(0, ...times.map((time) => time.length));
  const lines = times.map((time, index) => {
    const away = Date.parse(next[index] ?? '') - now.getTime();
    return `  ${pad(time, width)}  ${colors.dim(`in ${formatDuration(Math.max(0, away))}`)}`;
  });
  return [
    colors.bold(oneLine(description)),
    ...(lines.length === 0 ? ['  never again'] : lines),
    ...(remark === undefined ? [] : [colors.dim(remark)]),
  ].join('\n');
}
