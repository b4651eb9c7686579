/** An MCP server that many people want, as it was tried (docs/servers.md): what to paste, what it needs, what it may do. */
export type KnownServer = {
  title: string;
  /** What Alfred can do with it. */
  what: string;
  /** Of npm, with the version that was tried. */
  package: string;
  /** After the package. What stands in angle brackets, below /home/me or at a host in .home is the owner's to change. */
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** What the owner needs, and where to get it. */
  needs?: string;
  /** The most that it can do with what it is given. */
  may: string;
  /** What an owner should know of it. */
  know?: string;
};
