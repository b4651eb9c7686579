/** One server on both sides, and what differs. */

import type { Bench } from '../bench.ts';
import { tryBare } from './bare.ts';
import { tryHere } from './here.ts';

import { thrown } from './in-one-line.ts';
import { install } from './install.ts';
import type { Seen, Sight, Trial } from './trial.ts';
import { watchUnasked } from './unasked.ts';

const tenths = (ms: number): number => Math.round(ms / 100) / 10;

export async function compare(bench: Bench, trial: Trial): Promise<{ row: Seen; differences: string[] }> {
  const { program, diskMiB } = install(bench.scratch, trial);
  const folder = bench.folder(trial.name);
  const filled = (text: string) => text.replaceAll('{folder}', folder).replaceAll('{server}', bench.server);
  const call: Trial['call'] = trial.call && JSON.parse(filled(JSON.stringify(trial.call)));
  const own = Object.fromEntries(Object.entries(trial.env).map(([name, value]) => [name, filled(value)]));
  const args = trial.args.map(filled);
  const start = { program, args, env: { ...bench.environment, ...own }, cwd: folder };
  const bare = await tryBare(call, start);
  const here = await tryHere(bench, trial, { ...start, env: own }, bare.call);
  const unasked = 'error' in bare.sight ? undefined : await watchUnasked(bench.scratch, start);
  const off = 'error' in here.sight ? {} : here.sight.off;
  const differences = differencesOf(bare.sight, here.sight);
  const row: Seen = {
    name: trial.name,
    package: trial.package,
    server: bare.server,
    protocol: bare.protocol,
    bare: briefly(bare.sight),
    here: briefly(here.sight),
    off: Object.fromEntries(
      Object.entries(Object.groupBy(Object.values(off), (why) => why)).map(([why, all]) => [
        why,
        all?.length ?? 0,
      ]),
    ),
    call: bare.call && {
      tool: bare.call.tool,
      same: !differences.some((difference) => difference.startsWith('answers')),
    },
    tokens: here.tokens,
    memory: bare.memoryMiB,
    disk: diskMiB,
    unasked,
    start:
      'error' in bare.sight || 'error' in here.sight
        ? undefined
        : { bare: tenths(bare.sight.startMs), here: tenths(here.sight.startMs) },
  };
  return { row, differences };
}

/** How many tools can be used; or why none, without what is of this machine alone. */
const briefly = (sight: Sight): number | string =>
  'error' in sight
    ? sight.error.replace(/\/(?:tmp|home|work)\/[^\s'",:)]+/g, '…').slice(0, 300)
    : sight.tools.length - Object.keys(sight.off).length;

/** What works bare and not here, in words. */
function differencesOf(bare: Sight, here: Sight): string[] {
  if ('error' in bare) return [];
  if ('error' in here) return [`does not start: ${here.error}`];
  const missing = bare.tools.filter((tool) => !here.tools.includes(tool));
  const off = Object.entries(here.off).map(([tool, why]) => `${tool} is off: ${why}`);
  return [
    ...(missing.length > 0 ? [`tools are lost: ${missing.join(', ')}`] : []),
    ...off,
    ...(isSame(bare.answer, here.answer) ? [] : [`answers differ: ${bare.answer} | ${here.answer}`]),
  ];
}

/**
 * An error of the protocol is told in our words here, with the server's in them, and a call that takes too long in ours alone.
 * What the oldest servers answer the bare client does not read at all (`toolResult`): that Alfred does is no difference.
 */
function isSame(bare: string | undefined, here: string | undefined): boolean {
  if (bare === undefined || here === undefined) return bare === here;
  if (bare === '[false,[],null]') return true;
  if (!bare.startsWith(thrown)) return bare === here;
  const isLate = bare.includes('timed out') && here.includes('did not answer within');
  return here.startsWith(thrown) && (isLate || here.includes(bare.slice(thrown.length)));
}
