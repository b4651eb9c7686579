/** A client of the API, made from its operations: `api.getSkill({ params: { slug } })`. */
import type { Input, Operation, Output } from './operation.ts';

export type CallOptions = {
  /** Sent as `If-Match`: nothing is done to what was changed meanwhile (412). */
  etag?: string | undefined;
  signal?: AbortSignal | undefined;
};

/** An answer with the ETag of what it shows. */
export type Tagged<Body> = { body: Body; etag: string | undefined };

/** What is sent may be left out where nothing is asked of it. */
type Arguments<O> =
  object extends Input<O>
    ? [input?: Input<O>, options?: CallOptions]
    : [input: Input<O>, options?: CallOptions];

type Calls<Ops extends Record<string, Operation>> = {
  [Name in keyof Ops]: (...given: Arguments<Ops[Name]>) => Promise<Output<Ops[Name]>>;
};
type TaggedCalls<Ops extends Record<string, Operation>> = {
  [Name in keyof Ops]: (...given: Arguments<Ops[Name]>) => Promise<Tagged<Output<Ops[Name]>>>;
};

export type Client<Ops extends Record<string, Operation>> = Calls<Ops> & { tagged: TaggedCalls<Ops> };

/** What one call sends. */
export type Sent = {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
};

type Send<Known> = (operation: Known, sent: Sent, options: CallOptions) => Promise<Tagged<unknown>>;

/**
 * @param known by the operations' names, what `send` needs to know of each: the whole operation, or its route alone
 * @param send makes one call and gives the answer; it throws what its surface shows as a failure
 */
export function clientOf<Ops extends Record<string, Operation>, Known>(
  known: Record<keyof Ops & string, Known>,
  send: Send<Known>,
): Client<Ops> {
  const entries = Object.entries<Known>(known);
  const tagged = Object.fromEntries(
    entries.map(([name, one]) => [
      name,
      (sent: Sent = {}, options: CallOptions = {}) => send(one, sent, options),
    ]),
  );
  const plain = Object.fromEntries(
    Object.entries(tagged).map(([name, call]) => [
      name,
      async (sent?: Sent, options?: CallOptions) => (await call(sent, options)).body,
    ]),
  );
  // By its name each call takes and gives what its operation says.
  return { ...plain, tagged } as unknown as Client<Ops>;
}
