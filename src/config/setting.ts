import type { z } from 'zod';
import type { SettingPlace } from '../contract/config.ts';

/** An entry that a person may set. */
export type Setting = {
  /** Reads the stored text. */
  schema: z.ZodType<unknown, unknown>;
  /** What may be set from now on, where that is less than what may stand. */
  entered?: z.ZodType<unknown, unknown>;
  /** What it does, as a sentence or two: for documents, the command line and the console alike. */
  words: string;
  /** The text that holds where nothing is set. */
  default?: string | (() => string);
  /** The same in words, where no text says it. */
  otherwise?: string;
  /** What the number counts. */
  unit?: 'milliseconds' | 'minutes' | 'days' | 'bytes' | 'tokens' | 'US dollars';
  /** Sealed, and never read as text (contract/config.ts, isSecretKey). */
  secret?: true;
  /** Where the console's settings page shows it; left out for one that has a place of its own, or none. */
  place?: SettingPlace;
};
