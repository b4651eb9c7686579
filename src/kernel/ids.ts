import { randomInt } from 'node:crypto';
import { v7 } from 'uuid';
import { millisNow } from './clock.ts';

/** A clock that was put back by more is followed: by less, ids go on behind the last one. In milliseconds. */
const followedFromMs = 10_000;
/** What is counted up within a millisecond begins in the lower half of its 32 bits. */
const sequences = 2 ** 31;

let last = { msecs: 0, seq: 0 };

/**
 * A new id: UUIDv7 (RFC 9562, section 5.7), so ids sort by the time they were made, which is the database's, and those of one
 * process in their order.
 */
export function newId(): string {
  const now = millisNow();
  const goesOn = now <= last.msecs && now > last.msecs - followedFromMs;
  last = goesOn ? { ...last, seq: last.seq + 1 } : { msecs: now, seq: randomInt(sequences) };
  return v7(last);
}
