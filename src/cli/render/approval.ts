/** A call that waits for a person: exactly what would be called, whole. */
import type { Approval } from '../../contract/approvals.ts';
import type { Colors } from '../context.ts';
import { clean, oneLine } from './text.ts';

/** The arguments are neither cut nor wrapped: who approves them has seen them. */
export function renderApproval(approval: Approval, colors: Colors): string {
  const args =
    approval.arguments === null ? 'dropped by retention' : JSON.stringify(approval.arguments, null, 2);
  const facts = `${approval.skillSlug} · step ${approval.stepId} · until ${approval.expiresAt}`;
  return [
    colors.bold(oneLine(approval.name)),
    ...clean(args)
      .split('\n')
      .map((line) => `  ${line}`),
    colors.dim(`  sha-256 ${approval.argumentsHash.slice(0, 16)}… · ${facts}`),
    colors.dim(`  approval ${approval.id}`),
  ].join('\n');
}
