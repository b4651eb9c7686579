import type { Settings } from '../../kernel/settings.ts';
import { readHomeLock } from '../../processes/home-lock.ts';
import { connectApi } from '../api.ts';
import { formatDuration, plural } from '../render/figures.ts';
import type { Finding } from './check.ts';

/** One that was tried less often may only have met a hiccup. */
const manyAttempts = 3;

export async function checkNotices({ home }: Settings): Promise<Finding> {
  const id = 'notices';
  const holder = await readHomeLock(home);
  if (!holder?.address) return { id, state: 'good', message: 'can be looked at while the server runs' };
  const api = await connectApi(home);
  const state = await api.readNotices();
  const { origin, waiting, attempts, oldestAt, givenUp, lastError } = state;
  const remedy = 'see that it answers with 2xx, or change it: npx alfred config set notify_webhook_url';
  const why = lastError === null ? '' : `: ${lastError}`;
  if (origin === null)
    return { id, state: 'good', message: 'notices of failures go nowhere: no address is set' };
  if (waiting > 0 && attempts >= manyAttempts) {
    const since = formatDuration(Date.now() - Date.parse(oldestAt ?? ''));
    const message = `${origin} takes nothing, ${plural(waiting, 'notice')} wait for ${since}${why}`;
    return { id, state: 'bad', message, remedy };
  }
  if (givenUp > 0) {
    return {
      id,
      state: 'warn',
      message: `${plural(givenUp, 'notice')} to ${origin} were given up${why}`,
      remedy,
    };
  }
  return { id, state: 'good', message: `${origin} is told of what failed or waits` };
}
