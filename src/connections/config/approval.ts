/** What a person approves when they approve a connection, and the hash that pins it. */

import { connectionTypes, hasUnknownOrigin } from '../../contract/connection-types.ts';
import type { StdioConfigInput } from '../../contract/stdio-connections.ts';
import type { Prisma } from '../../database/client.ts';
import { type Difference, differencesOf } from '../../kernel/differences.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { hashOf } from '../../kernel/hash.ts';
import type { ConnectionRow } from '../connection-row.ts';
import { rulesOf } from './by-type.ts';
import { mapLeaves } from './leaves.ts';
import type { TypedConfig } from './typed-config.ts';

/** SHA-256 over everything that decides what is started or dialled, and how; no secret is part of it, only where one stands. */
export function approvalHash(typed: TypedConfig): Buffer {
  const { pinned } = rulesOf(typed);
  const parts = pinned === undefined ? [approvedForm(typed)] : pinned(typed.config);
  return hashOf(['alfred-vm/approval/1', typed.type, ...parts]);
}

/**
 * What a person approves, as it is kept to show a later change against: no secret is part of it, only where one stands. A login
 * that comes and goes (`oauth`, `device`), time limits and the order of calls are no part of it either; of a document that was sent along, its SHA-256 is.
 */
export function approvedForm(typed: TypedConfig): Record<string, unknown> {
  const {
    oauth: _login,
    device: _waiting,
    timeoutMs: _limit,
    oneAtATime: _order,
    ...rest
  } = mapLeaves(typed.config, () => ({ secret: true }));
  return { ...rest, ...rulesOf(typed).shown?.(typed.config) };
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
    const verb = connectionTypes[row.type].isStarted ? 'starts' : 'dials';
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
