import type { ContentLevel } from '../contract/channel-kinds.ts';

/** What a notice says, before it is cut to what its channel may be told. */
export type Said = {
  /** That something happened, and nothing of what. */
  bare: string;
  /** With its name. */
  title: string;
  /** All that there is to say. */
  text: string;
  /** Its first line. */
  headline: string;
  /** The page of the console, from its root. */
  page: string;
  /** What belongs together: an execution, or a kind of trouble. */
  thread: string;
  isUrgent: boolean;
  /** Of the notice, for a program. */
  type: string;
  /** And what it says at each level. */
  data: Record<ContentLevel, Record<string, unknown>>;
};
