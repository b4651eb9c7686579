/**
 * A replay beside what it replays, turn by turn. What both did is shown once; what differs as `then` and `now`, in two columns
 * where there is room for them.
 */

import { isFinal } from '../../contract/execution-status.ts';
import type { ComparedCall, ComparedStep, ComparedTurn, Comparison } from '../../contract/replay.ts';
import { parseToolName } from '../../contract/tool-name.ts';
import { visibleJsonLine, visibleText } from '../../contract/visible.ts';
import type { Colors } from '../context.ts';
import { paintStatus, renderFacts } from './execution.ts';
import { formatArguments } from './run.ts';
import { clean, fold, oneLine, pad, truncate, widthOf, wrap } from './text.ts';

/** From so many columns on there are two sides. */
const roomForSides = 100;
/** Of what was said in a turn, in characters; --json has all of it. */
const longestText = 1_200;
const gap = '  │ ';

type Place = { colors: Colors; columns: number };

/** @param columns undefined where it is no terminal */
export function renderComparison(
  comparison: Comparison,
  colors: Colors,
  columns: number | undefined,
): string {
  const place = { colors, columns: Math.min(columns ?? 99, 160) };
  return [
    heading(comparison, colors),
    ...changesOfSkill(comparison, place),
    ...comparison.steps.map((step) => renderStep(step, place)),
    ending(comparison, colors),
  ].join('\n\n');
}

function heading({ original, replay }: Comparison, colors: Colors): string {
  const side = (word: string, { id, skillSlug, skillVersion, model }: Comparison['replay']) =>
    `${colors.dim(word)} ${id} ${colors.dim(`· ${skillSlug} version ${skillVersion} · ${model ?? 'no model'}`)}`;
  const gone = [original, replay].filter(({ purgedAt }) => purgedAt !== null);
  return [
    side('then', original),
    side('now ', replay),
    ...gone.map(({ id }) => colors.yellow(`what ${id} said and did was purged: its side is empty`)),
  ].join('\n');
}

function changesOfSkill({ definition }: Comparison, place: Place): string[] {
  const { colors } = place;
  if (definition === null) return [colors.dim('what of the skill was other is not known any more')];
  if (definition.length === 0) return [];
  const lines = definition.flatMap(({ field, before, after }) => [
    `  ${visibleText(field.slice(1).replaceAll('/', ' › '))}`,
    ...(before === undefined ? [] : valueLines('-', before, place, colors.red)),
    ...(after === undefined ? [] : valueLines('+', after, place, colors.green)),
  ]);
  return [[colors.bold('the skill'), ...lines].join('\n')];
}

function valueLines(
  mark: string,
  value: unknown,
  { columns }: Place,
  paint: (text: string) => string,
): string[] {
  const text = typeof value === 'string' ? clean(value) : visibleJsonLine(value);
  return fold(cut(text), columns - 8)
    .split('\n')
    .map((line) => `    ${paint(`${mark} ${line}`)}`);
}

function renderStep(step: ComparedStep, place: Place): string {
  const { colors } = place;
  const mark = step.isSame ? colors.green('=') : colors.yellow('≠');
  const [then, now] = [step.status.original, step.status.replay];
  const status = then === now ? (then ?? '') : `${then ?? 'no such step'} → ${now ?? 'no such step'}`;
  // The last turn of a step says what came of it.
  const turns = step.turns.map((turn, index) => renderTurn(turn, index + 1, place));
  return [`${mark} ${colors.bold(`step ${step.id}`)} ${colors.dim(status)}`, ...turns].join('\n');
}

function renderTurn(turn: ComparedStep['turns'][number], number: number, place: Place): string {
  const { colors } = place;
  const title = `  ${colors.dim(`turn ${number}`)}`;
  const { original, replay, differs } = turn;
  if (differs.length === 0 && original !== null && replay !== null)
    return [
      `${title} ${colors.green('=')}`,
      ...turnLines(replay, place, place.columns - 4).map(indented),
    ].join('\n');
  const words = differs.map((word) => differenceWords[word]).join(', ');
  const room = sideRoom(place);
  const side = (one: ComparedTurn | null) =>
    one === null ? [colors.dim('nothing')] : turnLines(one, place, room);
  return [`${title} ${colors.yellow(`≠ ${words}`)}`, ...sides(side(original), side(replay), place)].join(
    '\n',
  );
}

const differenceWords: Record<ComparedStep['turns'][number]['differs'][number], string> = {
  text: 'said otherwise',
  calls: 'called otherwise',
  answers: 'answered otherwise',
  missing: 'not in the replay',
  added: 'only in the replay',
};

const indented = (line: string): string => `    ${line}`;
const sideRoom = ({ columns }: Place): number =>
  columns >= roomForSides ? Math.floor((columns - 4 - gap.length) / 2) : columns - 9;

/** Two columns, or one under the other. */
function sides(then: readonly string[], now: readonly string[], place: Place): string[] {
  const { colors, columns } = place;
  if (columns < roomForSides) {
    const named = (word: string, lines: readonly string[]) =>
      lines.map((line, index) => `    ${index === 0 ? colors.dim(word) : '    '} ${line}`.trimEnd());
    return [...named('then', then), ...named('now ', now)];
  }
  const room = sideRoom(place);
  const rows = Array.from({ length: Math.max(then.length, now.length) }, (_, index) => index);
  return rows.map((index) =>
    indented(`${pad(then[index] ?? '', room)}${colors.dim(gap)}${now[index] ?? ''}`.trimEnd()),
  );
}

function turnLines({ text, calls }: ComparedTurn, { colors }: Place, room: number): string[] {
  const said = text === '' ? [] : wrap(cut(clean(text)), room).split('\n');
  return [...said, ...calls.flatMap((call) => callLines(call, colors, room))];
}

const marks = { done: '✓', failed: '✗', denied: '⊘' } as const;

function callLines(call: ComparedCall, colors: Colors, room: number): string[] {
  const { connection = '', tool = call.name } = parseToolName(call.name) ?? {};
  const isBad = call.status !== 'done';
  const mark = call.status !== null && call.status in marks ? marks[call.status as keyof typeof marks] : '?';
  const name = oneLine(connection === '' ? tool : `${connection} · ${tool}`);
  const args = formatArguments(call.arguments, Math.max(8, room - widthOf(name) - 2));
  const remark = call.recorded === null ? undefined : remarks[call.recorded];
  const answer = truncate(oneLine(call.answer ?? ''), room - 4);
  return [
    `${isBad ? colors.red(mark) : colors.green(mark)} ${truncate(name, room - 2)}${colors.dim(args)}`,
    ...(answer === '' ? [] : [`  ${colors.dim(answer)}`]),
    ...(remark === undefined ? [] : [`  ${colors.yellow(truncate(remark, room - 2))}`]),
  ];
}

const remarks: Partial<Record<NonNullable<ComparedCall['recorded']>, string>> = {
  other: 'the answer was recorded for other arguments',
  none: 'not made: no answer was recorded',
};

function ending({ original, replay, calls, isSame }: Comparison, colors: Colors): string {
  const { recorded, used, same, other, none } = calls;
  const parts = [
    `${same} to the same arguments`,
    ...(other === 0 ? [] : [`${other} to other ones`]),
    ...(none === 0 ? [] : [`${none} not made, as no answer was left`]),
  ];
  const outcome = isSame ? colors.green('both did and said the same') : colors.yellow('they differ');
  return [
    ...(isFinal(replay.status) ? [outcome] : [colors.yellow('the replay goes on still')]),
    `calls  ${used} of ${recorded} recorded answers used: ${parts.join(', ')}`,
    `then   ${paintStatus(original.status, colors)} ${colors.dim(renderFacts(original))}`,
    `now    ${paintStatus(replay.status, colors)} ${colors.dim(renderFacts(replay))}`,
  ].join('\n');
}

const cut = (text: string): string => (text.length <= longestText ? text : `${text.slice(0, longestText)}…`);
