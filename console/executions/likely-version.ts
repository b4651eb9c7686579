import type { Execution, RetryRequest } from '../../src/contract/executions.ts';
import { helpFor } from './execution-help.ts';

/**
 * Whoever changed the skill after one of its caps, limits or steps ended a run wants to see whether that helped; whatever else
 * ended it, the same is meant once more.
 *
 * @param current the version of the skill as it is now, where it is another
 */
export function likelyVersion(
  { errorCode, status }: Pick<Execution, 'errorCode' | 'status'>,
  current: number | undefined,
): RetryRequest['version'] {
  const { at } = helpFor(errorCode);
  const isOfSkill = status === 'failed' && errorCode !== null && at === 'skill';
  return current !== undefined && isOfSkill ? 'current' : 'original';
}
