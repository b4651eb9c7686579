/** An API's answer as a tool's result: by its content type, capped, with the way to the next page. */

import { createHash } from 'node:crypto';
import { parseExactJson } from '../../contract/exact-json.ts';
import { isRecord } from '../../contract/is-record.ts';
import { readCapped } from '../../outbound/guard-body.ts';
import type { CallToolResult } from '../pool/link.ts';
import { depthWithin } from '../tools/bound-result.ts';
import { shorten } from './json.ts';
import type { ParameterPlan } from './operation.ts';

export type ResponseBounds = {
  /** Of text and JSON, in bytes. */
  textBytes: number;
  /** Of an image, in bytes. */
  imageBytes: number;
};

const defaultBounds: ResponseBounds = { textBytes: 1024 * 1024, imageBytes: 4 * 1024 * 1024 };

const maxDepth = 200;

/** Image types that models can look at. */
const images = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

const essenceOf = (response: Response): string =>
  (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

const isJson = (type: string): boolean => /^(application|text)\/(.+\+)?json$/.test(type);

const isText = (type: string): boolean =>
  type.startsWith('text/') ||
  /^application\/((.+\+)?xml|(x-)?yaml|(.+\+)?yaml|javascript|(x-)?ndjson|x-www-form-urlencoded|graphql|sql|toml)$/.test(
    type,
  ) ||
  type === 'image/svg+xml';

function decode(bytes: Buffer, response: Response): string {
  const charset = /charset="?([\w-]+)/i.exec(response.headers.get('content-type') ?? '')?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    // An encoding that the platform does not know.
    return bytes.toString('latin1');
  }
}

/**
 * The arguments that ask for the next page, from an RFC 8288 `Link` header: only those that the tool has, so that
 * nothing else of that URL (it may carry a credential) gets to the model.
 */
function nextPage(header: string | null, parameters: ParameterPlan[]): Record<string, string> | undefined {
  const match = header === null ? null : /<([^>]{1,4096})>[^,]*;\s*rel="?next"?/i.exec(header);
  const url = match?.[1] === undefined ? null : URL.parse(match[1], 'http://next.invalid/');
  if (!url) return undefined;
  const next: Record<string, string> = {};
  for (const plan of parameters) {
    const value = plan.in === 'query' ? url.searchParams.get(plan.name) : null;
    if (value !== null) next[plan.property] = shorten(value, 500);
  }
  return Object.keys(next).length > 0 ? next : undefined;
}

type Content = CallToolResult['content'];

/** JSON as data and as text. What is no object is put into one, as structured content must be one. */
function jsonResult(
  text: string,
  next: Record<string, string> | undefined,
): Pick<CallToolResult, 'content' | 'structuredContent'> | undefined {
  let value: unknown;
  try {
    value = parseExactJson(text);
  } catch {
    return undefined;
  }
  if (!depthWithin(value, maxDepth)) return undefined;
  const structuredContent =
    isRecord(value) && next === undefined ? value : { result: value, ...(next ? { nextPage: next } : {}) };
  return { content: [{ type: 'text', text }], structuredContent };
}

async function describeBinary(response: Response, type: string, bounds: ResponseBounds): Promise<string> {
  const { bytes, truncated } = await readCapped(response, bounds.imageBytes);
  const what = type === '' ? 'data without a content type' : type;
  if (truncated) return `[${what}, more than ${bounds.imageBytes} bytes, not shown]`;
  return `[${what}, ${bytes.length} bytes, SHA-256 ${createHash('sha256').update(bytes).digest('hex')}, not shown]`;
}

async function readBody(
  response: Response,
  next: Record<string, string> | undefined,
  bounds: ResponseBounds,
): Promise<Pick<CallToolResult, 'content' | 'structuredContent'>> {
  const type = essenceOf(response);
  if (images.has(type)) {
    const { bytes, truncated } = await readCapped(response, bounds.imageBytes);
    if (!truncated) return { content: [{ type: 'image', data: bytes.toString('base64'), mimeType: type }] };
    return {
      content: [{ type: 'text', text: `[${type}, more than ${bounds.imageBytes} bytes, not shown]` }],
    };
  }
  if (!isJson(type) && !isText(type) && response.body !== null && type !== '') {
    return { content: [{ type: 'text', text: await describeBinary(response, type, bounds) }] };
  }
  const { bytes, truncated } = await readCapped(response, bounds.textBytes);
  // Without a content type, text is taken for text and bytes are not.
  if (type === '' && bytes.includes(0))
    return {
      content: [{ type: 'text', text: `[data without a content type, ${bytes.length} bytes, not shown]` }],
    };
  const text = decode(bytes, response);
  if (truncated) {
    return {
      content: [
        { type: 'text', text: `${text}\n[cut after ${bounds.textBytes} bytes: ask for less at a time]` },
      ],
    };
  }
  if (isJson(type) || type === '') {
    const parsed = jsonResult(text, next);
    if (parsed) return parsed;
  }
  return { content: text === '' ? [] : [{ type: 'text', text }] };
}

/** @throws AlfredError when the body cannot be read to its end */
export async function readResponse(
  response: Response,
  parameters: ParameterPlan[],
  bounds: ResponseBounds = defaultBounds,
): Promise<CallToolResult> {
  const next = response.ok ? nextPage(response.headers.get('link'), parameters) : undefined;
  const { content, structuredContent } = await readBody(response, next, bounds);
  const status = `HTTP ${response.status}${response.statusText === '' ? '' : ` ${shorten(response.statusText, 100)}`}`;
  const words: Content = [];
  if (!response.ok || content.length === 0) words.push({ type: 'text', text: status });
  const hint: Content = next
    ? [{ type: 'text', text: `[there is a next page: ${JSON.stringify(next)}]` }]
    : [];
  return {
    content: [...words, ...content, ...hint],
    // An error's data stays text: whoever reads the data takes it for the answer.
    ...(structuredContent !== undefined && response.ok ? { structuredContent } : {}),
    ...(response.ok ? {} : { isError: true }),
  };
}
