/**
 * Links by which one call that waits is approved or refused. The token stands behind the `#`: no server log, proxy or referrer sees it, and who
 * fetches the address ahead (scanners of mail, makers of previews) is given an empty page. It is good for one decision about one call.
 */

import type { LinkedApproval } from '../contract/approval-links.ts';
import type { Approval, Decision } from '../contract/approvals.ts';
import { formatToolName } from '../contract/tool-name.ts';
import { visibleText } from '../contract/visible.ts';
import type { Database, Transaction } from '../database/client.ts';
import { checkApproval } from '../executions/check-approval.ts';
import { decideApproval } from '../executions/decide-approval.ts';
import { findExecution } from '../executions/find-execution.ts';
import { presentApproval } from '../executions/present-approval.ts';
import { timeNow } from '../kernel/clock.ts';
import { AlfredError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { hashOfSecret, isSecretText, newSecretText } from '../kernel/secret-text.ts';
import type { Notice, Queue } from '../queue/queue.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import type { Vault } from '../vault/vault.ts';
import type { ChannelRow } from './channel-row.ts';
import type { Message } from './message.ts';

const prefix = 'decide_';

/**
 * A link for each call that waits still, made anew at every attempt: what is kept is a hash. None without an address that leads here
 * from outside.
 */
export async function makeLinks(
  db: Database,
  publicUrl: string | undefined,
  { name, rules }: Pick<ChannelRow, 'name' | 'rules'>,
  notice: Pick<Notice, 'event'> & { executionId?: string },
): Promise<Message['links']> {
  const { executionId } = notice;
  if (notice.event !== 'waiting' || !rules.links || publicUrl === undefined || executionId === undefined)
    return [];
  const pending = await db.prisma.approval.findMany({
    where: { executionId, status: 'pending', expiresAt: { gt: timeNow() } },
    orderBy: { id: 'asc' },
  });
  const made: { label: string; url: string }[] = [];
  for (const approval of pending) {
    const token = newSecretText(prefix);
    const row = {
      ...{ id: newId(), approvalId: approval.id, channel: name, tokenHash: hashOfSecret(token) },
      ...{ createdAt: timeNow(), expiresAt: approval.expiresAt },
    };
    const mac = rowGuardOf(db.prisma).sign('approval_links', row);
    await db.prisma.approvalLink.create({ data: { ...row, mac } });
    const what = rules.content === 'happened' ? '' : ` ${visibleText(formatToolName(approval))}`;
    made.push({ label: `Approve or refuse${what}`, url: `${publicUrl}/approve#${token}` });
  }
  return made;
}

/** Ends the links that a channel was sent: whoever reads along at its other side decides about nothing any more. */
export async function endLinksOf(tx: Transaction, channel: string): Promise<void> {
  await tx.approvalLink.updateMany({
    where: { channel, usedAt: null },
    data: { usedAt: timeNow(), mac: null },
  });
}

type LinkDeps = { db: Database; vault: Vault; queue: Queue };

/** @throws AlfredError E_NOT_FOUND for a token that is none, was used, has expired, or was sent to where nothing is sent any more */
async function findLink({ db }: Pick<LinkDeps, 'db'>, token: string) {
  const row = isSecretText(prefix, token)
    ? await db.prisma.approvalLink.findUnique({
        where: { tokenHash: hashOfSecret(token) },
        include: { approval: true },
      })
    : null;
  const isGood =
    row !== null &&
    row.usedAt === null &&
    row.expiresAt > timeNow() &&
    row.approval.status === 'pending' &&
    rowGuardOf(db.prisma).isIntact('approval_links', row);
  if (isGood) return row;
  throw new AlfredError('E_NOT_FOUND', 'This link decides about nothing any more.', {
    remedy: 'The call was decided, or waited too long. Look at it in Alfred.',
  });
}

/**
 * What a link decides about: exactly what would be called. Nothing is decided by it.
 *
 * @throws AlfredError E_NOT_FOUND, E_ROW_ALTERED
 */
export async function lookAtLink(deps: Pick<LinkDeps, 'db'>, token: string): Promise<LinkedApproval> {
  const { approval } = await findLink(deps, token);
  const { prisma } = deps.db;
  checkApproval(prisma, approval);
  const run = await findExecution(prisma, approval.executionId);
  const skill = run.skillId === null ? null : await prisma.skill.findUnique({ where: { id: run.skillId } });
  const {
    id: _id,
    executionId: _run,
    toolUseId: _use,
    decidedBy: _by,
    decidedAt: _at,
    note: _note,
    ...shown
  } = presentApproval(approval, run);
  return { ...shown, skillName: skill?.name ?? run.skillSlug };
}

/**
 * Decides about the call of a link, in the name of who was sent it; the link is used up.
 *
 * @throws AlfredError E_NOT_FOUND; E_CONFLICT when another was first, or another call was seen; E_ROW_ALTERED
 */
export async function decideByLink(
  deps: LinkDeps,
  token: string,
  decision: Decision,
): Promise<Approval['status']> {
  const { approvalId, channel } = await findLink(deps, token);
  // The first decision stands; whoever uses the link at the same moment is told so.
  const { status } = await decideApproval(deps, approvalId, { ...decision, actor: `link:${channel}` });
  // Every other link to this call is used up with it.
  await deps.db.prisma.approvalLink.updateMany({
    where: { approvalId, usedAt: null },
    data: { usedAt: timeNow(), mac: null },
  });
  return status;
}
