/** What one watcher of a conversation is told: the events of the turn that they are at, as chat says them. */
import type { ChatEvent, Message } from '../contract/chat.ts';
import type { ExecutionEvent } from '../contract/events.ts';
import type { Database } from '../database/client.ts';
import { readEvents } from '../executions/read-events.ts';
import { eventIdOf, type Position } from './event-id.ts';
import {
  type MessageRow,
  presentChatApproval,
  presentMessages,
  presentUnsaid,
  statusOf,
  withRun,
} from './present-messages.ts';
import { presentSummary } from './summary/keep-summary.ts';

export type Turn = { turn: number; executionId: string; asked: MessageRow | undefined; answer: MessageRow };

/** The first events of an execution say that it waits and that it runs: nothing was asked by then. */
const beginnings = 2;

/** Where one watcher stands, and what it was told. */
export class Follower {
  position: Position;
  /** The turn that is followed. */
  current: Turn | undefined;
  readonly #db: Database;
  /** The last turn whose end the watcher knows. */
  #over: number;
  /** Of turns that the watcher was told of: whether they were taken back. */
  readonly #told = new Map<number, boolean>();
  /** Of the turn that is followed: its approvals as the watcher was told of them. */
  #approvals = new Map<string, string>();

  constructor(db: Database, position: Position) {
    this.#db = db;
    this.position = position;
    this.#over = position.turn - 1;
    // Half told: the rest of it comes.
    if (position.seq > 0) this.#told.set(position.turn, false);
  }

  /** Steps into the next turn where none is followed, and tells of those that wait behind it. */
  async *messages(turns: readonly Turn[]): AsyncGenerator<ChatEvent, void, undefined> {
    if (this.current === undefined) this.#enter(turns);
    for (const turn of turns) {
      const isTakenBack = turn.answer.takenBackAt !== null;
      const told = this.#told.get(turn.turn);
      if (turn.turn <= this.#over || told === isTakenBack || (isTakenBack && told === undefined)) continue;
      this.#told.set(turn.turn, isTakenBack);
      for (const event of this.#tell(turn)) yield event;
    }
  }

  /** One that was taken back before it began is nothing to follow. */
  #enter(turns: readonly Turn[]): void {
    const next = turns.find(({ turn, answer }) => turn > this.#over && answer.takenBackAt === null);
    if (next === undefined) return;
    if (next.turn !== this.position.turn) this.position = { turn: next.turn, seq: 0 };
    this.current = next;
    this.#approvals = new Map();
  }

  /** A message and its answer, before anything is said in it. */
  #tell({ asked, answer }: Turn): ChatEvent[] {
    const takenBack = answer.takenBackAt === null ? {} : { takenBack: true };
    // What it says, and how it ends, comes behind this.
    return [...(asked ? [asked] : []), answer].map((row) =>
      this.#event('message', { ...presentUnsaid(row), ...takenBack }),
    );
  }

  /** The next events of the turn that is followed. @returns whether there may be more now */
  async *events(): AsyncGenerator<ChatEvent, boolean, undefined> {
    const { current } = this;
    if (current === undefined) return false;
    const { events, isLast } = await readEvents(this.#db, current.executionId, this.position.seq);
    for (const event of merged(events)) {
      // Of several that one event leads to, the last one alone has its id: whoever is cut off between them gets all again.
      if (event.kind === 'status' && event.seq > beginnings)
        yield* this.#tellApprovals(current.answer.id, current.executionId);
      this.position = { turn: current.turn, seq: event.seq };
      yield* this.#chatEvents(event, current.answer);
      if (event.kind === 'end') this.#leave(current);
    }
    if (events.length > 0) return !isLast || this.current === undefined;
    if (!(await this.#isOver(current))) return false;
    this.#leave(current);
    return true;
  }

  /** Whether its end is known already, or was purged with the rest. */
  async #isOver({ executionId }: Turn): Promise<boolean> {
    const run = await this.#db.prisma.execution.findUniqueOrThrow({
      where: { id: executionId },
      select: { completedAt: true },
    });
    if (run.completedAt === null) return false;
    // It may have ended between the two looks.
    return (await readEvents(this.#db, executionId, this.position.seq)).events.length === 0;
  }

  #leave({ turn }: Turn): void {
    this.#over = turn;
    this.current = undefined;
  }

  async *#chatEvents(event: ExecutionEvent, { id }: MessageRow): AsyncGenerator<ChatEvent, void, undefined> {
    switch (event.kind) {
      case 'delta':
        yield this.#event('delta', { messageId: id, text: event.data.text });
        return;
      case 'tool_call':
        yield this.#event('tool_call', { messageId: id, ...event.data });
        return;
      case 'message':
        yield* this.#tellSummary(id, event.data);
        return;
      case 'usage':
        yield this.#event('usage', { messageId: id, ...event.data });
        return;
      case 'status':
        yield this.#event('status', statusData(id, event));
        return;
      case 'end':
        yield this.#event('message', await this.#read(id));
        return;
      default:
        return;
    }
  }

  /** Those that are new, and those that were decided since. */
  async *#tellApprovals(messageId: string, executionId: string): AsyncGenerator<ChatEvent, void, undefined> {
    const rows = await this.#db.prisma.approval.findMany({ where: { executionId }, orderBy: { id: 'asc' } });
    for (const row of rows) {
      if (this.#approvals.get(row.id) === row.status) continue;
      this.#approvals.set(row.id, row.status);
      yield this.#event('approval', { messageId, ...presentChatApproval(row) });
    }
  }

  /** Earlier messages are summed up now, or were. */
  async *#tellSummary(
    messageId: string,
    { type, subtype, summaryId, messages }: Record<string, unknown>,
  ): AsyncGenerator<ChatEvent, void, undefined> {
    if (type !== 'system' || typeof messages !== 'number') return;
    if (subtype === 'summing_up') yield this.#event('summary', { messageId, messages, summary: null });
    if (subtype !== 'summary' || typeof summaryId !== 'string') return;
    const row = await this.#db.prisma.conversationSummary.findUnique({ where: { id: summaryId } });
    if (row !== null) yield this.#event('summary', { messageId, messages, summary: presentSummary(row) });
  }

  async #read(id: string): Promise<Message> {
    const row = await this.#db.prisma.message.findUniqueOrThrow({ where: { id }, include: withRun });
    const [shown] = await presentMessages(this.#db.prisma, [row]);
    if (shown === undefined) throw new Error('A message that was just read is not there');
    return shown;
  }

  #event<Name extends ChatEvent['event']>(
    event: Name,
    data: Extract<ChatEvent, { event: Name }>['data'],
  ): ChatEvent {
    return { id: eventIdOf(this.position), event, data } as ChatEvent;
  }
}

/** A run that is back in the queue goes on: the answer has begun. */
const statusData = (messageId: string, { seq, data }: Extract<ExecutionEvent, { kind: 'status' }>) => ({
  messageId,
  status: statusOf(data.status, seq > 1),
  ...(data.error == null ? {} : { error: data.error, errorCode: data.errorCode ?? null }),
});

/** Neighbouring deltas as one: who comes late reads at once what was said. */
function merged(events: readonly ExecutionEvent[]): ExecutionEvent[] {
  const result: ExecutionEvent[] = [];
  for (const event of events) {
    const last = result.at(-1);
    if (event.kind === 'delta' && last?.kind === 'delta')
      result[result.length - 1] = { ...event, data: { text: last.data.text + event.data.text } };
    else result.push(event);
  }
  return result;
}
