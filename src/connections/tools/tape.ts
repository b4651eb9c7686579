/** What the tools of a past execution answered, to be given out once more: each answer once, to the call that it fits best. */
import type { CallToolResult } from '../pool/link.ts';

export type RecordedAnswer = {
  /** Of the recorded call. */
  id: string;
  stepId: number | null;
  connection: string;
  tool: string;
  /** Redacted. */
  arguments: unknown;
  /** Of the arguments as they were sent. */
  argumentsHash: Uint8Array;
  outcome: { result: CallToolResult } | { error: string };
};

export type TapeCall = Pick<RecordedAnswer, 'connection' | 'tool' | 'argumentsHash' | 'stepId'>;

/** `isSame`: it was recorded for the same arguments. */
export type TapeMatch = { answer: RecordedAnswer; isSame: boolean };

export class Tape {
  /** In the order of the recording. */
  readonly #left: RecordedAnswer[];
  readonly #all: readonly RecordedAnswer[];

  /** @param used ids of answers that are given out already */
  constructor(answers: readonly RecordedAnswer[], used: ReadonlySet<string> = new Set()) {
    this.#all = answers;
    this.#left = answers.filter(({ id }) => !used.has(id));
  }

  /** The tools that answered, each once. */
  tools(): Pick<RecordedAnswer, 'connection' | 'tool'>[] {
    const names = new Map(
      this.#all.map(({ connection, tool }) => [JSON.stringify([connection, tool]), { connection, tool }]),
    );
    return [...names.values()];
  }

  /** How many answers of a tool were recorded. */
  count({ connection, tool }: Pick<RecordedAnswer, 'connection' | 'tool'>): number {
    return this.#all.filter((answer) => answer.connection === connection && answer.tool === tool).length;
  }

  /**
   * Takes the answer of a call: one to the same arguments before one to others, one of the same step before one of another, and
   * among equals the first that was recorded. Of calls that a model makes at once, who comes first is served first. Undefined when no answer of this tool is left.
   */
  take(call: TapeCall): TapeMatch | undefined {
    const own = this.#left.filter(
      ({ connection, tool }) => connection === call.connection && tool === call.tool,
    );
    const isSame = (answer: RecordedAnswer) => Buffer.from(answer.argumentsHash).equals(call.argumentsHash);
    const isHere = ({ stepId }: RecordedAnswer) => stepId === call.stepId;
    const answer =
      own.find((each) => isSame(each) && isHere(each)) ?? own.find(isSame) ?? own.find(isHere) ?? own[0];
    if (answer === undefined) return undefined;
    this.#left.splice(this.#left.indexOf(answer), 1);
    return { answer, isSame: isSame(answer) };
  }
}
