import { v7 } from 'uuid';

/** A new id: UUIDv7 (RFC 9562, section 5.7), so ids sort by the time they were made. */
export const newId = (): string => v7();
