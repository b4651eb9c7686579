/** One server as it is tried: what is installed and started, and what was seen of it. */

export type Trial = {
  /** Its word in docs/servers.md, and the connection's name. */
  name: string;
  /** Of npm, with the version that is tried: `mcp-obsidian@1.0.0`. */
  package: string;
  /** The program of the package, where it is not the one that npx starts. */
  bin?: string;
  /** `{folder}` stands for a folder with some files in it, `{server}` for a web server that answers everything with `{}`. */
  args: readonly string[];
  /** Values that stand in for the owner's: well formed, and good for nothing. */
  env: Readonly<Record<string, string>>;
  /** A call that changes nothing and answers the same twice. Left out, one is looked for. */
  call?: { tool: string; args: Record<string, unknown> } | undefined;
};

/** What one client saw of one server. */
export type Sight =
  | { error: string }
  | {
      tools: string[];
      /** Of the tools, those that no model can be given, each with the reason. */
      off: Record<string, string>;
      /** From its start to its list of tools, in milliseconds. */
      startMs: number;
      /** What the call answered, in one line; undefined where none was made. */
      answer: string | undefined;
    };

/** A row of what was seen: the table of docs/servers.md is made of it. */
export type Seen = {
  name: string;
  package: string;
  /** What the server calls itself. */
  server?: string | undefined;
  protocol?: string | undefined;
  /** Of the bare client: how many tools, or the line that says why there are none. */
  bare: number | string;
  /** The same of Alfred. */
  here: number | string;
  /** Tools that Alfred keeps off, by the reason. */
  off: Record<string, number>;
  /** The tool that was called on both sides, and whether the answers are the same. */
  call?: { tool: string; same: boolean } | undefined;
  /** Tokens that all its tools together take in a request. */
  tokens?: number | undefined;
  /** What it holds of memory once it has listed its tools, and of disk, in MiB. */
  memory?: number | undefined;
  disk: number;
  /** Hosts that it looks up by itself, what it writes into a new home, tools that are others on another day. */
  unasked?: { dials: string[]; writes: string[]; changes: string[] } | undefined;
  /** To the list of its tools, in seconds. */
  start?: { bare: number; here: number } | undefined;
};
