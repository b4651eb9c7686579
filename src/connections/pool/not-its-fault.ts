import { isAlfredError } from '../../kernel/errors.ts';
import { shortageOf } from '../../kernel/shortage.ts';

/** Errors that say nothing of the server: the owner's decision, or an accident of ours. They delay nothing, and mark nothing. */
export const isNotItsFault = (error: unknown): boolean =>
  isAlfredError(
    error,
    'E_NOT_FOUND',
    'E_NOT_APPROVED',
    'E_CONNECTION_INACTIVE',
    'E_CANCELLED',
    'E_DATABASE',
  ) || shortageOf(error) !== undefined;
