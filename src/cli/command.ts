/** How a verb is declared: its words, its help with an example, `--json`, and what it does. */
import type { Command } from 'commander';
import type { Context } from './context.ts';
import type { ExitCode } from './exit-codes.ts';

/** Runs a verb with the context of this call; program.ts gives it. */
export type Dispatch = (
  json: boolean,
  work: (context: Context) => Promise<ExitCode | undefined>,
) => Promise<void>;

export type Verb<Options> = {
  /** As commander takes it: `run <slug> [pairs...]`. */
  usage: string;
  /** One line for the list of verbs. */
  summary: string;
  /** More, for this verb's own help. */
  description?: string;
  /** What to type, with what it does: shown under the options. */
  examples: [command: string, effect: string][];
  /** Adds options. */
  options?: (command: Command) => void;
  run: (context: Context, operands: string[], options: Options) => Promise<ExitCode | undefined>;
};

/** `Verb.run` gets its operands as one flat list; a missing optional one is left out. */
const operandsOf = (command: Command): string[] => command.args.map(String);

/** Adds a verb under a noun (or at the top). */
export function addVerb<Options extends object>(
  parent: Command,
  dispatch: Dispatch,
  verb: Verb<Options>,
): void {
  const command = parent.command(verb.usage).summary(verb.summary);
  command.description(
    verb.description === undefined ? verb.summary : `${verb.summary}\n\n${verb.description}`,
  );
  verb.options?.(command);
  command.option('--json', 'print one JSON document and nothing else');
  command.addHelpText('after', () => {
    const lines = verb.examples.flatMap(([line, effect]) => [`  ${line}`, `      ${effect}`]);
    return `\n${verb.examples.length === 1 ? 'Example' : 'Examples'}:\n${lines.join('\n')}`;
  });
  command.action(async () => {
    const options = command.opts<Options & { json?: boolean }>();
    await dispatch(options.json === true, (context) => verb.run(context, operandsOf(command), options));
  });
}

/** For options that may be given more than once. */
export const collect = (value: string, before: string[] = []): string[] => [...before, value];
