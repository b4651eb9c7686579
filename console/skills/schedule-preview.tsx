/** When a schedule would fire next, while it is written: in its own zone, and in the reader's where that is another. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { cx } from '../ui/cx.ts';
import { clockParts } from '../ui/format.ts';
import { Skeleton } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { useSettled } from '../ui/use-settled.ts';
import { locale } from '../words/language.ts';
import { t } from '../words/t.ts';
import { schedulePreviewQuery } from './schedule-queries.ts';
import { scheduleWords } from './schedule-said.ts';

const dayParts = { weekday: 'short', day: 'numeric', month: 'short' } as const;

const inZone = (iso: string, parts: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(locale, parts).format(Date.parse(iso));

const timeIn = (iso: string, timeZone: string): string =>
  inZone(iso, { ...dayParts, ...clockParts, timeZone });

/** What the reader's clock shows then; the weekday as well where that is another. */
function ownTime(iso: string, own: string, timeZone: string): string {
  const isSameDay = inZone(iso, { ...dayParts, timeZone: own }) === inZone(iso, { ...dayParts, timeZone });
  return inZone(iso, { ...clockParts, ...(isSameDay ? {} : { weekday: 'short' }), timeZone: own });
}

export function SchedulePreview({ cron, timezone }: { cron: string; timezone: string }) {
  const settledCron = useSettled(cron.trim());
  const settledZone = useSettled(timezone.trim());
  const preview = useQuery({
    ...schedulePreviewQuery(settledCron, settledZone || undefined),
    enabled: settledCron !== '',
    placeholderData: keepPreviousData,
    retry: false,
  });
  if (preview.error) return <ProblemNote error={preview.error} />;
  if (!preview.data) return <Skeleton className="h-44" />;
  return (
    <Fires
      {...preview.data}
      cron={settledCron}
      isOld={preview.isPlaceholderData || settledCron !== cron.trim() || settledZone !== timezone.trim()}
    />
  );
}

export function Fires({
  cron,
  description,
  next,
  timezone,
  isOld = false,
}: {
  cron: string;
  description: string;
  next: string[];
  timezone: string;
  isOld?: boolean;
}) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  // A zone that shows the same times says nothing more.
  const isSame = next.every((at) => timeIn(at, own) === timeIn(at, timezone));
  const zones = isSame ? [timezone] : [timezone, own];
  const words = scheduleWords(cron, description);
  return (
    <div aria-live="polite" className={cx('rounded-lg bg-sunken px-3 py-2.5', isOld && 'opacity-60')}>
      <p className="mb-1.5 font-medium">{words}</p>
      <table className="w-full text-[13px] tabular-nums">
        <caption className="sr-only">{t('The next times')}</caption>
        {isSame && words.includes(timezone) ? null : (
          <thead>
            <tr className="text-left text-ink-2">
              {zones.map((zone, index) => (
                <th key={zone} scope="col" className="py-0.5 pr-3 font-normal">
                  {index === 0 ? zone : t('yours: {zone}', { zone })}
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {next.map((at) => (
            <tr key={at}>
              {zones.map((zone, index) => (
                <td key={zone} className="py-0.5 pr-3 whitespace-nowrap">
                  {index === 0 ? timeIn(at, zone) : ownTime(at, zone, timezone)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
