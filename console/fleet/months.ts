/** Months as Core names them: `2026-11`, in UTC, as bills go by them. */
export const thisMonth = (): string => new Date().toISOString().slice(0, 7);

const named = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric', timeZone: 'UTC' });
export const monthName = (month: string): string => named.format(Date.parse(`${month}-01T00:00:00Z`));

/** This month and those before it, the newest first. */
export function lastMonths(count: number): string[] {
  const now = new Date();
  return Array.from({ length: count }, (_, back) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back)).toISOString().slice(0, 7),
  );
}
