/**
 * The built-in rehearsal model: it calls each read-only tool of a step once, with arguments that fit its schema, describes
 * the others, and ends with a plain report. It is a program, and says so. The same step has the same rehearsal every time.
 */
import { isRecord } from '../../contract/is-record.ts';
import { answerTool } from '../../executions/answer-tool.ts';
import { type Facts, gatherFacts } from '../../json-schema/facts.ts';
import { type Sample, Sampler } from '../../json-schema/sample.ts';
import { type Schema, SchemaChecks } from '../../json-schema/schema.ts';
import type { ModelRequestBody } from '../proxy/request.ts';
import type { RehearsalContext, RehearsalTool } from './context.ts';
import { type Conversation, readConversation } from './conversation.ts';
import { reportOf, type Uncalled } from './report.ts';

export type RehearsalTurn = {
  text: string;
  calls: { id: string; name: string; input: Record<string, unknown> }[];
};

/** Where the step has no limit of its own. */
const usualTurns = 12;

/** One step's rehearsal. Its answers come from the requests alone; it remembers compiled schemas only. */
export class Rehearsal {
  readonly #context: RehearsalContext;
  readonly #stepId: number;
  readonly #checks = new SchemaChecks();

  constructor(context: RehearsalContext, stepId: number) {
    this.#context = context;
    this.#stepId = stepId;
  }

  /** The answer to a request. */
  answer(body: ModelRequestBody): RehearsalTurn {
    const past = readConversation(body.messages);
    const facts = gatherFacts(this.#context.input, past.calls);
    const offered = new Map((body.tools ?? []).map((tool) => [tool.name, tool]));
    const tools = this.#context.tools.filter(({ name }) => offered.has(name));
    const output = offered.get(answerTool);

    const turnsLeft = (this.#context.maxTurns ?? usualTurns) - past.turns - (output ? 2 : 1);
    const next = turnsLeft > 0 ? this.#nextCalls(tools, past, facts, turnsLeft === 1) : [];
    if (next.length > 0) {
      const now = body.tool_choice?.disable_parallel_tool_use === true ? next.slice(0, 1) : next;
      return this.#call(`Rehearsing ${now.map(({ name }) => name).join(', ')}.`, now, past);
    }
    const report = reportOf(this.#toolCalls(past), this.#uncalled(tools, past, facts));
    const wanted = isRecord(output?.input_schema) ? output.input_schema : undefined;
    const tries = past.calls.filter(({ name }) => name === answerTool);
    const isDone = tries.some(({ result }) => result?.isError === false) || tries.length >= 2;
    const filled = wanted && !isDone ? this.#sample(wanted, answerTool, facts) : undefined;
    if (isRecord(filled?.value)) return this.#call(report, [{ name: answerTool, input: filled.value }], past);
    return { text: formatted(body, (schema) => this.#sample(schema, '', facts)) ?? report, calls: [] };
  }

  /** What to call now: first what has arguments with something behind them, as the results help with the others. */
  #nextCalls(tools: RehearsalTool[], past: Conversation, facts: Facts, isLast: boolean): Chosen[] {
    const called = new Set(past.calls.map(({ name }) => name));
    const possible = tools
      .filter(({ name, readOnly }) => readOnly && !called.has(name))
      .map((tool) => ({ name: tool.name, sample: this.#sample(tool.inputSchema, tool.name, facts) }))
      .filter((each): each is { name: string; sample: Sample } => isRecord(each.sample?.value));
    const wellFounded = possible.filter(({ sample }) => !sample.isMadeUp);
    const now = wellFounded.length > 0 && !isLast ? wellFounded : possible;
    return now.map(({ name, sample }) => ({ name, input: sample.value as Record<string, unknown> }));
  }

  #call(text: string, chosen: Chosen[], past: Conversation): RehearsalTurn {
    const calls = chosen.map((call, index) => ({
      ...call,
      id: `toolu_rehearsal_${this.#stepId}_${past.calls.length + index + 1}`,
    }));
    return { text, calls };
  }

  #toolCalls(past: Conversation): Conversation['calls'] {
    const known = new Set(this.#context.tools.map(({ name }) => name));
    return past.calls.filter(({ name }) => known.has(name));
  }

  #uncalled(tools: RehearsalTool[], past: Conversation, facts: Facts): Uncalled[] {
    const called = new Set(past.calls.map(({ name }) => name));
    return tools
      .filter(({ name }) => !called.has(name))
      .map((tool) => {
        const wouldSend = this.#sample(tool.inputSchema, tool.name, facts)?.value;
        return { tool, wouldSend, why: whyNot(tool, wouldSend) };
      });
  }

  #sample(schema: Schema, toolName: string, facts: Facts): Sample | undefined {
    const sources = { input: this.#context.input, facts, toolName };
    return new Sampler(schema, sources, this.#checks).sample();
  }
}

type Chosen = { name: string; input: Record<string, unknown> };

function whyNot({ readOnly, destructive }: RehearsalTool, wouldSend: unknown): string {
  if (destructive) return 'marked destructive';
  if (!readOnly) return 'not marked read-only';
  return wouldSend === undefined
    ? 'no arguments were found that fit its schema'
    : 'the step’s turns were used up';
}

/** For a request that wants its answer in a form (`output_config.format`). */
function formatted(
  body: ModelRequestBody,
  sample: (schema: Schema) => Sample | undefined,
): string | undefined {
  const wanted = isRecord(body.output_config) ? body.output_config.format : undefined;
  if (!isRecord(wanted) || wanted.type !== 'json_schema' || !isRecord(wanted.schema)) return undefined;
  const made = sample(wanted.schema);
  return made && JSON.stringify(made.value);
}
