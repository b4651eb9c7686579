/** Is the database away, rather than against what was asked? */

/** Prisma: cannot reach, timed out, closed the connection, no connection or transaction in time, no session left. */
const prismaCodes = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']);
/** The system's words, and PostgreSQL's classes 08 (connection), 57P0x (shutting down, crashed, starting up), 53300 (full). */
const codes = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08...|57P0[1-5]|53300)$/;
const words =
  /\.s\.PGSQL\.|connection (is closed|terminated|ended|refused|reset)|terminated unexpectedly|server closed the connection|not queryable|ECONNREFUSED|ECONNRESET|EPIPE|57P0[1-5]|(shutting down|starting up|in recovery mode|administrator command)|Can't reach database server|Transaction not found|Transaction already closed|Unable to start a transaction|too many clients|connection slots are reserved|too many connections for|(connect|socket) E[MN]FILE/i;

/** Whether an error says that the database could not be asked: its work may be tried again once it is back. */
export function isDatabaseAway(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const code = 'code' in at && typeof at.code === 'string' ? at.code : '';
    if (prismaCodes.has(code) || codes.test(code) || words.test(at.message)) return true;
    if (at instanceof AggregateError && at.errors.some(isDatabaseAway)) return true;
  }
  return false;
}
