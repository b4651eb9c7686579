/** A call that waits for a person: exactly what would be called, whole. */
import type { Approval } from '../../contract/approvals.ts';
import { visibleJson, visibleText } from '../../contract/visible.ts';
import type { Colors } from '../context.ts';

/** The arguments are neither cut nor wrapped, and nothing in them is left out: who approves them has seen them. */
export function renderApproval(approval: Approval, colors: Colors): string {
  const args = approval.arguments === null ? 'dropped by retention' : visibleJson(approval.arguments);
  const facts = `${approval.skillSlug} · step ${approval.stepId} · until ${approval.expiresAt}`;
  return [
    colors.bold(visibleText(approval.name)),
    ...args.split('\n').map((line) => `  ${line}`),
    colors.dim(`  sha-256 ${approval.argumentsHash.slice(0, 16)}… · ${facts}`),
    colors.dim(`  approval ${approval.id}`),
  ].join('\n');
}
