/** A failure that is kept or handed on, where an error would be thrown. */
import type { ErrorCode } from '../contract/errors.ts';
import type { AlfredError } from './errors.ts';

export type Failure = {
  code: ErrorCode;
  /** What happened and why, for a person. */
  message: string;
  /** What to do next. */
  remedy: string;
  /** The HTTP status that the other side answered with, if it answered. */
  status?: number | undefined;
  /** When the other side asks to wait, in seconds. */
  retryAfterSeconds?: number | undefined;
};

/** What another part of the program has put into words. */
export const failureOf = (error: AlfredError): Failure => ({
  code: error.code,
  message: error.message,
  remedy: error.remedy ?? '',
});
