import type { Budget } from '../../src/contract/budget.ts';

const dayMs = 86_400_000;

/** How many days of the owner's month there are so far, today among them: days of 23 and 25 hours are days, too. */
export const daysOfMonth = ({ day, month }: Pick<Budget, 'day' | 'month'>): number =>
  Math.round((Date.parse(day.from) - Date.parse(month.from)) / dayMs) + 1;
