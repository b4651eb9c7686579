/** What a run did, in plain words: how it ended or where it is, what it took, and what it touched. */
import { parseToolName } from '../../src/contract/common.ts';
import { type Execution, type ExecutionStatus, isFinal, isRehearsed } from '../../src/contract/executions.ts';
import { duration, money, plural } from '../ui/format.ts';
import { workedBy } from './run-pauses.ts';
import { isAnswered, type RunView, type ToolCallView } from './run-shapes.ts';

type Call = { name: string; status: ToolCallView['status']; isReadOnly: boolean };

/**
 * Sentences about a run.
 *
 * @param now in milliseconds since 1970; counts while it goes on
 */
export function summaryOf(execution: Execution, run: RunView, now: number): string[] {
  const status = run.status ?? execution.status;
  const calls = callsOf(execution, run);
  return [
    stateOf(status, execution, run, now),
    ...didOf(status, execution, run, calls),
    ...(execution.mode === 'replay'
      ? replayedOf(calls)
      : [...touchedOf(status, calls), ...troubleOf(status, calls)]),
  ];
}

function stateOf(status: ExecutionStatus, execution: Execution, run: RunView, now: number): string {
  const took = duration(execution.durationMs ?? workedBy(run.pauses, run.from ?? now, now));
  const cost = costWords(execution, run);
  const place = placeOf(execution, run);
  switch (status) {
    case 'queued': {
      const { error } = run.pauses.at(-1) ?? {};
      return error === undefined ? 'It waits for its turn.' : `It waits to be tried again. ${error}`;
    }
    case 'running':
      return `It is at work${place}, for ${took} so far.`;
    case 'waiting_approval':
      return `It waits for you${place}, and goes on when you have decided.`;
    case 'succeeded': {
      const of = execution.steps.length;
      const steps =
        of === 1 ? 'what it was asked' : of === 2 ? 'both of its steps' : `all ${of} of its steps`;
      return `It did ${steps} in ${took}${cost === undefined ? '' : `, for ${cost}`}.`;
    }
    case 'failed':
      return `It failed${place} after ${took}${cost === undefined ? '' : `, having used ${cost}`}.${doneWords(execution)}`;
    case 'cancelled':
      return `It was stopped${place} after ${took}${cost === undefined ? '' : `, having used ${cost}`}.${doneWords(execution)}`;
  }
}

function costWords({ mode, model, completedAt, usage }: Execution, run: RunView): string | undefined {
  const { costUsd } = completedAt === null ? (run.usage ?? usage) : usage;
  return isRehearsed({ mode, model }) || costUsd === null || costUsd === 0 ? undefined : money(costUsd);
}

/** ` in step 2 of 3`; nothing where there is but one, or none was begun. */
function placeOf(execution: Execution, run: RunView): string {
  const of = execution.steps.length;
  const stopped = stoppedStep(execution, run);
  return of < 2 || stopped === undefined ? '' : ` in step ${stopped} of ${of}`;
}

/** The step where it is, or where it ended before its end. */
function stoppedStep(execution: Execution, run: RunView): number | undefined {
  const told = run.steps.findLast(({ status }) => status !== 'skipped');
  const failed = execution.steps.find(({ status }) => status === 'failed' || status === 'unknown');
  return failed?.id ?? told?.id ?? execution.steps.find(({ status }) => status !== 'done')?.id;
}

function doneWords({ steps }: Execution): string {
  const done = steps.filter(({ status }) => status === 'done').length;
  if (done === 0) return steps.length > 1 ? ' No step was done.' : '';
  return done === 1 ? ' The step before it was done.' : ` The ${done} steps before it were done.`;
}

function didOf(
  status: ExecutionStatus,
  { mode, purgedAt, usage }: Execution,
  run: RunView,
  calls: readonly Call[],
): string[] {
  const told = run.steps
    .flatMap(({ items }) => items)
    .filter((item) => item.kind === 'turn' && item.finishedAt !== undefined && isAnswered(item)).length;
  const turns = purgedAt === null ? told : usage.modelCalls;
  if (status === 'queued' || (turns === 0 && calls.length === 0)) return [];
  const called =
    calls.length === 0
      ? 'no tool was called'
      : `${plural(calls.length, 'tool call')} ${calls.length === 1 ? 'was' : 'were'} made`;
  const answered = turns === 0 ? 'did not answer' : `answered ${times(turns)}`;
  if (mode === 'replay')
    return [`The model ${answered}. No tool was called: it is a replay of an earlier run.`];
  if (mode === 'rehearsal')
    return [`As a rehearsal it cost nothing: a built-in model answered, and ${called}.`];
  return [`The model ${answered}, and ${called}.`];
}

/** What a replay's calls came by, of which none was made. */
function replayedOf(calls: readonly Call[]): string[] {
  const none = calls.filter((call) => call.status === 'denied').length;
  const answered = calls.length - none;
  return [
    ...(answered === 0
      ? []
      : [
          `${plural(answered, 'call')} ${answered === 1 ? 'was' : 'were'} answered by what was recorded then.`,
        ]),
    ...(none === 0 ? [] : [`${plural(none, 'call')} had no recorded answer, and the model was told so.`]),
  ];
}

function touchedOf(status: ExecutionStatus, calls: readonly Call[]): string[] {
  const changing = calls.filter((call) => !call.isReadOnly && call.status !== 'denied');
  if (changing.length > 0) {
    return [`${plural(changing.length, 'call')} may have changed something: ${namesOf(changing)}.`];
  }
  if (calls.length === 0 || status === 'running' || status === 'queued') return [];
  return [`${isFinal(status) ? 'It' : 'So far it'} changed nothing: what it called only reads.`];
}

function troubleOf(status: ExecutionStatus, calls: readonly Call[]): string[] {
  const failed = calls.filter((call) => call.status === 'failed');
  const denied = calls.filter((call) => call.status === 'denied');
  const unknown = calls.filter((call) => call.status === 'unknown');
  const went = status === 'succeeded' ? ', and it went on' : '';
  return [
    ...(failed.length === 0 ? [] : [`${plural(failed.length, 'call')} failed${went}: ${namesOf(failed)}.`]),
    ...(denied.length === 0
      ? []
      : [
          `${plural(denied.length, 'call')} ${denied.length === 1 ? 'was' : 'were'} denied: ${namesOf(denied)}.`,
        ]),
    ...(unknown.length === 0
      ? []
      : [`It is not known whether ${plural(unknown.length, 'call')} came through: ${namesOf(unknown)}.`]),
  ];
}

/** As they were told, or where nothing was, as the row knows them. */
export function callsOf(execution: Execution, run: RunView): Call[] {
  const kept = new Map(execution.toolCalls.map((call) => [call.id, call]));
  const told = run.steps
    .flatMap(({ items }) => items)
    .filter((item): item is ToolCallView => item.kind === 'tool_call');
  if (told.length === 0) {
    return execution.toolCalls.map(({ name, status, readOnly }) => ({ name, status, isReadOnly: readOnly }));
  }
  return told.map(({ id, name, status, isReadOnly }) => {
    const row = kept.get(id);
    return {
      name,
      // A run that broke off told of no end; its row did.
      status: execution.completedAt === null ? status : (row?.status ?? status),
      isReadOnly: isReadOnly ?? row?.readOnly ?? false,
    };
  });
}

/** `memory create_entities (2), files write_file`. */
function namesOf(calls: readonly Call[]): string {
  const counts = Map.groupBy(calls, ({ name }) => name);
  const names = [...counts].map(([name, { length }]) => {
    const tool = parseToolName(name);
    return `${tool ? `${tool.connection} ${tool.tool}` : name}${length > 1 ? ` (${length})` : ''}`;
  });
  return names.length <= 4
    ? names.join(', ')
    : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}

const times = (value: number): string => (value === 1 ? 'once' : value === 2 ? 'twice' : `${value} times`);
