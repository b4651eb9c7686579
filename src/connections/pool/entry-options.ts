/** What the pool says of an entry when it makes it. */
import type { Backoff } from '../../kernel/backoff.ts';

export type EntryOptions = {
  name: string;
  callTimeoutMs: number;
  idleMs: number;
  backoff: Backoff;
  /** The end of the server that this one replaces. */
  before: Promise<void>;
  onToolsChanged: () => void;
};
