/** How near the server is to the files and sockets that the machine lets it have open. */
import type { Finding } from '../../contract/doctor.ts';

/** Parts of what is allowed. A run and a connection take up to 20 each. */
const noticeable = 0.7;
const nearlyAll = 0.9;

/** @param files `open`: undefined where it is not known */
export function checkOpenFiles(
  id: string,
  { open, most }: { open: number | undefined; most: number },
): Finding {
  if (open === undefined) return { id, state: 'good', message: 'how many are open is not known here' };
  if (!Number.isFinite(most)) return { id, state: 'good', message: `${open} are open; there is no limit` };
  const message = `${open} of ${most} are open`;
  if (open <= most * noticeable) return { id, state: 'good', message };
  return {
    id,
    state: open > most * nearlyAll ? 'bad' : 'warn',
    message: `${message}: runs wait when there are none left`,
    remedy: 'raise it (ulimit -n 1024; LimitNOFILE= of systemd, --ulimit nofile= of Docker), and start again',
  };
}
