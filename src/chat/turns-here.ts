/** Turns that this very process may answer at once: it keeps the agent that gave their conversation's last answer. */
import type { Startable } from '../executions/read-startable.ts';
import type { Row } from './message-content.ts';
import type { Ahead } from './turn-ahead.ts';

export type TurnsHere = {
  /**
   * Has the agent of a conversation begin with what is said next, before it is on record: its model request waits until it is.
   *
   * @param said.after the answer that it follows; undefined for the last one of all
   * @returns undefined when no such agent is here, or stands ready: then the queue finds who answers
   */
  expect(
    conversationId: string,
    said: { after: string | null | undefined; text: string },
  ): ExpectedTurn | undefined;
};

export type ExpectedTurn = {
  /** Who answers: this worker. */
  workerId: string;
  /** What it begins with, as far as that was read before. */
  ahead: Ahead | undefined;
  /** The turn is on record, as this worker's; `told` where it was said behind what was read before. */
  answer(executionId: string, told?: ToldTurn): void;
  /** There will be no such turn. */
  giveUp(): void;
  /** The database was lost while the turn was written down: where it is there after all, it goes to the queue. */
  giveBack(executionId: string): void;
};

/** What is known of a turn beside what was read before it. */
export type ToldTurn = {
  ahead: Ahead;
  /** The skill `chat`, as it was read and proved for this message. */
  skill: Startable;
  asked: Row;
  /** Whether all that was read before is still as it was. */
  isAsRead: Promise<boolean>;
};
