import type { ContentLevel } from '../contract/channel-kinds.ts';

/** What a notice says, before it is cut to what its channel may be told. */
export type Said = {
  /** That something happened, and nothing of what. */
  bare: string;
  /** The same with the name of what it is about. */
  title: string;
  /** All that there is to say. */
  text: string;
  /** Its first line. */
  headline: string;
  /** The page of the console, from its root. */
  page: string;
  /** What groups notices that belong together: an execution, or a kind of trouble. */
  thread: string;
  isUrgent: boolean;
  /** The type of the notice, for a program. */
  type: string;
  /** What a program is told at each level. */
  data: Record<ContentLevel, Record<string, unknown>>;
};
