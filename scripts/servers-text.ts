/** The tables of docs/servers.md, from the servers' own data and what was seen of them. */
import { readFileSync } from 'node:fs';
import type { KnownServer } from '../src/contract/known-servers/known-server.ts';
import { knownServers } from '../src/contract/known-servers/known-servers.ts';
import { otherServers } from '../tests/compat/servers/others.ts';
import type { Seen } from '../tests/compat/servers/trial.ts';
import { inRoot } from './make-once.ts';
import { grouped, tableText } from './table-text.ts';

const all: Readonly<Record<string, KnownServer>> = { ...knownServers, ...otherServers };

const seenServers = (): Seen[] => JSON.parse(readFileSync(inRoot('tests/compat/servers/seen.json'), 'utf8'));

/** A row a server that starts: what it has, what it needs, what it may do. */
export function serversText(): string {
  const rows = seenServers().flatMap((seen) => {
    const server = all[seen.name];
    if (server === undefined || typeof seen.here !== 'number') return [];
    return [
      [
        server.title,
        `\`${seen.package}\``,
        toolsOf(seen),
        grouped(seen.tokens ?? 0),
        seen.start === undefined ? '' : `${seen.start.here} s`,
        `${seen.memory ?? '?'} / ${seen.disk} MiB`,
        server.needs ?? 'nothing',
        server.may,
        [server.know, ...manners(seen)].filter((text) => text !== undefined).join(' '),
      ],
    ];
  });
  return tableText(
    ['server', 'package', 'tools', 'tokens', 'ready in', 'memory, disk', 'needs', 'may', 'to know'],
    rows.toSorted(([one = ''], [other = '']) => one.localeCompare(other, 'en')),
  );
}

/** A row a server that starts for nobody without what a trial cannot give it. */
export function serversThatNeedMoreText(): string {
  const rows = seenServers().flatMap((seen) => {
    const server = all[seen.name];
    if (server === undefined || typeof seen.here === 'number') return [];
    return [
      [
        server.title,
        `\`${seen.package}\``,
        server.needs ?? '',
        [server.may, server.know].filter((text) => text !== undefined).join(' '),
      ],
    ];
  });
  return tableText(['server', 'package', 'needs', 'may; to know'], rows);
}

const toolsOf = ({ here, off }: Seen): string => {
  const reasons = Object.entries(off).map(([why, count]) => `${count} off: ${why}`);
  return [String(here), ...reasons].join('; ');
};

/** What it was seen to do that nobody asked for, and what other clients make of it. */
function manners({ bare, unasked, call }: Seen): string[] {
  const { dials = [], writes = [], changes = [] } = unasked ?? {};
  return [
    ...(typeof bare === 'string' ? ['The SDK’s own client refuses its list of tools.'] : []),
    ...(dials.length > 0 ? [`Looks up ${dials.join(', ')} when it starts, unasked.`] : []),
    ...(writes.length > 0
      ? [`Writes ${writes.map((file) => `\`${file}\``).join(', ')} when it starts.`]
      : []),
    ...(changes.length > 0
      ? [
          `Its ${changes.join(', ')} is another tool on another day: Alfred turns it off until it is approved again.`,
        ]
      : []),
    ...(call?.same === false ? ['Its answers differ from one start to the next.'] : []),
  ];
}
