import type { Channel } from '../../contract/channels.ts';
import type { Settings } from '../../kernel/settings.ts';
import { readHomeLock } from '../../processes/home-lock.ts';
import { connectApi } from '../api.ts';
import { formatDuration, plural } from '../render/figures.ts';
import type { Finding } from './check.ts';

/** One that failed less often may only have met a hiccup. */
const manyFailures = 3;

export async function checkNotices({ home }: Settings): Promise<Finding> {
  const id = 'notices';
  const holder = await readHomeLock(home);
  if (!holder?.address) return { id, state: 'good', message: 'can be looked at while the server runs' };
  const { items } = await (await connectApi(home)).listChannels();
  if (items.length === 0)
    return {
      id,
      state: 'good',
      message: 'notices of failures go nowhere: there is no channel (alfred notice add)',
    };
  const broken = items.find(({ failures, isActive, lastError }) =>
    isActive ? failures >= manyFailures : lastError?.startsWith('E_ROW_ALTERED') === true,
  );
  if (broken) return { id, state: 'bad', message: whatIsWrong(broken), remedy: remedyOf(broken) };
  const lost = items.find(({ givenUp }) => givenUp > 0);
  if (lost) {
    const message = `${plural(lost.givenUp, 'notice')} by ${lost.name} to ${lost.place} were given up`;
    return { id, state: 'warn', message, remedy: remedyOf(lost) };
  }
  const active = items.filter(({ isActive }) => isActive);
  if (active.length === 0)
    return { id, state: 'good', message: 'notices go nowhere: every channel is switched off' };
  return {
    id,
    state: 'good',
    message: `${active.map(({ name, place }) => `${name} (${place})`).join(', ')} ${active.length === 1 ? 'is' : 'are'} told`,
  };
}

function whatIsWrong({ name, place, waiting, failingSince, lastError }: Channel): string {
  if (failingSince === null) return `${name}: ${lastError ?? ''}`;
  const since = formatDuration(Date.now() - Date.parse(failingSince));
  return `${name} (${place}) takes nothing for ${since}, ${plural(waiting, 'notice')} ${waiting === 1 ? 'waits' : 'wait'}: ${lastError ?? ''}`;
}

const remedyOf = ({ name }: Channel): string =>
  `alfred notice test ${name} says what it answers; alfred notice change ${name}`;
