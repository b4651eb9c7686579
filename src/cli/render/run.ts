/** A run's events as lines for a person: steps, tool calls, what the model says between them, and the live line. */

import type { ExecutionEvent, ExecutionEventData } from '../../contract/events.ts';
import type { Usage } from '../../contract/executions.ts';
import { isRecord } from '../../contract/is-record.ts';
import { parseToolName } from '../../contract/tool-name.ts';
import { visibleJson, visibleJsonLine, visibleText } from '../../contract/visible.ts';
import type { Colors } from '../context.ts';
import { formatCount, formatDuration, formatElapsed, formatMoney } from './figures.ts';
import { oneLine, truncate, widthOf } from './text.ts';

const indent = '  ';

/** `list_directory(path: ".", depth: 2)`: a call's arguments on one line, cut to `room` columns. */
export function formatArguments(args: unknown, room: number): string {
  if (args === undefined || args === null) return '()';
  const entries = typeof args === 'object' && !Array.isArray(args) ? Object.entries(args) : [['', args]];
  const text = entries
    .map(([name, value]) => `${name === '' ? '' : `${visibleText(String(name))}: `}${visibleJsonLine(value)}`)
    .join(', ');
  return `(${truncate(text, Math.max(4, room - 2))})`;
}

/** Tokens of a run so far: everything that was read or written. */
const tokensOf = (usage: Usage): number =>
  usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;

type ToolCall = ExecutionEventData['tool_call'];
type WaitingCall = NonNullable<ExecutionEventData['status']['waitingFor']>[number];
const marks = { done: '✓', failed: '✗', denied: '⊘', unknown: '?' } as const;

const hasEnded = (call: ToolCall): call is ToolCall & { status: keyof typeof marks } => call.status in marks;

/** `files · list_directory` */
function toolLabel(name: string): { connection: string; tool: string } {
  const parsed = parseToolName(name);
  return parsed
    ? { connection: oneLine(parsed.connection), tool: oneLine(parsed.tool) }
    : { connection: '', tool: oneLine(name) };
}

/** The lines of a call that ended: what was called, how long it took, and how its answer began. */
export function renderToolCall(call: ToolCall, colors: Colors, columns: number): string[] {
  if (!hasEnded(call)) return [];
  const paint = { done: colors.green, failed: colors.red, denied: colors.yellow, unknown: colors.yellow };
  const paintMark = paint[call.status];
  const { connection, tool } = toolLabel(call.name);
  const time = typeof call.durationMs === 'number' ? formatDuration(call.durationMs) : '';
  const forTime = time === '' ? 0 : widthOf(time) + 2;
  const owner = connection === '' ? '' : `${connection} · `;
  const room = columns - widthOf(indent) - 2 - forTime - widthOf(owner);
  const name = truncate(tool, Math.max(4, room));
  const argumentRoom = room - widthOf(name);
  const args = argumentRoom >= 8 ? formatArguments(call.arguments, argumentRoom) : '';

  const left = `${indent}${paintMark(marks[call.status])} ${colors.dim(owner)}${colors.bold(name)}${colors.dim(args)}`;
  const gap = ' '.repeat(Math.max(2, columns - widthOf(left) - widthOf(time)));
  const head = time === '' ? left : `${left}${gap}${colors.dim(time)}`;
  const detail = call.status === 'done' ? call.preview : (call.error ?? call.preview);
  const text = truncate(oneLine(detail ?? ''), columns - 2 * widthOf(indent));
  if (text === '') return [head];
  return [head, `${indent}${indent}${call.status === 'done' ? colors.dim(text) : paintMark(text)}`];
}

/** What an Agent SDK message of the model says, and whether it calls a tool; undefined for any other message. */
export function readSaid(
  message: ExecutionEventData['message'],
): { text: string; calls: boolean } | undefined {
  // What the agent's own program says is none of the model's words.
  const inner = message.type === 'assistant' && message.saidBy !== 'program' ? message.message : undefined;
  const content = isRecord(inner) ? inner.content : undefined;
  if (!Array.isArray(content)) return undefined;
  const blocks = content.filter(isRecord);
  const texts = blocks.flatMap((block) =>
    block.type === 'text' && typeof block.text === 'string' ? [block.text] : [],
  );
  return { text: oneLine(texts.join(' ')), calls: blocks.some((block) => block.type === 'tool_use') };
}

/** Follows one run: give it each event, print the lines it returns, ask it for the live line. */
export class RunView {
  readonly #colors: Colors;
  readonly #columns: number;
  #steps = 0;
  #step = 0;
  #begun = 0;
  #usage: Usage | undefined;
  #status = 'queued';
  #said = '';
  readonly #open = new Map<string, ToolCall>();

  constructor(colors: Colors, columns: number) {
    this.#colors = colors;
    this.#columns = columns;
  }

  /** The lines to print for `event`, if any. */
  take(event: ExecutionEvent): string[] {
    switch (event.kind) {
      case 'status':
        this.#status = event.data.status;
        return this.#sayWhyItWaits(event.data);
      case 'step':
        return this.#takeStep(event.data);
      case 'tool_call':
        return this.#takeToolCall(event.data);
      case 'message':
        return this.#takeMessage(event.data);
      // The same words come whole in a message.
      case 'delta':
        return [];
      case 'usage':
        this.#usage = event.data;
        return [];
      case 'end':
        this.#status = event.data.status;
        return [];
    }
  }

  /** Words are shown once a tool is called after them: the last ones are the step's output, shown at its end. */
  #takeMessage(message: ExecutionEventData['message']): string[] {
    const said = readSaid(message);
    if (said === undefined) return [];
    if (said.text !== '') this.#said = said.text;
    return said.calls ? this.#sayNow() : [];
  }

  #sayNow(): string[] {
    const said = this.#said;
    this.#said = '';
    return said === '' ? [] : [`${indent}${this.#colors.dim(`“${truncate(said, this.#columns - 4)}”`)}`];
  }

  /** A run that goes back to the queue says why, and when it goes on. */
  #sayWhyItWaits({ status, error, waitingFor = [] }: ExecutionEventData['status']): string[] {
    if (status === 'waiting_approval') return waitingFor.flatMap((call) => this.#sayWhatIsAsked(call));
    if (status !== 'queued' || !error) return [];
    return [`${indent}${this.#colors.yellow(truncate(oneLine(error), this.#columns - 2))}`];
  }

  /** Exactly what would be called, whole, and what to type. */
  #sayWhatIsAsked({ approvalId, name, arguments: args }: WaitingCall): string[] {
    const { connection = '', tool = name } = parseToolName(name) ?? {};
    const lines = visibleJson(args).split('\n');
    return [
      `${indent}${this.#colors.yellow('waiting for you:')} ${visibleText(connection)} · ${this.#colors.bold(visibleText(tool))}`,
      // Not wrapped at words, which would make one space of two: it is what will be called.
      ...lines.map((line) => `${indent}${indent}${line}`),
      `${indent}${this.#colors.dim(`alfred execution approve ${approvalId}`)}`,
      `${indent}${this.#colors.dim(`alfred execution deny ${approvalId} --note "why"`)}`,
    ];
  }

  #takeStep({ id, of, status, output }: ExecutionEventData['step']): string[] {
    // Done before this run began: a retry goes on behind it.
    const isCarried = status === 'done' && this.#begun < id;
    this.#begun = Math.max(this.#begun, id);
    this.#steps = Math.max(of, id);
    this.#step = id;
    this.#said = '';
    const title = this.#colors.bold(`step ${id} of ${of}`);
    if (status === 'running') return [title];
    const head = isCarried ? [`${title} ${this.#colors.dim('done before, carried over')}`] : [];
    if (status !== 'done' || !output || (id === of && !isCarried)) return head;
    return [...head, `${indent}${this.#colors.dim(`↳ ${truncate(oneLine(output), this.#columns - 4)}`)}`];
  }

  #takeToolCall(call: ToolCall): string[] {
    const whole = { ...this.#open.get(call.id), ...call };
    if (hasEnded(whole)) {
      this.#open.delete(call.id);
      return renderToolCall(whole, this.#colors, this.#columns);
    }
    this.#open.set(call.id, whole);
    return [];
  }

  #doing(calling: readonly string[]): string {
    if (this.#status === 'waiting_approval') return 'waiting for you';
    if (calling.length > 0) return `calling ${calling.join(', ')}`;
    return this.#step === 0 ? '' : 'asking the model';
  }

  /** What is going on, on one line: time, step, the calls that wait for an answer, tokens, cost. */
  live(elapsedMs: number): string {
    const calling = [...this.#open.values()].map(({ name }) => toolLabel(name).tool);
    return [
      formatElapsed(elapsedMs),
      this.#step === 0
        ? this.#status === 'queued'
          ? 'waiting for its turn'
          : 'starting'
        : `step ${this.#step} of ${this.#steps}`,
      this.#doing(calling),
      this.#usage && tokensOf(this.#usage) > 0 ? `${formatCount(tokensOf(this.#usage))} tokens` : '',
      this.#usage && tokensOf(this.#usage) > 0 ? formatMoney(this.#usage.costUsd) : '',
    ]
      .filter((part) => part !== '')
      .join(' · ');
  }
}
