/** PostgreSQL's 53100 (disk_full), the system's ENOSPC and EDQUOT, and the words that Prisma passes on in their place. */
const codes = new Set(['53100', 'ENOSPC', 'EDQUOT']);
const words = /No space left on device|Disk quota exceeded|\b53100\b|could not extend file/i;

/** Whether an error says that the database has no room left: nothing was written, and it may be tried again once there is. */
export function isDiskFull(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const code = 'code' in at && typeof at.code === 'string' ? at.code : '';
    const meta = 'meta' in at ? (JSON.stringify(at.meta) ?? '') : '';
    if (codes.has(code) || words.test(at.message) || words.test(meta)) return true;
  }
  return false;
}
