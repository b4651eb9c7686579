import { t } from '../words/t.ts';

/** What Home says first. @param hour of the day, from 0 to 23 */
export function greeting(hour: number): string {
  if (hour < 5) return t('Good night');
  if (hour < 12) return t('Good morning');
  return hour < 18 ? t('Good afternoon') : t('Good evening');
}
