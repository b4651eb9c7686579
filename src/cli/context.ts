/**
 * What every command is given. The rules of this surface: results go to stdout; questions, progress and errors go to
 * stderr; with `--json` stdout gets one JSON document and stderr nothing but questions; lower case, no full stop after
 * hints; no colour where nobody looks or where NO_COLOR says so.
 */
import type { Writable } from 'node:stream';
import pc from 'picocolors';
import { useProxies } from '../kernel/proxies.ts';
import { readSettings, type Settings } from '../kernel/settings.ts';
import { type Api, connectApi } from './api.ts';
import { type CoreApi, connectCore } from './core-api.ts';

export type Stream = Writable & { isTTY?: boolean; columns?: number };

/** The process as a command sees it; a test gives its own. */
export type Io = {
  stdin: NodeJS.ReadStream;
  stdout: Stream;
  stderr: Stream;
  env: NodeJS.ProcessEnv;
  now(): Date;
  /** Called with each Ctrl-C or SIGTERM until the returned function is called. */
  onInterrupt(handler: (signal: NodeJS.Signals) => void): () => void;
};

/** The width of a terminal; undefined where it does not say: one that says 0 (`docker exec -t`, `expect`) does not either. */
export const columnsOf = ({ columns }: Stream): number | undefined => columns || undefined;

export type Colors = ReturnType<typeof pc.createColors>;

const wantsColor = (stream: Stream, env: NodeJS.ProcessEnv): boolean => {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && env.TERM !== 'dumb';
};

export type Context = Io & {
  /** What follows `alfred`, as it was typed. */
  argv: readonly string[];
  json: boolean;
  /** Colours for stdout and for stderr. */
  out: Colors;
  err: Colors;
  /** The width of stdout's terminal; undefined on a pipe, where nothing is cut. */
  columns: number | undefined;
  /** True when a person sits there who can be asked. */
  canAsk: boolean;
  /** A result, with a line feed after it. */
  print(text: string): void;
  /** The one document of `--json`. */
  printJson(value: unknown): void;
  /** What a person may want to know along the way; silent with `--json`. */
  note(text: string): void;
  /** Of the environment; from the first reading on this process goes out through its proxies. */
  settings(): Settings;
  /** The running server. @throws CliProblem E_NOT_RUNNING */
  api(): Promise<Api>;
  /** The Alfred Core that runs here, as its operator. @throws CliProblem E_NOT_RUNNING */
  core(): Promise<CoreApi>;
};

export function createContext(io: Io, argv: readonly string[], json: boolean): Context {
  const columns = io.stdout.isTTY === true ? Math.max(40, columnsOf(io.stdout) ?? 80) : undefined;
  const settings = () => {
    const read = readSettings(io.env, io.stderr.isTTY === true);
    useProxies(read.proxies);
    return read;
  };
  return {
    ...io,
    argv,
    json,
    out: pc.createColors(wantsColor(io.stdout, io.env)),
    err: pc.createColors(wantsColor(io.stderr, io.env)),
    columns,
    canAsk: io.stdin.isTTY === true && io.stderr.isTTY === true,
    print: (text) => void io.stdout.write(`${text}\n`),
    printJson: (value) => void io.stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    note: (text) => {
      if (!json) io.stderr.write(`${text}\n`);
    },
    settings,
    api: () => connectApi(settings().home),
    core: () => connectCore(io.env),
  };
}

/** Prints `value` as the JSON document, or else what `render` makes of it. */
export function present<T>(context: Context, value: T, render: (value: T) => string): void {
  if (context.json) context.printJson(value);
  else {
    const text = render(value);
    if (text !== '') context.print(text);
  }
}
