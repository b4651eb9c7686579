/** An execution for a person: its end in two lines, and its page. */

import { type ExecutionStatus, isRehearsed } from '../../contract/execution-status.ts';
import type { Execution, ExecutionSummary, ExecutionTotals } from '../../contract/executions.ts';
import type { Mark } from '../../contract/marks.ts';
import type { Colors } from '../context.ts';
import { formatCount, formatDuration, formatFullTime, formatMoney, plural } from './figures.ts';
import { renderToolCall } from './run.ts';
import { renderFields } from './table.ts';
import { clean, oneLine, wrap } from './text.ts';

/** A status as a person reads it; `--json` has it as it is. */
export const statusWord = (status: ExecutionStatus | string): string =>
  status === 'waiting_approval' ? 'waits for you' : status;

/** With the colour that a status has everywhere. */
export function paintStatus(status: ExecutionStatus | string, colors: Colors): string {
  const word = statusWord(status);
  if (word === 'succeeded') return colors.green(word);
  if (word === 'failed') return colors.red(word);
  if (word === 'cancelled' || word === 'waits for you') return colors.yellow(word);
  return colors.cyan(word);
}

/** What it cost, and why it cost nothing where a rehearsal answered. */
export function describeCost({
  mode,
  model,
  costUsd,
}: Pick<ExecutionSummary, 'mode' | 'model' | 'costUsd'>): string {
  if (isRehearsed({ mode, model })) return 'no cost (rehearsal)';
  return formatMoney(costUsd);
}

/** What runs, and who answers: the first line of a run. */
export function renderHeading(
  {
    skillSlug,
    skillVersion,
    mode,
    model,
  }: Pick<ExecutionSummary, 'skillSlug' | 'skillVersion' | 'mode' | 'model'>,
  colors: Colors,
): string {
  const who = isRehearsed({ mode, model }) ? 'rehearsal model' : (model ?? 'no model');
  const what = mode === 'replay' ? ' · a replay, which calls nothing' : '';
  return `${colors.bold(skillSlug)} ${colors.dim(`version ${skillVersion} · ${who}${what}`)}`;
}

/** `3.4 s · 1,204 tokens · $0.0031` */
export const renderFacts = (execution: ExecutionSummary): string =>
  [
    execution.durationMs === null ? undefined : formatDuration(execution.durationMs),
    `${formatCount(execution.tokenCount)} tokens`,
    describeCost(execution),
  ]
    .filter((fact) => fact !== undefined)
    .join(' · ');

/** `succeeded · 3.4 s · 1,204 tokens · $0.0031` and the id under it. */
export function renderSummary(execution: ExecutionSummary, colors: Colors): string {
  return [
    `${paintStatus(execution.status, colors)}${colors.dim(` · ${renderFacts(execution)}`)}`,
    `${colors.dim('execution')} ${execution.id}`,
  ].join('\n');
}

/** Output as a person reads it: cleaned, wrapped at words on a terminal, tables and code as they are. */
export function renderOutput(output: string, columns: number | undefined): string {
  const text = clean(output).trimEnd();
  if (columns === undefined) return text;
  const room = Math.min(columns, 100);
  let inCode = false;
  return text
    .split('\n')
    .map((line) => {
      if (/^\s*```/.test(line)) inCode = !inCode;
      return inCode || /^\s*(\||```)/.test(line) ? line : wrap(line, room);
    })
    .join('\n');
}

/** `pinned · good · "It missed the water bill."`; empty where nothing is marked. */
export const describeMark = ({ pinned, rating, comment }: Mark): string =>
  [
    ...(pinned ? ['pinned'] : []),
    ...(rating === null ? [] : [`rated ${rating}`]),
    ...(comment === null ? [] : [`“${oneLine(comment)}”`]),
  ].join(' · ');

/** `14 runs, 2 failed · $0.42 · 12,400 tokens · 3 min 20 s in all` */
export function describeTotals(totals: ExecutionTotals, colors: Colors): string {
  const { executions, failed, waiting, running, unread, costUsd, unpriced, tokens, durationMs } = totals;
  const counts = [
    plural(executions, 'run'),
    ...(failed === 0 ? [] : [colors.red(`${failed} failed`)]),
    ...(waiting === 0 ? [] : [colors.yellow(`${waiting} waiting`)]),
    ...(running === 0 ? [] : [`${running} under way`]),
    ...(unread === 0 ? [] : [`${unread} unread`]),
  ].join(', ');
  return [
    counts,
    `${formatMoney(costUsd)}${unpriced === 0 ? '' : ` and ${unpriced} unpriced`}`,
    `${formatCount(tokens)} tokens`,
    `${formatDuration(durationMs)} in all`,
  ].join(' · ');
}

const paintStep = (status: string, colors: Colors): string =>
  status === 'failed' || status === 'unknown' ? colors.red(status) : colors.dim(status);

/** Everything about one execution that a person asks for first. */
export function renderExecution(execution: Execution, colors: Colors, columns: number | undefined): string {
  const width = Math.min(columns ?? 100, 100);
  const { usage } = execution;
  const { failureOf, try: tried } = execution.triggerDetail as {
    failureOf?: string;
    try?: { step: number; from: string | null };
  };
  const tokens = [
    [usage.inputTokens, 'in'],
    [usage.outputTokens, 'out'],
    [usage.cacheReadTokens, 'cache read'],
    [usage.cacheWriteTokens, 'cache write'],
  ]
    .filter(([count]) => count !== 0)
    .map(([count, label]) => `${formatCount(Number(count))} ${label}`)
    .join(' · ');
  const fields = renderFields(
    [
      ['execution', execution.id],
      ['skill', `${execution.skillSlug} (version ${execution.skillVersion})`],
      ['status', paintStatus(execution.status, colors)],
      ['error', execution.error === null ? undefined : wrap(clean(execution.error), width - 12)],
      ['code', execution.errorCode ?? undefined],
      ['mode', execution.mode],
      ['model', execution.model ?? undefined],
      ['started by', `${oneLine(execution.actor)} (${execution.trigger})`],
      ['handles', failureOf === undefined ? undefined : `the failure of ${oneLine(failureOf)}`],
      [
        'a try of',
        tried === undefined
          ? undefined
          : `step ${tried.step}${tried.from === null ? '' : `, by ${tried.from}`}`,
      ],
      ['retry of', execution.retryOf ?? undefined],
      ['replay of', execution.replayOf ?? undefined],
      ['created', formatFullTime(execution.createdAt)],
      ['purged', execution.purgedAt === null ? undefined : formatFullTime(execution.purgedAt)],
      ['duration', execution.durationMs === null ? undefined : formatDuration(execution.durationMs)],
      ['tokens', `${formatCount(execution.tokenCount)}${tokens === '' ? '' : ` (${tokens})`}`],
      ['cost', describeCost(execution)],
      ['you said', describeMark(execution.mark) || undefined],
      ['input', isEmpty(execution.input) ? undefined : oneLine(JSON.stringify(execution.input))],
    ],
    colors.dim,
  );
  const steps = execution.steps.flatMap((step) => [
    '',
    `${colors.bold(`step ${step.id} of ${execution.steps.length}`)} ${paintStep(step.status, colors)}`,
    ...execution.toolCalls
      .filter((call) => call.stepId === step.id)
      .flatMap((call) => renderToolCall({ ...call, error: call.error }, colors, width)),
  ]);
  const output = execution.output ? ['', colors.bold('output'), renderOutput(execution.output, columns)] : [];
  return [fields, ...steps, ...output].join('\n');
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
