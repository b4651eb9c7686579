/** The command line inside the test's own process: its streams kept, its exit code returned. For what needs no server. */
import { Readable } from 'node:stream';
import type { Io, Stream } from '../../src/cli/context.ts';
import { runCli } from '../../src/cli/program.ts';
import { keptLines } from './kept-lines.ts';

export type CapturedStream = Stream & { text(): string };

/** A stream that keeps what is written; with `columns` it passes for a terminal. */
export function capture(columns?: number): CapturedStream {
  const { destination, logged } = keptLines();
  const terminal = columns === undefined ? {} : { isTTY: true, columns };
  return Object.assign(destination, terminal, { text: logged });
}

export type InProcess = {
  code: number;
  stdout: string;
  stderr: string;
  /** The one JSON document of `--json`. */
  json(): unknown;
};
export type InProcessOptions = { input?: string; env?: Record<string, string>; columns?: number };

/** Runs one command line on a home, with `input` on standard input. */
export async function runInProcess(
  home: string,
  argv: string[],
  options: InProcessOptions = {},
): Promise<InProcess> {
  const stdout = capture(options.columns);
  const stderr = capture();
  const io: Io = {
    stdin: Readable.from(options.input === undefined ? [] : [Buffer.from(options.input)]) as Io['stdin'],
    stdout,
    stderr,
    env: { ALFRED_HOME: home, ...options.env },
    now: () => new Date(),
    onInterrupt: () => () => {},
  };
  const code = await runCli(argv, io);
  return { code, stdout: stdout.text(), stderr: stderr.text(), json: () => JSON.parse(stdout.text()) };
}
