import type { IncomingHttpHeaders } from 'node:http';

export type Query = Record<string, string | string[]>;

/** A delivery as it came. */
export type Delivery = {
  method: string;
  /** The address as its sender has it: the public one, with its query. */
  url: string;
  query: Query;
  headers: IncomingHttpHeaders;
  /** As it came over the wire, byte for byte. */
  body: Buffer;
  /** The same where the sender had compressed it. */
  inflated?: Buffer;
  /** What the body says, where a proof or an id stands in it. */
  content?: unknown;
};
