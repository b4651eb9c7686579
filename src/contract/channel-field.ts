/** What is known of a kind of channel, and of each thing that it asks for: channel-kinds.ts has them all. */

/** One thing that a channel is set up with. */
export type ChannelField = {
  label: string;
  hint?: string;
  example?: string;
  /** Sealed, and never shown again. */
  isSecret?: boolean;
  /** What holds where it is left out; without it, it must be given. */
  otherwise?: string;
  isOptional?: boolean;
  /** Made up where none is given, and shown once: `whsec_` and 32 bytes. */
  isMadeUp?: boolean;
  /** A secret that is entered elsewhere too: the console makes one up, and shows it until it is saved. */
  isProposed?: boolean;
  /** Says whose the secrets are: when it changes, they are entered again. */
  isPlace?: boolean;
  /** An `http(s)://` address. */
  isAddress?: boolean;
  choices?: readonly (readonly [value: string, label: string])[];
  /** What its text must be, and what to use where it is not. */
  pattern?: RegExp;
  wrong?: string;
};

export type ChannelKindFacts = {
  label: string;
  /** In a sentence: where notices come to. */
  about: string;
  /** What its owner does there, one act a line. */
  steps: readonly string[];
  fields: Readonly<Record<string, ChannelField>>;
  /** The browser that is told fills it in itself: its owner types nothing, and the command line cannot. */
  isMadeByBrowser?: boolean;
  /** It may stand in the owner's own network, once they say so. */
  isOwn?: boolean;
  /** Others read along there: links that approve are left out unless their owner puts them in. */
  isShared?: boolean;
  /** Where notices go, for people; no secret is in it. */
  placeOf: (values: Readonly<Record<string, string>>) => string;
};
