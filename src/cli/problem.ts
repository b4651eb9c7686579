/** Errors as the command line shows them: from the server (problem+json), from our own code, or a wrong command. */
import type { FieldError } from '../kernel/errors.ts';
import { isAlfredError, messageOf } from '../kernel/errors.ts';
import { type ExitCode, exitCodeFor } from './exit-codes.ts';

/** Something that ends a command. `code` is stable; `E_USAGE` stands for a wrong command line. */
export class CliProblem extends Error {
  readonly code: string;
  readonly remedy: string | undefined;
  readonly fields: FieldError[];
  readonly exitCode: ExitCode;

  constructor(
    code: string,
    message: string,
    options: {
      remedy?: string | undefined;
      fields?: FieldError[] | undefined;
      status?: number;
      cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CliProblem';
    this.code = code;
    this.remedy = options.remedy;
    this.fields = options.fields ?? [];
    this.exitCode = exitCodeFor(code, options.status);
  }
}

export const isCliProblem = (error: unknown, code: string): error is CliProblem =>
  error instanceof CliProblem && error.code === code;

/** A wrong command line, with what to type instead. */
export const usageProblem = (message: string, remedy?: string): CliProblem =>
  new CliProblem('E_USAGE', message, { remedy });

/** Without `--` the options of the command to run would be taken for ours: `npx -y` for our `--yes`. */
export const missingSeparator = (): CliProblem =>
  usageProblem(
    'The command that starts the server comes after --',
    'alfred connection add NAME -- npx -y some-mcp-server',
  );

/** What a person answered no to, or what a script may not do. */
export const refusedProblem = (message: string, remedy?: string): CliProblem =>
  new CliProblem('E_REFUSED', message, { remedy, status: 403 });

/** Anything thrown, as a problem. A bug keeps its stack in `cause`. */
export function toProblem(error: unknown): CliProblem {
  if (error instanceof CliProblem) return error;
  if (isAlfredError(error)) {
    return new CliProblem(error.code, error.message, {
      remedy: error.remedy,
      fields: error.fields,
      cause: error,
    });
  }
  return new CliProblem('E_INTERNAL', messageOf(error), { cause: error });
}

/** The problem as `--json` prints it. */
export const problemDocument = (problem: CliProblem): Record<string, unknown> => ({
  error: {
    code: problem.code,
    message: problem.message,
    ...(problem.remedy === undefined ? {} : { remedy: problem.remedy }),
    ...(problem.fields.length === 0 ? {} : { errors: problem.fields }),
  },
});
