import type { FleetEntry } from '../../src/contract/fleet.ts';

const day = 86_400_000;

/** A VM reports when something ran, and tries for days; one that says nothing for longer may be in trouble. In milliseconds. */
const usual = 3 * day;

/** How many days a VM has said nothing; undefined when that is nothing to look after. */
export function silentFor(
  { suspended, lastReportAt, createdAt }: FleetEntry,
  now: number,
): number | undefined {
  if (suspended) return undefined;
  const silence = now - Date.parse(lastReportAt ?? createdAt);
  return silence > usual ? Math.floor(silence / day) : undefined;
}
