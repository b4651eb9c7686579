/** Time zones of the IANA database, as this Node knows them: the one source for schedules, caps and statistics. */

const clocks = new Map<string, Intl.DateTimeFormat>();

/**
 * Whether `zone` names a place of the IANA database, or UTC. Offsets such as +01:00 know no daylight saving; abbreviations
 * such as IST or BST mean one place here and another in the next program, and CET is not the same everywhere in summer.
 */
export const isZone = (zone: string): boolean =>
  (zone === 'UTC' || zone.includes('/')) && placeOf(zone) !== undefined;

/** The zone itself; for an abbreviation the place that Node understands by it; undefined for what is no zone. */
export function placeOf(zone: string): string | undefined {
  if (/^[+-]/.test(zone)) return undefined;
  try {
    const { timeZone } = clockOf(zone).resolvedOptions();
    return zone.includes('/') ? zone : timeZone;
  } catch {
    return undefined; // whether it is one was the question
  }
}

/**
 * How far the wall clock of `zone` is ahead of UTC at an instant. Both in milliseconds.
 *
 * @throws RangeError for a zone that Node does not know
 */
export function offsetAt(zone: string, instant: number): number {
  const [, sign, hours = '0', minutes = '0', seconds = '0'] =
    /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(clockOf(zone).format(instant)) ?? [];
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -size : size;
}

/**
 * The first millisecond after `from`, and at or before `until`, at which the clock of `zone` stands otherwise than at `from`;
 * undefined when it stands the same at both. The two are to be at most some days apart: no zone changes twice in a week.
 */
export function clockChange(zone: string, from: number, until: number): number | undefined {
  const before = offsetAt(zone, from);
  if (offsetAt(zone, until) === before) return undefined;
  let low = from;
  let high = until;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

/** Made once for a zone, as making one takes a hundred times as long as asking it. */
function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  clocks.set(zone, clock);
  return clock;
}
