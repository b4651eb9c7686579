/** What a model said and asked for in a run, turn by turn in each step, as its events tell. */
import type { Execution } from '../contract/executions.ts';
import { isRecord } from '../contract/is-record.ts';
import type { Transaction } from '../database/client.ts';
import { answerTool } from './answer-tool.ts';

export type ToldCall = { toolUseId: string; name: string; arguments: unknown };
export type ToldTurn = { text: string; calls: ToldCall[] };
export type TurnsByStep = ReadonlyMap<number, ToldTurn[]>;

type ToldEvent = { kind: string; step: number | null; data: unknown };

export const readTurns = async (
  db: Pick<Transaction, '$queryRaw'>,
  executionId: Execution['id'],
): Promise<TurnsByStep> =>
  turnsOf(
    await db.$queryRaw<ToldEvent[]>`
      SELECT kind, step, data FROM all_events
      WHERE execution_id = ${executionId}::uuid AND kind IN ('message', 'step', 'status') ORDER BY seq`,
  );

/** The model's turns: of a step that was begun again, those of its last attempt; one that went on after a person, all. */
function turnsOf(events: readonly ToldEvent[]): TurnsByStep {
  const steps = new Map<number, Map<string, ToldTurn>>();
  let isGoingOn = false;
  for (const { kind, step, data } of events) {
    if (!isRecord(data)) continue;
    if (kind === 'status') isGoingOn ||= data.status === 'waiting_approval';
    if (kind === 'step' && data.status === 'running' && step !== null) {
      if (!isGoingOn) steps.delete(step);
      isGoingOn = false;
    }
    const said = kind === 'message' && step !== null ? saidIn(data) : undefined;
    if (said === undefined || step === null) continue;
    const turns = steps.get(step) ?? new Map<string, ToldTurn>();
    steps.set(step, turns);
    const turn = turns.get(said.id) ?? { text: '', calls: [] };
    const text = [turn.text, said.text].filter((part) => part !== '').join('\n\n');
    turns.set(said.id, { text, calls: [...turn.calls, ...said.calls] });
  }
  return new Map([...steps].map(([step, turns]) => [step, [...turns.values()]]));
}

/** One message of the model's: the program tells each block of an answer in one of its own, all with one id. */
function saidIn(data: Record<string, unknown>): (ToldTurn & { id: string }) | undefined {
  const { message } = data;
  if (data.type !== 'assistant' || data.saidBy === 'program' || !isRecord(message)) return undefined;
  const blocks = Array.isArray(message.content) ? message.content.filter(isRecord) : [];
  const asked = blocks.filter(({ type }) => type === 'tool_use');
  const answers = asked.filter(({ name }) => name === answerTool);
  const texts = [
    ...blocks.flatMap(({ type, text }) => (type === 'text' && typeof text === 'string' ? [text] : [])),
    // The answer in a form is no call: it is what was said.
    ...answers.map(({ input }) => JSON.stringify(input, null, 2)),
  ];
  return {
    id: String(message.id),
    text: texts.join('\n\n'),
    calls: asked
      .filter(({ name }) => name !== answerTool)
      .map(({ id, name, input }) => ({ toolUseId: String(id), name: String(name), arguments: input ?? {} })),
  };
}
