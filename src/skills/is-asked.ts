/** Which of a step's calls a person is asked about. */
import type { Tool } from '../contract/connections.ts';
import type { Step } from '../contract/skills.ts';

/**
 * Whether a rule asks before a call of a tool that its server marks so. `destructive`: unless the tool is marked read-only,
 * or marked not destructive (the specification of MCP has a tool destructive where it does not say).
 */
export function isAsked(approval: Step['approval'], annotations: Tool['annotations']): boolean {
  if (approval === undefined || approval === 'never') return false;
  if (approval === 'always') return true;
  return annotations?.readOnlyHint !== true && annotations?.destructiveHint !== false;
}
