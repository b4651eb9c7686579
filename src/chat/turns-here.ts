/** Turns that this very process may answer at once: it keeps the agent that gave their conversation's last answer. */

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
  /** The turn is on record, as this worker's. */
  answer(executionId: string): void;
  /** There will be no such turn. */
  giveUp(): void;
  /** The database was lost while the turn was written down: where it is there after all, it goes to the queue. */
  giveBack(executionId: string): void;
};
