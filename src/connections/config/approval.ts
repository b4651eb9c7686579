/** What a person approves when they approve a connection, and the hash that pins it. */

import type { StdioConfigInput } from '../../contract/connections.ts';
import type { Prisma } from '../../database/client.ts';
import { type Difference, differencesOf } from '../../kernel/differences.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { hashOf } from '../../kernel/hash.ts';
import type { ConnectionRow } from '../connection-row.ts';
import { approvedPart, hasUnknownOrigin } from './http-config.ts';
import { mapLeaves } from './leaves.ts';
import type { TypedConfig } from './typed-config.ts';

/** SHA-256 over everything that decides what is started or dialled, and how; no secret is part of it, only where one stands. */
export function approvalHash(typed: TypedConfig): Buffer {
  if (typed.type === 'mcp_stdio') return stdioHash(typed.config);
  return hashOf(['alfred-vm/approval/1', typed.type, approvedPart(typed)]);
}

/** What `approvalHash` pins, as it is kept to show a later change against: no secret is part of it, only where one stands. */
export function approvedForm(typed: TypedConfig): Record<string, unknown> {
  if (typed.type !== 'mcp_stdio') return approvedPart(typed);
  const { timeoutMs: _limit, ...rest } = mapLeaves(typed.config, () => ({ secret: true }));
  return rest;
}

/** Both columns of an approval. */
export const approvalOf = (typed: TypedConfig) => ({
  approvedHash: Uint8Array.from(approvalHash(typed)),
  approvedPart: approvedForm(typed) as Prisma.JsonObject,
});

/** What is other now than it was approved; empty when nothing is, or when nobody ever approved it. */
export function approvalDifference(
  row: TypedConfig & Pick<ConnectionRow, 'approvedHash' | 'approvedPart'>,
): Difference[] {
  if (row.approvedPart === null || isApproved(row)) return [];
  return differencesOf(row.approvedPart, approvedForm(row));
}

/** Command, arguments, folder, sandbox, the names of variables, and the value of those that are no secret. */
function stdioHash(config: StdioConfigInput): Buffer {
  const { command, args, cwd, sandbox, network, paths, env, secrets } = config;
  const variables = Object.entries(env)
    .map(([name, value]) => (typeof value === 'string' ? [name] : [name, value.plain]))
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return hashOf([
    ...['alfred-vm/approval/1', 'mcp_stdio', command, args, variables, Object.keys(secrets).sort()],
    { cwd: cwd ?? null, sandbox, network: network ?? null, paths: paths ?? null },
  ]);
}

/** What of a command a person approves word for word, beside the program: arguments, and values that stand open. */
export const approvedWords = ({ args, env }: StdioConfigInput): string[] => [
  ...args,
  ...Object.values(env).flatMap((value) => (typeof value === 'string' ? [] : [value.plain])),
];

/** Whether a person approved exactly this. An API whose place nobody has seen is approved by nobody. */
export const isApproved = (row: TypedConfig & Pick<ConnectionRow, 'approvedHash'>): boolean =>
  row.approvedHash !== null && !hasUnknownOrigin(row) && approvalHash(row).equals(row.approvedHash);

/**
 * Nothing is started or dialled before this has passed.
 *
 * @throws AlfredError E_NOT_APPROVED, E_CONNECTION_INACTIVE
 */
export function assertMayOpen(row: ConnectionRow): void {
  if (!row.isActive) {
    throw new AlfredError('E_CONNECTION_INACTIVE', `"${row.name}" is switched off.`, {
      remedy: 'Switch it on by setting "isActive" to true.',
    });
  }
  if (!isApproved(row)) {
    const verb = row.type === 'mcp_stdio' ? 'starts' : 'dials';
    throw new AlfredError(
      'E_NOT_APPROVED',
      row.approvedHash === null
        ? `Nobody has approved what "${row.name}" ${verb}.`
        : `What "${row.name}" ${verb} is not what was approved.`,
      {
        remedy: `Look at it with "npx alfred connection show ${row.name}", then: npx alfred connection approve ${row.name}`,
      },
    );
  }
}
