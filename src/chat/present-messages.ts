/** Messages as they are shown: each with the status, the cost, the tool calls and the approvals of its execution. */
import type { ChatApproval, ChatToolCall, Message, MessagePart, MessageStatus } from '../contract/chat.ts';
import type { ExecutionStatus } from '../contract/execution-status.ts';
import { formatToolName } from '../contract/tool-name.ts';
import type { Prisma, Transaction } from '../database/client.ts';
import { readSaid } from '../executions/end-turn.ts';
import { type ApprovalRow, presentApproval } from '../executions/present-approval.ts';
import { type ContentBlock, saidInTurn, type TurnMessage } from '../executions/said-in-turn.ts';
import { ownServer } from './own-server.ts';

export type MessageRow = Prisma.MessageGetPayload<{ include: typeof withRun }>;
type ToolCallRow = Prisma.ToolCallGetPayload<Record<string, never>>;

/** What is read with a message. */
export const withRun = {
  execution: {
    select: {
      status: true,
      mode: true,
      model: true,
      error: true,
      errorCode: true,
      costUsd: true,
      durationMs: true,
      startedAt: true,
      completedAt: true,
      purgedAt: true,
    },
  },
  attachments: { select: { id: true, name: true, mediaType: true, bytes: true }, orderBy: { number: 'asc' } },
} as const satisfies Prisma.MessageInclude;

const statuses: Record<ExecutionStatus, MessageStatus> = {
  queued: 'queued',
  running: 'running',
  waiting_approval: 'waiting_approval',
  succeeded: 'done',
  failed: 'failed',
  cancelled: 'stopped',
};

/** The status of an answer. Back in the queue after its beginning it goes on in a moment, and cannot be taken back. */
export const statusOf = (status: ExecutionStatus, hasBegun: boolean): MessageStatus =>
  status === 'queued' && hasBegun ? 'running' : statuses[status];

/** In the order of `rows`. */
export async function presentMessages(tx: Transaction, rows: readonly MessageRow[]): Promise<Message[]> {
  const executionIds = [
    ...new Set(rows.flatMap(({ role, executionId }) => (role === 'assistant' ? [executionId] : []))),
  ];
  const where = { executionId: { in: executionIds } };
  const [calls, approvals] =
    executionIds.length === 0
      ? [[], []]
      : await Promise.all([
          tx.toolCall.findMany({ where, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] }),
          tx.approval.findMany({ where, orderBy: { id: 'asc' } }),
        ]);
  const runs = await readRunsUnderWay(tx, calls);
  const callsOf = Map.groupBy(calls, ({ executionId }) => executionId ?? '');
  const approvalsOf = Map.groupBy(approvals, ({ executionId }) => executionId);
  const shown: Message[] = [];
  for (const row of rows) {
    shown.push(
      await presentMessage(
        tx,
        row,
        callsOf.get(row.executionId) ?? [],
        approvalsOf.get(row.executionId) ?? [],
        runs,
      ),
    );
  }
  return shown;
}

/** Of calls that wait for a run of their own, which one: their events say so before their rows do. */
async function readRunsUnderWay(
  tx: Transaction,
  calls: readonly ToolCallRow[],
): Promise<ReadonlyMap<string, string>> {
  const open = calls.filter(({ status, connection }) => status === 'dispatched' && connection === ownServer);
  if (open.length === 0) return new Map();
  const rows = await tx.$queryRaw<{ id: string; executionId: string }[]>`
    SELECT data ->> 'id' AS id, data ->> 'executionId' AS "executionId" FROM all_events
    WHERE execution_id = ANY(${open.map(({ executionId }) => executionId)}::uuid[])
      AND kind = 'tool_call' AND data ? 'executionId'`;
  return new Map(rows.map(({ id, executionId }) => [id, executionId]));
}

async function presentMessage(
  tx: Transaction,
  row: MessageRow,
  calls: readonly ToolCallRow[],
  approvals: readonly ApprovalRow[],
  runs: ReadonlyMap<string, string>,
): Promise<Message> {
  const isUnderWay = row.role === 'assistant' && row.finishedAt === null;
  const said = isUnderWay
    ? saidInTurn(await readSaid(tx, row.executionId))
    : { text: row.text, content: (row.content ?? []) as unknown as TurnMessage[] };
  return shapeOf(row, said, calls, approvals, runs);
}

/** A message as it was before anything was said in answer to it, whatever came since. */
export const presentUnsaid = (row: MessageRow): Message =>
  row.role === 'assistant'
    ? { ...shapeOf(row, { text: '', content: [] }, [], [], new Map()), status: 'queued' }
    : shapeOf(row, { text: row.text, content: [] }, [], [], new Map());

function shapeOf(
  row: MessageRow,
  said: { text: string; content: readonly TurnMessage[] },
  calls: readonly ToolCallRow[],
  approvals: readonly ApprovalRow[],
  runs: ReadonlyMap<string, string>,
): Message {
  const { execution } = row;
  const isAnswer = row.role === 'assistant';
  const status = statusOf(execution.status, execution.startedAt !== null);
  return {
    id: row.id,
    conversationId: row.conversationId,
    parentId: row.parentId,
    turn: row.turn,
    role: isAnswer ? 'assistant' : 'user',
    text: said.text,
    parts: isAnswer ? partsOf(said.content, calls, runs) : [],
    attachments: row.attachments,
    approvals: isAnswer ? approvals.map((one) => presentChatApproval(one)) : [],
    executionId: row.executionId,
    // What the owner said is said, once its answer has begun.
    status: isAnswer || status === 'queued' ? status : 'done',
    mode: execution.mode,
    model: execution.model,
    error: isAnswer ? execution.error : null,
    errorCode: isAnswer ? execution.errorCode : null,
    costUsd: isAnswer && execution.completedAt !== null ? (execution.costUsd?.toNumber() ?? null) : null,
    durationMs: isAnswer ? execution.durationMs : null,
    createdAt: row.createdAt.toISOString(),
    purged: execution.purgedAt !== null,
  };
}

export function presentChatApproval(row: ApprovalRow): ChatApproval {
  const {
    id,
    name,
    arguments: args,
    argumentsHash,
    status,
    decidedBy,
    note,
    expiresAt,
  } = presentApproval(row, {
    skillSlug: '',
    mode: 'live',
  });
  return { id, name, arguments: args, argumentsHash, status, decidedBy, note, expiresAt };
}

/** Text and calls in the order in which they came; calls that no text speaks of last. */
function partsOf(
  content: readonly TurnMessage[],
  calls: readonly ToolCallRow[],
  runs: ReadonlyMap<string, string>,
): MessagePart[] {
  const left = new Map(calls.map((call) => [call.id, call]));
  const parts: MessagePart[] = [];
  const push = (call: ToolCallRow) => {
    left.delete(call.id);
    parts.push({ type: 'tool_call', call: presentCall(call, runs.get(call.id)) });
  };
  for (const block of content.flatMap(({ content: blocks }) => blocks)) {
    if (block.type === 'text') parts.push({ type: 'text', text: String(block.text) });
    if (block.type !== 'tool_use') continue;
    for (const call of calls.filter(({ toolUseId }) => toolUseId === block.id)) push(call);
  }
  for (const call of [...left.values()]) push(call);
  return parts;
}

const previewLength = 200;

/** @param under the run that it waits for */
function presentCall(row: ToolCallRow, under: string | undefined): ChatToolCall {
  const result = row.result as {
    content?: ContentBlock[];
    structuredContent?: Record<string, unknown>;
  } | null;
  const text = result?.content?.find(({ type }) => type === 'text')?.text;
  const { executionId: started, proposalId: proposed } = result?.structuredContent ?? {};
  return {
    id: row.id,
    name: formatToolName(row),
    status: row.status,
    readOnly: row.readOnly,
    arguments: row.arguments,
    preview: typeof text === 'string' ? text.slice(0, previewLength).replace(/\s+/g, ' ').trim() : null,
    error: row.error,
    durationMs:
      row.finishedAt && row.dispatchedAt ? row.finishedAt.getTime() - row.dispatchedAt.getTime() : null,
    executionId: typeof started === 'string' ? started : (under ?? null),
    proposalId: typeof proposed === 'string' ? proposed : null,
  };
}
