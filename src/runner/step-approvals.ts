/** Which calls of a step wait for a person, and what the agent is told when the person has decided. */

import type { AskedCall, Verdict } from '../agents/call-judge.ts';
import { type AgentSession, type AnsweredCall, openCalls } from '../agents/session-entries.ts';
import { ownServer } from '../chat/own-server.ts';
import type { CallToolResult } from '../connections/pool/link.ts';
import type { Step } from '../contract/skills.ts';
import type { Database, Prisma } from '../database/client.ts';
import { storableJson } from '../database/storable.ts';
import { checkApproval } from '../executions/check-approval.ts';
import { holdClaim } from '../executions/claims.ts';
import { argumentsOf } from '../executions/present-approval.ts';
import type { WaitingCall } from '../executions/request-approvals.ts';
import { timeNow } from '../kernel/clock.ts';
import { AlfredError } from '../kernel/errors.ts';
import { isAsked } from '../skills/is-asked.ts';
import { rowAltered, rowGuardOf } from '../vault/row-guard.ts';
import type { Vault } from '../vault/vault.ts';
import type { Gateway } from './gateway.ts';
import { apiContentOf, type ModelResult, resultForModel } from './result-for-model.ts';
import type { StepTool } from './step-tools.ts';

type ApprovalRow = Prisma.ApprovalGetPayload<Record<string, never>>;

/** Where a step stood when it began to wait, and what the person said since. */
export type StepResume = { session: AgentSession; approvals: readonly ApprovalRow[] };

/** More than a person can read is no call to ask a person for; in characters of JSON. */
const longestArguments = 65_536;

/** Whether a person is asked before a call. */
export type Asks = (tool: StepTool, args: Record<string, unknown>) => boolean;

/**
 * Whether a person is asked before a call. Rehearsals, which call read-only tools alone, ask nobody; nor does a step that reads
 * its skill's own files.
 */
export const asksFor =
  (mode: 'live' | 'rehearsal' | 'replay', approval: Step['approval']) =>
  ({ connection, definition: { annotations } }: StepTool): boolean =>
    mode === 'live' && connection !== ownServer && isAsked(approval, annotations);

/** Judges the agent's calls: those that wait are kept in `waiting`. */
export function judgeCalls(
  { vault }: { vault: Vault },
  gateway: Pick<Gateway, 'meant' | 'deny'>,
  { asks }: { asks: Asks },
) {
  const waiting = new Map<string, WaitingCall>();
  const judge = async ({ name, toolUseId, input }: AskedCall): Promise<Verdict> => {
    const meant = gateway.meant(name, input);
    if (meant === undefined) return { decision: 'deny' };
    if (meant === 'search') return { decision: 'allow' };
    const { tool, args } = meant;
    if (!asks(tool, args)) return { decision: 'allow' };
    await vault.upToDate();
    const reason = whyNotShown(vault, args);
    if (reason !== undefined) {
      await gateway.deny(tool.name, toolUseId, args, reason);
      return { decision: 'deny', reason };
    }
    waiting.set(toolUseId, { toolUseId, connection: tool.connection, tool: tool.tool, args });
    return { decision: 'defer' };
  };
  return { judge, waiting };
}

/** What a person approves is what they see, and what is stored: a call that cannot be shown as it is, is not put to them. */
function whyNotShown({ redactor }: Vault, args: Record<string, unknown>): string | undefined {
  const text = JSON.stringify(args);
  if (text.length > longestArguments)
    return `E_TOOL_REFUSED: a person must approve this call, and its arguments are too long to be read (${text.length} characters; at most ${longestArguments}).`;
  if (redactor.text(text) !== text || JSON.stringify(redactor.value(args)) !== text)
    return 'E_TOOL_REFUSED: a person must approve this call, and it holds a secret that nobody may be shown.';
  if (JSON.stringify(storableJson(args)) !== text)
    return 'E_TOOL_REFUSED: a person must approve this call, and it holds characters that cannot be stored.';
  return undefined;
}

/**
 * Where the step stands, and what was decided; undefined when it begins at its beginning.
 *
 * @throws AlfredError E_ROW_ALTERED when somebody else changed the conversation or a decision
 */
export async function readResume(
  { db }: { db: Database },
  executionId: string,
  stepId: number,
): Promise<StepResume | undefined> {
  const row = await db.prisma.stepSession.findUnique({
    where: { executionId_stepId: { executionId, stepId } },
  });
  if (!row) return undefined;
  rowGuardOf(db.prisma).check('step_sessions', row);
  const session = { id: row.sessionId, entries: JSON.parse(row.entries) as AgentSession['entries'] };
  const open = openCalls(session.entries);
  const approvals = await db.prisma.approval.findMany({
    where: { executionId, stepId },
    orderBy: { id: 'asc' },
  });
  const decided = approvals.filter(({ toolUseId }) => open.has(toolUseId));
  for (const approval of decided) checkApproval(db.prisma, approval);
  return { session, approvals: decided };
}

type AnswerDeps = { db: Database; gateway: Gateway; workerId: string };

/** Does what was decided about each call, once and for all, and says what came of it. */
export async function answersOf(
  deps: AnswerDeps,
  approvals: readonly ApprovalRow[],
): Promise<AnsweredCall[]> {
  const answers: AnsweredCall[] = [];
  for (const row of approvals) answers.push(await answerOf(deps, row));
  return answers;
}

async function answerOf({ db, gateway, workerId }: AnswerDeps, row: ApprovalRow): Promise<AnsweredCall> {
  const { toolUseId, executionId } = row;
  const failed = (text: string) => ({ toolUseId, content: [{ type: 'text', text }], isError: true });
  if (row.status !== 'approved') {
    const said = row.note === null ? '' : ` They said: ${row.note}`;
    return failed(`The owner refused this call; it was not made.${said}`);
  }
  const told = (result: ModelResult) => ({
    toolUseId,
    content: apiContentOf(result),
    isError: result.isError,
  });
  const args = argumentsOf(row);
  if (row.usedAt !== null) {
    // Sent before the VM stopped: its answer is on record, or nobody knows it. It is not sent again.
    const sent = await db.prisma.toolCall.findFirst({
      where: { executionId, stepId: row.stepId, toolUseId, status: { in: ['done', 'failed'] } },
      orderBy: { createdAt: 'desc' },
    });
    if (sent?.result) {
      const result = sent.result as unknown as CallToolResult;
      return told(resultForModel(result, result));
    }
    return failed(
      sent?.error ??
        'This approved call was sent, and the server stopped before its answer came. It may have had its effect. It is not sent again.',
    );
  }
  if (args === null) throw rowAltered('approvals', row.id);
  const { connection, tool } = row;
  const use = () =>
    db.transaction(async (tx) => {
      await holdClaim(tx, executionId, workerId);
      // As it is now: it was read when the step began.
      const now = await tx.approval.findUniqueOrThrow({ where: { id: row.id } });
      checkApproval(tx, now);
      const used = { ...now, usedAt: timeNow() };
      const { count } = await tx.approval.updateMany({
        where: { id: row.id, status: 'approved', usedAt: null, mac: now.mac },
        data: { usedAt: used.usedAt, mac: rowGuardOf(tx).sign('approvals', used) },
      });
      if (count === 0) throw new AlfredError('E_CONFLICT', 'This approval was used already.');
    });
  return told(await gateway.callApproved({ toolUseId, connection, tool, args, use }));
}
