/** What the process ends with: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 refused. */
import { type ErrorCode, errorCodes } from '../contract/errors.ts';

export const exitCodes = { done: 0, failed: 1, usage: 2, notFound: 3, refused: 4 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Codes whose exit code is not what their HTTP status says: these are failures, not refusals of what was asked. */
const failures = new Set<string>([
  'E_ALREADY_RUNNING',
  'E_PORT_TAKEN',
  'E_MAX_TURNS',
  'E_COST_CAP',
  'E_COST_CAP_SKILL',
  'E_COST_CAP_DAY',
  'E_COST_CAP_MONTH',
  'E_CANCELLED',
  'E_INTERRUPTED',
] satisfies ErrorCode[]);

/** The exit code for an error with this stable code; `status` decides for codes that this program does not know. */
export function exitCodeFor(code: string, status?: number): ExitCode {
  if (failures.has(code)) return exitCodes.failed;
  if (code === 'E_USAGE') return exitCodes.usage;
  switch (errorCodes[code as ErrorCode] ?? status) {
    case 400:
    case 413:
    case 415:
    case 422:
      return exitCodes.usage;
    case 404:
    case 405:
      return exitCodes.notFound;
    case 401:
    case 403:
    case 409:
    case 412:
      return exitCodes.refused;
    default:
      return exitCodes.failed;
  }
}
