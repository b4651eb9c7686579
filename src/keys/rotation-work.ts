import type { RotationStage } from '../contract/vault.ts';
import type { Holder } from './holders.ts';

/** How far a change of keys is. */
export type Progress = {
  stage: RotationStage;
  done: number;
  total: number;
  /** Processes that do not hold the new keys yet. */
  waitingFor: readonly Holder[];
};

export type RotationWork = {
  /** Aborted: the VM stops; what was begun goes on at the next start. */
  signal: AbortSignal;
  tell(progress: Partial<Progress>): void;
  /** How long processes have to take new keys, in milliseconds. */
  patienceMs: number;
  /** How many rows of a table are changed in one transaction. */
  batchRows: number;
};
