import type { SecretsInUse } from '../config/secrets-in-use.ts';
import type { CallProgress } from './link.ts';

/** How a call goes through the pool. */
export type PoolCallOptions = {
  signal?: AbortSignal | undefined;
  timeoutMs?: number | undefined;
  onProgress?: ((progress: CallProgress) => void) | undefined;
  /** Awaited right before the call is sent: from then on it may have had its effect. */
  onDispatch?: ((uses: SecretsInUse) => Promise<void>) | undefined;
  /** Told of the run that the call started: of chat's own tools. */
  onRun?: ((executionId: string) => void) | undefined;
};
