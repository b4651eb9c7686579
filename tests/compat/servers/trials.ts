/** The servers that are tried, each with the values that stand in for its owner's. */
import type { KnownServer } from '../../../src/contract/known-servers/known-server.ts';
import { knownServers } from '../../../src/contract/known-servers/known-servers.ts';
import { otherServers } from './others.ts';
import { calls, standIns } from './stand-ins.ts';
import type { Trial } from './trial.ts';

/** Good for nothing, and of a form that most programs take. */
const anyKey = 'k9f3a7c2e8b14d60aa517f2be3c4d5a6';

/** What the owner would put in place of an example. */
function filled(name: string, text: string): string {
  const own = standIns[name] ?? {};
  return text
    .replace(/<your-[\w-]+>/g, (example) => own[example] ?? own['<any>'] ?? anyKey)
    .replace(/\/home\/me\/([\w.-]+\.\w+|\.kube\/config)/g, '{folder}/$1')
    .replace(/\/home\/me\/\w+/g, '{folder}')
    .replace(/http:\/\/[\w-]+\.home(:\d+)?/g, '{server}')
    .replace(/server\.home|[a-z]+\.example\.com/g, '127.0.0.1');
}

const trialOf = (name: string, { package: pinned, args = [], env = {} }: KnownServer): Trial => ({
  name,
  package: pinned,
  args: args.map((arg) => filled(name, arg)),
  env: Object.fromEntries(Object.entries(env).map(([variable, value]) => [variable, filled(name, value)])),
  call: calls[name],
});

export const trials: readonly Trial[] = Object.entries({ ...knownServers, ...otherServers })
  .toSorted(([one], [other]) => one.localeCompare(other, 'en'))
  .map(([name, server]) => trialOf(name, server));
