import type { Execution } from '../contract/executions.ts';

/**
 * Whether a run is none of its skill's own: a replay, or a try of what nobody has saved. It has no part in the skill's limit of
 * runs at once and in its counts, and nothing follows when it fails.
 */
export const isAside = ({ mode, definition }: { mode: Execution['mode']; definition?: unknown }): boolean =>
  mode === 'replay' || (definition !== null && definition !== undefined);
