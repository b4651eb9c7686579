import type { Channel, Notices } from '../contract/channels.ts';

/** How notices stand in all, of channels as they are listed. */
export function sumNotices(channels: readonly Channel[]): Notices {
  const active = channels.filter(({ isActive }) => isActive);
  const troubled = active.find(({ lastError }) => lastError !== null);
  const total = (count: (channel: Channel) => number) =>
    channels.reduce((sum, channel) => sum + count(channel), 0);
  const oldest = channels.flatMap(({ oldestAt }) => oldestAt ?? []).sort();
  return {
    origin: (troubled ?? active[0])?.place ?? null,
    waiting: total(({ waiting }) => waiting),
    attempts: Math.max(0, ...active.map(({ failures }) => failures)),
    oldestAt: oldest[0] ?? null,
    givenUp: total(({ givenUp }) => givenUp),
    lastError: troubled?.lastError ?? null,
  };
}
