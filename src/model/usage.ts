/** Counts the tokens of a model call from what the Messages API says on the way, whether or not the answer is whole. */

import { StringDecoder } from 'node:string_decoder';
import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import { noTokens, type TokenCount } from '../money/token-count.ts';

const count = z.number().int().nonnegative().catch(0);
const usageSchema = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
  cache_creation: z
    .object({ ephemeral_5m_input_tokens: count, ephemeral_1h_input_tokens: count })
    .nullish()
    .catch(undefined),
});

/**
 * Reads a `usage` object. Cache writes whose kind is not told count as the five-minute kind, which is what a request gets
 * that asks for nothing else.
 */
export function readUsage(usage: unknown): TokenCount {
  const parsed = usageSchema.safeParse(usage ?? {});
  if (!parsed.success) return noTokens;
  const { data } = parsed;
  const cacheWrite1h = data.cache_creation?.ephemeral_1h_input_tokens ?? 0;
  const cacheWrite5m = data.cache_creation?.ephemeral_5m_input_tokens ?? 0;
  return {
    input: data.input_tokens,
    output: data.output_tokens,
    cacheRead: data.cache_read_input_tokens,
    cacheWrite5m: Math.max(cacheWrite5m, data.cache_creation_input_tokens - cacheWrite1h),
    cacheWrite1h,
  };
}

/** Later reports of one call are running totals, and may leave classes out: the larger figure of each class holds. */
const merge = (a: TokenCount, b: TokenCount): TokenCount => ({
  input: Math.max(a.input, b.input),
  output: Math.max(a.output, b.output),
  cacheRead: Math.max(a.cacheRead, b.cacheRead),
  cacheWrite5m: Math.max(a.cacheWrite5m, b.cacheWrite5m),
  cacheWrite1h: Math.max(a.cacheWrite1h, b.cacheWrite1h),
});

/** A token of text has about four bytes; at three, a stream that broke off is rather counted too high than too low. */
const bytesPerToken = 3;

const eventSchema = z.object({
  type: z.string(),
  message: z.object({ usage: z.unknown().optional() }).optional().catch(undefined),
  usage: z.unknown().optional(),
  delta: z.object({ stop_reason: z.string().nullish() }).optional().catch(undefined),
  error: z
    .object({ type: z.string().catch(''), message: z.string().catch('') })
    .optional()
    .catch(undefined),
});

const deltaTexts = z.object({
  delta: z.object({
    text: z.string().catch(''),
    thinking: z.string().catch(''),
    partial_json: z.string().catch(''),
  }),
});

/** Watches a stream of events go by. It holds nothing back and never throws: what is no event is no tokens. */
export class StreamMeter {
  #tokens = noTokens;
  #answerBytes = 0;
  readonly #decoder = new StringDecoder('utf8');
  readonly #parser = createParser({
    onEvent: ({ event, data }) => this.#read(event, data),
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') this.#unreadable = true;
    },
    maxBufferSize: 8 * 1024 * 1024,
  });
  #unreadable = false;
  /** `message_start` has come: the model has the prompt, and it is paid for. */
  started = false;
  /** The answer has come to its end. */
  complete = false;
  stopReason: string | undefined;
  /** An `error` event in the middle of an answer. */
  error: { type: string; message: string } | undefined;

  push(chunk: Uint8Array): void {
    if (this.#unreadable) {
      this.#answerBytes += chunk.length;
      return;
    }
    this.#parser.feed(this.#decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)));
  }

  /** As reported, and where the report is still to come, estimated from the answer so far. */
  get tokens(): TokenCount {
    if (this.stopReason !== undefined) return this.#tokens;
    const estimate = Math.ceil(this.#answerBytes / bytesPerToken);
    return { ...this.#tokens, output: Math.max(this.#tokens.output, estimate) };
  }

  #read(name: string | undefined, data: string): void {
    // Nearly every event is a delta: those are measured, not understood.
    if (name === 'content_block_delta') {
      const texts = parse(deltaTexts, data)?.delta;
      if (texts) this.#answerBytes += Buffer.byteLength(texts.text + texts.thinking + texts.partial_json);
      return;
    }
    const event = parse(eventSchema, data);
    switch (event?.type) {
      case 'message_start':
        this.started = true;
        this.#tokens = merge(this.#tokens, readUsage(event.message?.usage));
        break;
      case 'message_delta':
        this.#tokens = merge(this.#tokens, readUsage(event.usage));
        this.stopReason = event.delta?.stop_reason ?? this.stopReason;
        break;
      case 'message_stop':
        this.complete = true;
        break;
      case 'error':
        this.error = event.error ?? { type: 'api_error', message: '' };
        break;
      default:
        break;
    }
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, text: string): z.infer<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
