import type { Message } from '../message.ts';
import type { Outside } from '../outside.ts';

/**
 * Sends one message by a channel of its kind.
 *
 * @param values what the channel is set up with by the fields of its kind, secrets open
 * @returns what the other side answered, in its own words
 * @throws SendFailure when the other side answers, and takes nothing; AlfredError where it cannot be reached
 */
export type Send = (
  message: Message,
  values: Readonly<Record<string, string>>,
  outside: Outside,
) => Promise<string>;

/** A field that its kind requires, and that was checked when the channel was saved. */
export function given(values: Readonly<Record<string, string>>, name: string): string {
  const value = values[name];
  if (value === undefined) throw new Error(`The channel has no ${name}`);
  return value;
}

export const jsonHeaders = { 'content-type': 'application/json' };
