/** A replay beside the execution that it replays. */
import type { ComparedCall, ComparedStep, ComparedTurn, Comparison } from '../contract/replay.ts';
import { fieldsWith } from '../contract/skill-fields.ts';
import type { SkillDefinition } from '../contract/skills.ts';
import type { Database, Prisma, Transaction } from '../database/client.ts';
import { differencesOf } from '../kernel/differences.ts';
import { AlfredError, isAlfredError } from '../kernel/errors.ts';
import { alignTurns, sameCalls, type TurnPair } from './align-turns.ts';
import { type ExecutionRow, findExecution } from './find-execution.ts';
import { presentSummary } from './present-execution.ts';
import { readRecording } from './read-recording.ts';
import { readRunDefinition } from './read-run-definition.ts';
import { readTurns, type ToldCall, type ToldTurn } from './turns-of-run.ts';

type CallRow = Prisma.ToolCallGetPayload<Record<string, never>>;
type Side = {
  row: ExecutionRow;
  definition: SkillDefinition | undefined;
  steps: Prisma.ExecutionStepGetPayload<Record<string, never>>[];
  calls: CallRow[];
  turns: ReadonlyMap<number, ToldTurn[]>;
};

/** Of what a tool answered, in characters. */
const longestAnswer = 4_000;

/** What has no part in how a run goes. */
const apart = new Set<string>(fieldsWith('isApart'));

/**
 * Both runs step by step and turn by turn, with what differs. While the replay goes on it is what there is so far; of a run whose
 * content was purged there are no turns.
 *
 * @throws AlfredError E_NOT_FOUND, E_NOT_REPLAYABLE for an execution that is no replay
 */
export async function compareReplay({ db }: { db: Database }, id: string): Promise<Comparison> {
  const row = await findExecution(db.prisma, id);
  if (row.replayOf === null) {
    throw new AlfredError(
      'E_NOT_REPLAYABLE',
      'This execution is no replay: there is none to set it beside.',
      {
        remedy: `Replay it first: npx alfred execution replay ${row.id}`,
      },
    );
  }
  const [original, replay] = await Promise.all([
    readSide(db.prisma, await findExecution(db.prisma, row.replayOf)),
    readSide(db.prisma, row),
  ]);
  const recorded = original.row.purgedAt === null ? await readRecording(db.prisma, original.row.id) : [];
  const recordedCalls = await db.prisma.toolCall.findMany({
    where: { id: { in: recorded.map((answer) => answer.id) } },
  });
  const hashes = new Map(recordedCalls.map((call) => [call.id, call.argumentsHash]));
  const steps = stepsOf(original, replay, hashes);
  const kinds = replay.calls.map((call) => kindOf(call, hashes));
  const count = (kind: ComparedCall['recorded']) => kinds.filter((each) => each === kind).length;
  const definition = definitionDifferences(original, replay);
  return {
    original: presentSummary(original.row),
    replay: presentSummary(replay.row),
    definition,
    steps,
    calls: {
      recorded: recorded.length,
      used: new Set(replay.calls.flatMap(({ answeredBy }) => answeredBy ?? [])).size,
      same: count('same'),
      other: count('other'),
      none: count('none'),
    },
    isSame: original.row.status === replay.row.status && steps.every(({ isSame }) => isSame),
  };
}

async function readSide(db: Transaction, row: ExecutionRow): Promise<Side> {
  const where = { executionId: row.id };
  const [steps, calls, turns, definition] = await Promise.all([
    db.executionStep.findMany({ where, orderBy: { stepId: 'asc' } }),
    db.toolCall.findMany({ where, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] }),
    readTurns(db, row.id),
    readRunDefinition(db, row).catch((error: unknown) => {
      // A draft's goes when its run is purged.
      if (isAlfredError(error, 'E_ROW_ALTERED')) return undefined;
      throw error;
    }),
  ]);
  return { row, definition, steps, calls, turns };
}

function definitionDifferences(original: Side, replay: Side): Comparison['definition'] {
  if (original.definition === undefined || replay.definition === undefined) return null;
  const shown = ({ steps, ...definition }: SkillDefinition) => ({
    steps: Object.fromEntries(steps.map(({ id, ...step }) => [id, step])),
    ...Object.fromEntries(
      Object.entries(definition).filter(([name, value]) => !apart.has(name) && value !== null),
    ),
  });
  return differencesOf(shown(original.definition), shown(replay.definition));
}

type Hashes = ReadonlyMap<string, Uint8Array>;

function stepsOf(original: Side, replay: Side, hashes: Hashes): ComparedStep[] {
  const ids = new Set([...original.steps, ...replay.steps].map(({ stepId }) => stepId));
  return [...ids]
    .toSorted((one, other) => one - other)
    .map((id) => {
      const pairs = alignTurns(turnsOfStep(original, id, hashes), turnsOfStep(replay, id, hashes));
      const turns = pairs.map((pair) => ({ ...pair, differs: differencesIn(pair) }));
      const both = <Value>(of: (side: Side) => Value) => ({ original: of(original), replay: of(replay) });
      const state = (side: Side) => side.steps.find(({ stepId }) => stepId === id);
      const output = both((side) => state(side)?.output ?? null);
      return {
        id,
        status: both((side) => state(side)?.status ?? null),
        prompt: both((side) => side.definition?.steps[id - 1]?.prompt ?? null),
        output,
        isSame: output.original === output.replay && turns.every(({ differs }) => differs.length === 0),
        turns,
      };
    });
}

const turnsOfStep = (side: Side, stepId: number, hashes: Hashes): ComparedTurn[] =>
  (side.turns.get(stepId) ?? []).map(({ text, calls }) => ({
    text,
    calls: calls.map((call) => comparedCall(side, stepId, call, hashes)),
  }));

function comparedCall(side: Side, stepId: number, told: ToldCall, hashes: Hashes): ComparedCall {
  const row = side.calls.findLast((call) => call.stepId === stepId && call.toolUseId === told.toolUseId);
  return {
    id: row?.id ?? null,
    name: told.name,
    // As it was sent; the model may see an argument by another name.
    arguments: row?.arguments ?? told.arguments,
    status: row?.status ?? null,
    answer: row === undefined ? null : answerOf(row),
    answeredBy: row?.answeredBy ?? null,
    recorded: side.row.replayOf === null || row === undefined ? null : kindOf(row, hashes),
  };
}

function kindOf(call: CallRow, hashes: Hashes): ComparedCall['recorded'] {
  if (call.answeredBy === null) return call.status === 'denied' ? 'none' : null;
  const recorded = hashes.get(call.answeredBy);
  // Of a recording that was purged since, hashes are there all the same; one that is not is not known.
  if (recorded === undefined) return null;
  return Buffer.from(recorded).equals(call.argumentsHash) ? 'same' : 'other';
}

/** The texts of a result; of a call without one its error. */
function answerOf({ result, error }: CallRow): string | null {
  const { content = [] } = (result ?? {}) as { content?: { type: string; text?: string }[] };
  const text = content.map((block) => block.text ?? `[${block.type}]`).join('\n');
  const said = text === '' ? error : text;
  return said !== null && said.length > longestAnswer ? `${said.slice(0, longestAnswer)}…` : said;
}

function differencesIn({ original, replay }: TurnPair): ComparedStep['turns'][number]['differs'] {
  if (replay === null) return ['missing'];
  if (original === null) return ['added'];
  const answers = (turn: ComparedTurn) =>
    turn.calls
      .map(({ answer }) => answer)
      .toSorted()
      .join('\n');
  const isSameCalls = sameCalls(original, replay);
  return [
    ...(original.text === replay.text ? [] : (['text'] as const)),
    ...(isSameCalls ? [] : (['calls'] as const)),
    ...(isSameCalls && answers(original) !== answers(replay) ? (['answers'] as const) : []),
  ];
}
