/** What schedules mean and bring, in the words of the chosen language. */
import { queryOptions } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { language } from '../words/language.ts';

/** @param days how far to look ahead, 31 at most */
export const upcomingQuery = (days: number) =>
  queryOptions({
    queryKey: ['skills', 'upcoming', days],
    queryFn: ({ signal }) => api.listUpcoming({ query: { days, language } }, { signal }),
  });

export const schedulePreviewQuery = (
  cron: string,
  timezone: string | undefined,
  pausedUntil?: string | undefined,
) =>
  queryOptions({
    queryKey: ['schedule', cron, timezone, pausedUntil],
    queryFn: ({ signal }) =>
      api.previewSchedule({ body: { cron, timezone, pausedUntil, language } }, { signal }),
    staleTime: 60_000,
  });
