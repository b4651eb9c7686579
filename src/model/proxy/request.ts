/** What the agent asks of the model: read within limits, checked against its ticket, and stripped of every secret. */
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { fullModelName } from '../../money/prices.ts';
import { modelFailure } from '../failures.ts';
import { Refusal } from './answers.ts';

/** The Messages API's own limit of a request. */
const largestRequest = 32 * 1024 * 1024;

/** The parts of a request that the proxy looks at. Everything else passes as it is. */
const bodySchema = z.looseObject({
  model: z.string().min(1),
  stream: z.boolean().nullish(),
  max_tokens: z.int().positive().nullish(),
  messages: z.array(z.looseObject({ role: z.string() })),
  system: z.unknown().optional(),
  tools: z.array(z.looseObject({ name: z.string(), type: z.string().nullish() })).nullish(),
  tool_choice: z.looseObject({ disable_parallel_tool_use: z.boolean().nullish() }).nullish(),
  thinking: z.looseObject({ type: z.string(), budget_tokens: z.number().nullish() }).nullish(),
});
export type ModelRequestBody = z.infer<typeof bodySchema>;

/** Where the endpoint would do more than answer: call servers and tools of its own, or charge by another list. */
const otherPowers = ['mcp_servers', 'container', 'speed'] as const;

/**
 * Reads the whole body.
 *
 * @throws Refusal when it is longer than `limit` bytes
 */
export async function readBody(request: IncomingMessage, limit = largestRequest): Promise<string> {
  const tooLarge = () =>
    new Refusal(413, modelFailure('promptTooLong', { detail: `the request is above ${limit} bytes` }));
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > limit) throw tooLarge();
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, size).toString('utf8');
}

/**
 * Understands a request, and holds it to its ticket: the ticket's model, and tools that are the agent's own.
 *
 * @throws Refusal
 */
export function parseRequest(text: string, model: string): ModelRequestBody {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw notAllowed('The body is no JSON.');
  }
  const parsed = bodySchema.safeParse(document);
  if (!parsed.success) throw notAllowed('The body is no request of the Messages API.');
  const { data } = parsed;
  if (fullModelName(data.model) !== fullModelName(model)) {
    throw new Refusal(400, modelFailure('otherModel', { model }));
  }
  const power = otherPowers.find((name) => data[name] !== undefined && data[name] !== null);
  if (power) throw notAllowed(`It names ${power}.`);
  const foreign = data.tools?.find(({ type }) => type != null && type !== 'custom');
  if (foreign) throw notAllowed(`Its tool ${foreign.name} is one that the endpoint runs.`);
  // As it came, and not zod's copy: the order of keys is part of what the endpoint caches.
  const body = document as ModelRequestBody;
  return { ...body, messages: foldSystem(body.messages) };
}

type Message = ModelRequestBody['messages'][number];
type Block = Record<string, unknown>;

/**
 * The program says some things in messages of the role `system`, which not every endpoint knows. What they say goes behind
 * the user's message before them, as the program does it for older models: there it stays from request to request, and the
 * endpoint's cache serves. The machine's folders, kernel and shell are left out: no step needs them.
 */
function foldSystem(messages: readonly Message[]): Message[] {
  const folded: Message[] = [];
  for (const message of messages) {
    if (message.role !== 'system') {
      folded.push(message);
      continue;
    }
    const blocks = blocksOf(message.content);
    const before = folded.at(-1)?.role === 'user' ? folded.pop() : undefined;
    const content = [...blocksOf(before?.content), ...blocks.flatMap(asReminder)];
    const mark = blocks.find(({ cache_control: control }) => control != null)?.cache_control;
    const last = content.pop();
    if (last !== undefined) {
      const marked = mark === undefined ? last : { ...last, cache_control: mark };
      folded.push({ ...before, role: 'user', content: [...content, marked] });
    }
  }
  return folded;
}

const blocksOf = (content: unknown): Block[] => {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return Array.isArray(content) ? content.filter((each) => each !== null && typeof each === 'object') : [];
};

/** Paragraphs of the program's about the machine that it runs on, its own model and the day, which the prompt names. */
const aboutMachine = /^(# Environment|You are powered by the model|Today's date is)/;

function asReminder(block: Block): Block[] {
  if (typeof block.text !== 'string') return [block];
  const said = block.text.split('\n\n').filter((part) => part !== '' && !aboutMachine.test(part));
  if (said.length === 0) return [];
  return [{ type: 'text', text: `<system-reminder>\n${said.join('\n\n')}\n</system-reminder>` }];
}

const notAllowed = (detail: string) => new Refusal(400, modelFailure('notAllowed', { detail }));

export type Redacts = { text(text: string): string; value<T>(value: T): T };

/** What gives the request its form. It comes from the agent's program and the catalogue, and must stay as it is. */
const form = new Set([
  'type',
  'role',
  'id',
  'tool_use_id',
  'name',
  'signature',
  'media_type',
  'cache_control',
  'output_config',
]);

/** Replaces every known secret in what the model would read. Equal requests stay equal, so its cache still serves. */
export const redactRequest = (body: ModelRequestBody, redactor: Redacts): ModelRequestBody => ({
  ...body,
  ...(body.system === undefined ? {} : { system: redactPart(body.system, redactor) }),
  messages: redactPart(body.messages, redactor),
  ...(body.tools ? { tools: redactPart(body.tools, redactor) } : {}),
});

function redactPart<T>(part: T, redactor: Redacts): T;
function redactPart(part: unknown, redactor: Redacts): unknown {
  if (typeof part === 'string') return redactor.text(part);
  if (Array.isArray(part)) return part.map((each) => redactPart(each, redactor));
  if (part === null || typeof part !== 'object') return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => {
      if (form.has(key)) return [key, value];
      // Arguments and schemas are data through and through, their keys too.
      if (key === 'input' || key === 'input_schema') return [key, redactor.value(value)];
      return [key, redactPart(value, redactor)];
    }),
  );
}

/** The most tokens that one image comes to. */
const imageTokens = 5_000;

/** Real text has three to four bytes to a token; numbers, identifiers and foreign scripts may have only two. */
const fewestBytesPerToken = 2;

export type PromptSize = {
  /** Of the body as it is sent, without its images. */
  bytes: number;
  images: number;
  /** The most that the prompt can come to. */
  tokens: number;
  cache: 'none' | '5m' | '1h';
};

/**
 * Judges the size of a prompt from above. One that goes on from a prompt that was answered (`last`) counts by its bytes
 * only for what was added, and for the rest by what the endpoint said of it.
 */
export function promptSize(
  text: string,
  last?: { bytes: number; images: number; tokens: number },
): PromptSize {
  const found = text.match(/"type":"base64"(?:[^{}]*?)"data":"[^"]*"/g) ?? [];
  const images = found.length;
  const bytes = Buffer.byteLength(text) - found.reduce((sum, image) => sum + image.length, 0);
  const goesOn = last !== undefined && bytes >= last.bytes && images >= last.images;
  const before = goesOn ? last : { bytes: 0, images: 0, tokens: 0 };
  return {
    bytes,
    images,
    tokens:
      before.tokens +
      Math.ceil((bytes - before.bytes) / fewestBytesPerToken) +
      (images - before.images) * imageTokens,
    cache: text.includes('"ttl":"1h"') ? '1h' : text.includes('"cache_control"') ? '5m' : 'none',
  };
}

/** With less room than this an answer that thinks first has none left to speak. */
const leastThinking = 1024;

/** The fewest tokens of answer with which a call is worth making. */
export const leastAnswer = (body: ModelRequestBody): number =>
  body.thinking?.type === 'enabled' ? 2 * leastThinking : 256;

/** The same request with at most `maxTokens` of answer; thinking stays below that, as the API demands. */
export function clampAnswer(body: ModelRequestBody, maxTokens: number): ModelRequestBody {
  const budget = body.thinking?.budget_tokens;
  const thinking =
    body.thinking && budget != null && budget >= maxTokens
      ? { ...body.thinking, budget_tokens: Math.max(leastThinking, Math.floor(maxTokens * 0.75)) }
      : body.thinking;
  return { ...body, max_tokens: maxTokens, ...(thinking ? { thinking } : {}) };
}
