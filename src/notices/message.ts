/** What a channel is given to send: words for a person, and the same for a program. All of it is redacted. */
export type Message = {
  /** The same at every attempt. */
  id: string;
  /** When it happened: ISO 8601, in UTC. */
  at: string;
  /** One line. */
  title: string;
  /** May be empty, and may be long. */
  text: string;
  /** Where to look, where the VM knows how it is reached. */
  page: string | undefined;
  /** The same from the root of the console, for what knows itself where that is. */
  path: string;
  /** What a person can do by a link, such as to approve a call. */
  links: readonly { label: string; url: string }[];
  /** What groups messages that belong together: an execution, or a kind of trouble. */
  thread: string;
  /** Whether somebody is waited for, or something is broken. */
  isUrgent: boolean;
  /** For a program (docs/operations.md, Notices). */
  body: Readonly<Record<string, unknown>>;
};

/** Title, text and links as one text, for what has no place of their own for them. */
export const asText = ({ title, text, page, links }: Message, cut: (text: string) => string): string => {
  const ways = [...links.map(({ label, url }) => `${label}: ${url}`), ...(page === undefined ? [] : [page])];
  return [title, cut(text), ways.join('\n')].filter((part) => part !== '').join('\n\n');
};
