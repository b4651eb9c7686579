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
  /** Calls that the model has asked for and that have not come, by the model's own ids and in its order. */
  readonly #expected = new Map<string, TapeCall>();
  /** What they are to be given; undefined when nothing was left. */
  readonly #shared = new Map<string, RecordedAnswer | undefined>();

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
   * Says that the model has asked for a call. Those that it asks for at once come in any order, and are served in its own: two
   * replays give them the same.
   */
  expect(toolUseId: string, call: TapeCall): void {
    this.#expected.set(toolUseId, call);
  }

  /**
   * Takes the answer of a call: one to the same arguments before one to others, one of the same step before one of another, and
   * among equals the first that was recorded. Undefined when no answer of this tool is left.
   *
   * @param toolUseId the model's own
   */
  take(call: TapeCall, toolUseId?: string): TapeMatch | undefined {
    if (toolUseId !== undefined && this.#expected.has(toolUseId)) this.#share();
    const isShared = toolUseId !== undefined && this.#shared.has(toolUseId);
    const answer = isShared ? this.#shared.get(toolUseId) : this.#next(call);
    if (isShared) this.#shared.delete(toolUseId);
    return answer && { answer, isSame: isFor(answer, call) };
  }

  /** What was asked in the very same words goes first: nobody else takes it away. */
  #share(): void {
    const calls = [...this.#expected];
    this.#expected.clear();
    for (const [id, call] of calls) {
      if (this.#left.some((answer) => isFor(answer, call))) this.#shared.set(id, this.#next(call));
    }
    for (const [id, call] of calls) {
      if (!this.#shared.has(id)) this.#shared.set(id, this.#next(call));
    }
  }

  #next(call: TapeCall): RecordedAnswer | undefined {
    const own = this.#left.filter(
      ({ connection, tool }) => connection === call.connection && tool === call.tool,
    );
    const isSame = (answer: RecordedAnswer) => isFor(answer, call);
    const isHere = ({ stepId }: RecordedAnswer) => stepId === call.stepId;
    const answer =
      own.find((each) => isSame(each) && isHere(each)) ?? own.find(isSame) ?? own.find(isHere) ?? own[0];
    if (answer !== undefined) this.#left.splice(this.#left.indexOf(answer), 1);
    return answer;
  }
}

const isFor = (answer: RecordedAnswer, { connection, tool, argumentsHash }: TapeCall): boolean =>
  answer.connection === connection &&
  answer.tool === tool &&
  Buffer.from(answer.argumentsHash).equals(argumentsHash);
