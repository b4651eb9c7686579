/** What Home asks for first. The document asks for the same, before the script has come (layout/stand-frame.ts): so nothing is imported here. */

/** So much of a result is read at home, in characters. */
export const excerpt = 1200;
/** So many of the latest runs. */
export const latest = 30;
/** So many of today's. */
export const ofToday = 200;

export function startOfToday(): string {
  const day = new Date();
  day.setHours(0, 0, 0, 0);
  return day.toISOString();
}

/** The addresses that the queries of `home-queries.ts` ask, in the order in which they are missed. */
export const firstReads = (): string[] =>
  [
    `executions?limit=${latest}&excerpt=${excerpt}`,
    'skills?limit=200',
    `executions?from=${encodeURIComponent(startOfToday())}&limit=${ofToday}&excerpt=0`,
    'budget',
    'model',
    'stop-all',
    'approvals?status=pending&limit=50',
    'connections?limit=200',
    'stats?days=7',
    'config?limit=200',
    'proposals?status=open&limit=30',
    'backups',
  ].map((rest) => `/api/v1/${rest}`);
