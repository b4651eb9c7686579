/** What a run did, in plain words: how it ended or where it is, what it took, and what it touched. */

import { type ExecutionStatus, isFinal, isRehearsed } from '../../src/contract/execution-status.ts';
import type { Execution } from '../../src/contract/executions.ts';
import { parseToolName } from '../../src/contract/tool-name.ts';
import { duration, money } from '../ui/format.ts';
import { t } from '../words/t.ts';
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
  const cost = costWords(execution, run) ?? 'none';
  const place = placeOf(execution, run);
  switch (status) {
    case 'queued': {
      const { error } = run.pauses.at(-1) ?? {};
      return error === undefined
        ? t('It waits for its turn.')
        : t('It waits to be tried again. {error}', { error });
    }
    case 'running':
      return t('It is at work{of, plural, =0 {} other { in step {step} of {of}}}, for {took} so far.', {
        ...place,
        took,
      });
    case 'waiting_approval':
      return t(
        'It waits for you{of, plural, =0 {} other { in step {step} of {of}}}, and goes on when you have decided.',
        place,
      );
    case 'succeeded':
      return t(
        '{steps, plural, =0 {It is done} =1 {It did what it was asked} =2 {It did both of its steps} other {It did all {steps} of its steps}} in {took}{cost, select, none {} other {, for {cost}}}.',
        { steps: execution.steps.length, took, cost },
      );
    case 'failed':
      return t(
        'It failed{of, plural, =0 {} other { in step {step} of {of}}} after {took}{cost, select, none {} other {, having used {cost}}}.',
        { ...place, took, cost },
      ).concat(doneWords(execution));
    case 'cancelled':
      return t(
        'It was stopped{of, plural, =0 {} other { in step {step} of {of}}} after {took}{cost, select, none {} other {, having used {cost}}}.',
        { ...place, took, cost },
      ).concat(doneWords(execution));
  }
}

function costWords({ mode, model, completedAt, usage }: Execution, run: RunView): string | undefined {
  const { costUsd } = completedAt === null ? (run.usage ?? usage) : usage;
  return isRehearsed({ mode, model }) || costUsd === null || costUsd === 0 ? undefined : money(costUsd);
}

/** The step where it is, and of how many; of none where there is but one, or none was begun. */
function placeOf(execution: Execution, run: RunView): { step: number; of: number } {
  const step = stoppedStep(execution, run);
  const of = execution.steps.length;
  return of < 2 || step === undefined ? { step: 0, of: 0 } : { step, of };
}

/** The step where it is, or where it ended before its end. */
function stoppedStep(execution: Execution, run: RunView): number | undefined {
  const told = run.steps.findLast(({ status }) => status !== 'skipped');
  const failed = execution.steps.find(({ status }) => status === 'failed' || status === 'unknown');
  return failed?.id ?? told?.id ?? execution.steps.find(({ status }) => status !== 'done')?.id;
}

/** A sentence more, behind a space; empty where there is one step. */
function doneWords({ steps }: Execution): string {
  const done = steps.filter(({ status }) => status === 'done').length;
  if (done === 0 && steps.length < 2) return '';
  const words = t(
    '{done, plural, =0 {No step was done.} one {The step before it was done.} other {The # steps before it were done.}}',
    { done },
  );
  return ` ${words}`;
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
  if (mode === 'replay')
    return [
      t(
        'The model {turns, plural, =0 {did not answer} =1 {answered once} =2 {answered twice} other {answered # times}}. No tool was called: it is a replay of an earlier run.',
        { turns },
      ),
    ];
  if (mode === 'rehearsal')
    return [
      t(
        'As a rehearsal it cost nothing: a built-in model answered, and {calls, plural, =0 {no tool was called} one {# tool call was made} other {# tool calls were made}}.',
        { calls: calls.length },
      ),
    ];
  return [
    t(
      'The model {turns, plural, =0 {did not answer} =1 {answered once} =2 {answered twice} other {answered # times}}, and {calls, plural, =0 {no tool was called} one {# tool call was made} other {# tool calls were made}}.',
      { turns, calls: calls.length },
    ),
  ];
}

/** What a replay's calls came by, of which none was made. */
function replayedOf(calls: readonly Call[]): string[] {
  const none = calls.filter((call) => call.status === 'denied').length;
  const answered = calls.length - none;
  return [
    ...(answered === 0
      ? []
      : [
          t('{answered, plural, one {# call was} other {# calls were}} answered by what was recorded then.', {
            answered,
          }),
        ]),
    ...(none === 0
      ? []
      : [
          t(
            '{none, plural, one {# call} other {# calls}} had no recorded answer, and the model was told so.',
            { none },
          ),
        ]),
  ];
}

function touchedOf(status: ExecutionStatus, calls: readonly Call[]): string[] {
  const changing = calls.filter((call) => !call.isReadOnly && call.status !== 'denied');
  if (changing.length > 0) {
    return [
      t('{calls, plural, one {# call} other {# calls}} may have changed something: {names}.', {
        calls: changing.length,
        names: namesOf(changing),
      }),
    ];
  }
  if (calls.length === 0 || status === 'running' || status === 'queued') return [];
  return [
    isFinal(status)
      ? t('It changed nothing: what it called only reads.')
      : t('So far it changed nothing: what it called only reads.'),
  ];
}

function troubleOf(status: ExecutionStatus, all: readonly Call[]): string[] {
  const having = (wanted: Call['status']) => {
    const calls = all.filter((call) => call.status === wanted);
    return { calls: calls.length, names: namesOf(calls) };
  };
  const [failed, denied, unknown] = [having('failed'), having('denied'), having('unknown')];
  return [
    ...(failed.calls === 0
      ? []
      : [
          status === 'succeeded'
            ? t('{calls, plural, one {# call} other {# calls}} failed, and it went on: {names}.', failed)
            : t('{calls, plural, one {# call} other {# calls}} failed: {names}.', failed),
        ]),
    ...(denied.calls === 0
      ? []
      : [t('{calls, plural, one {# call was} other {# calls were}} denied: {names}.', denied)]),
    ...(unknown.calls === 0
      ? []
      : [
          t(
            'It is not known whether {calls, plural, one {# call} other {# calls}} came through: {names}.',
            unknown,
          ),
        ]),
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
    : t('{names} and {more} more', { names: names.slice(0, 3).join(', '), more: names.length - 3 });
}
