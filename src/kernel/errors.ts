/**
 * One base for every error that reaches a person or a program: a stable code, a sentence that says what happened and
 * why, and a remedy that says what to do next. Anything else that is thrown is a bug and is shown as E_INTERNAL.
 */
import { type ErrorCode, errorCodes } from '../contract/errors.ts';

export type FieldError = { field: string; message: string };

export type AlfredErrorOptions = {
  /** What to do next, as one sentence. */
  remedy?: string;
  /** The fields of the input that were wrong, as JSON pointers. */
  fields?: FieldError[];
  cause?: unknown;
};

export class AlfredError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string | undefined;
  readonly fields: FieldError[] | undefined;

  /** @param message what happened and why, for a person; never a secret */
  constructor(code: ErrorCode, message: string, options: AlfredErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AlfredError';
    this.code = code;
    this.remedy = options.remedy;
    this.fields = options.fields;
  }

  /** The HTTP status that this code has everywhere. */
  get status(): number {
    return errorCodes[this.code];
  }
}

/** True when `error` is an AlfredError, with one of `codes` if any are given. */
export const isAlfredError = (error: unknown, ...codes: ErrorCode[]): error is AlfredError =>
  error instanceof AlfredError && (codes.length === 0 || codes.includes(error.code));

/** The message of anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What happened, and what to do, for a place that has one line for both. */
export const withRemedy = (error: unknown): string =>
  error instanceof AlfredError && error.remedy !== undefined
    ? `${error.message} ${error.remedy}`
    : messageOf(error);
