/**
 * The rehearsal model in a conversation: a program, which says so. It calls the tools that a message names, and runs a skill
 * that it names; it understands nothing else.
 */
import { isRecord } from '../../contract/is-record.ts';
import { gatherFacts, type PastCall } from '../../json-schema/facts.ts';
import { type Sample, Sampler } from '../../json-schema/sample.ts';
import { type Schema, SchemaChecks } from '../../json-schema/schema.ts';
import type { ModelRequestBody } from '../proxy/request.ts';
import type { RehearsalContext, RehearsalTool } from './context.ts';
import { readConversation } from './conversation.ts';
import type { RehearsalTurn } from './rehearsal.ts';
import { formOfTeaching, taughtIn } from './taught-words.ts';

const introduction =
  'I am Alfred’s built-in rehearsal model: a program, and no AI. I understand nothing, cost nothing, and show how a conversation goes.';

const help = `${introduction} Say one of these:
- **skills** or **runs**: I look them up
- **/slug** runs a skill; so does its name in a sentence that begins with "run"
- the name of a read-only tool, with its arguments as JSON behind it if you like: I call it
- **teach a new skill**: I say in which form I can be taught one

With a model’s key (\`npx alfred config set anthropic_api_key\`) a real model answers here.`;

/** More tools are not named. */
const mostTools = 40;

type Chosen = { name: string; input: Record<string, unknown> };

/** A call of one of chat's own tools. */
const own = (tool: string, input: Record<string, unknown> = {}): Chosen => ({
  name: `mcp__alfred__${tool}`,
  input,
});

export class ChatRehearsal {
  readonly #context: RehearsalContext & { chat: NonNullable<RehearsalContext['chat']> };
  readonly #checks = new SchemaChecks();

  constructor(context: RehearsalContext & { chat: NonNullable<RehearsalContext['chat']> }) {
    this.#context = context;
  }

  answer(body: ModelRequestBody): RehearsalTurn {
    const { calls } = readConversation(sinceLastWords(body.messages));
    if (calls.length > 0) return { text: this.#taught(calls) ?? calls.map(reportOf).join('\n\n'), calls: [] };
    const offered = new Set((body.tools ?? []).map(({ name }) => name));
    const chosen = this.#choose().filter(({ name }) => offered.has(name));
    if (chosen.length === 0) return { text: this.#words(), calls: [] };
    const before = readConversation(body.messages).calls.length;
    return {
      text: `I am the rehearsal model. I call ${chosen.map(({ name }) => `\`${name}\``).join(', ')}.`,
      calls: chosen.map((call, index) => ({ ...call, id: `toolu_chat_${before + index + 1}` })),
    };
  }

  /** Without anything to call. */
  #words(): string {
    const { message } = this.#context.chat;
    const first = message.split('\n')[0] ?? '';
    return /^\s*(help|\/help|\?)\s*$/i.test(message) || first.trim() === ''
      ? help
      : `You said: “${first.slice(0, 200)}”.\n\n${help}`;
  }

  /** What it says where somebody teaches: the form in which it can be taught, or what came of what it was told in it. */
  #taught(calls: readonly PastCall[]): string | undefined {
    const told = this.#told();
    const [call] = calls;
    if (told === undefined || call === undefined) return undefined;
    if (call.name !== own('propose_skill').name) {
      const missing = 'missing' in told && told.missing !== '' ? `${told.missing}\n\n` : '';
      return `${introduction}\n\n${missing}I cannot ask you what your job needs, as a real model would. Told in this form, I write it down word for word and propose it:\n\n${this.#formOfTeaching()}`;
    }
    return call.result?.isError === false
      ? `I am the rehearsal model: I wrote down what you told me, word for word.\n\n${resultOf(call)}\n\nRead it, rehearse it, and accept it or not.`
      : `It cannot be proposed like this: ${resultOf(call)}\n\nSay it once more, with that mended.`;
  }

  /** The form, with the names of the tools that are there; the first that only reads stands in it. */
  #formOfTeaching(): string {
    const tools = this.#context.tools.filter(({ name }) => !name.startsWith(own('').name));
    const shown = tools.find(
      ({ readOnly, description = '' }) => readOnly && !/deprecated/i.test(description),
    );
    const named = tools.map(({ name, readOnly }) => `\`${name}\`${readOnly ? '' : ' (may change things)'}`);
    const more = named.length > mostTools ? `, and ${named.length - mostTools} more` : '';
    const list =
      named.length === 0
        ? 'No tool is there yet: a connection brings some.'
        : `These tools are there: ${named.slice(0, mostTools).join(', ')}${more}.`;
    return `${formOfTeaching(shown?.name)}\n\n${list}`;
  }

  /** What was told in the form, or what is missing of it; undefined where nobody teaches. */
  #told(): ReturnType<typeof taughtIn> {
    const { message, teaching } = this.#context.chat;
    return taughtIn(teaching ?? message) ?? (teaching === undefined ? undefined : { missing: '' });
  }

  #choose(): Chosen[] {
    const { message, named } = this.#context.chat;
    const told = this.#told();
    if (told !== undefined)
      return [
        'definition' in told ? own('propose_skill', { definition: told.definition }) : own('list_tools'),
      ];
    const [slug] = named;
    if (slug !== undefined && /^\s*(please\s+)?run\b/i.test(message)) return [own('run_skill', { slug })];
    if (/^\s*(list |show )?(my )?skills\b/i.test(message)) return [own('list_skills')];
    if (/^\s*(list |show )?(past |my )?(runs|executions)\b/i.test(message)) return [own('list_executions')];
    return this.#context.tools
      .filter(({ name, readOnly }) => readOnly && isNamed(name, message))
      .flatMap((tool) => this.#called(tool, message));
  }

  /** With the arguments that stand behind it, or with some that fit its schema. */
  #called(tool: RehearsalTool, message: string): Chosen[] {
    const given = argumentsIn(message);
    if (given !== undefined) return [{ name: tool.name, input: given }];
    const sample = this.#sample(tool.inputSchema, tool.name)?.value;
    return isRecord(sample) ? [{ name: tool.name, input: sample }] : [];
  }

  #sample(schema: Schema, toolName: string): Sample | undefined {
    const facts = gatherFacts({}, []);
    return new Sampler(schema, { input: {}, facts, toolName }, this.#checks).sample();
  }
}

/** By its whole name, or by its own name among other words. */
function isNamed(name: string, message: string): boolean {
  const own = name.split('__').slice(2).join('__');
  const words = new Set(message.split(/[^\w-]+/));
  return message.includes(name) || words.has(own);
}

function argumentsIn(message: string): Record<string, unknown> | undefined {
  const json = /\{[\s\S]*\}/.exec(message)?.[0];
  if (json === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined; // braces that are no JSON are words
  }
}

const longestResult = 2_000;

const resultOf = ({ result }: PastCall): string => {
  const text = result?.text ?? '';
  return text.length <= longestResult ? text : `${text.slice(0, longestResult)}…`;
};

function reportOf(call: PastCall): string {
  const { name, result } = call;
  if (result === undefined) return `\`${name}\` has not answered.`;
  const text = resultOf(call);
  const other = result.other.length === 0 ? '' : ` (${result.other.join(', ')})`;
  return result.isError ? `\`${name}\` failed: ${text}` : `\`${name}\` answered${other}:\n\n${text}`;
}

/** What came since the owner spoke last. */
function sinceLastWords(messages: ModelRequestBody['messages']): ModelRequestBody['messages'] {
  const isWords = ({ role, content }: ModelRequestBody['messages'][number]) =>
    role === 'user' &&
    (typeof content === 'string' ||
      (Array.isArray(content) && !content.some((block) => isRecord(block) && block.type === 'tool_result')));
  return messages.slice(messages.findLastIndex(isWords) + 1);
}
