import type { ExecutionSummary } from '../../src/contract/executions.ts';

/** Whether a cap ended it, whichever. */
export const isCapMet = ({ errorCode }: Pick<ExecutionSummary, 'errorCode'>): boolean =>
  errorCode?.startsWith('E_COST_CAP') === true;
