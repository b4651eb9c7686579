/** What a scripted endpoint of the Messages API is asked, and how it may answer or fail. */
import type { IncomingHttpHeaders } from 'node:http';

/** Usage as the Messages API counts it; `ephemeral…` are the two classes of cache writes. */
export type ScriptedUsage = {
  input_tokens: number;
  output_tokens: number;
  cache_read_input_tokens: number;
  cache_creation_input_tokens: number;
  ephemeral_5m_input_tokens: number;
  ephemeral_1h_input_tokens: number;
};

export type ScriptedCall = { name: string; input: unknown; id?: string };
export type ScriptedBlock = { text: string } | { thinking: string } | { call: ScriptedCall };

export type ScriptedTurn = {
  thinking?: string;
  text?: string;
  toolCalls?: ScriptedCall[];
  /** In place of the three: the blocks of the answer, in this order. */
  content?: ScriptedBlock[];
  /** `tool_use` when there are tool calls, else `end_turn`, unless given. */
  stopReason?: string;
  usage?: Partial<ScriptedUsage>;
  /** The model that the answer names; the one asked for, unless given. */
  model?: string;
  /** Before the first byte, in milliseconds. */
  delayMs?: number;
  /** Between two events of a stream, in milliseconds. */
  eventDelayMs?: number;
  /** The stream breaks before its end. An answer that is not streamed comes whole all the same. */
  breaks?: ScriptedBreak;
};

export type ScriptedBreak = {
  /** How many blocks come whole before it. */
  afterBlocks: number;
  /** It comes in the middle of the block after those. */
  withinNext?: true;
  by: 'cut' | 'reset' | 'overloaded';
};

const failureNames = [
  'unauthorized',
  'forbidden',
  'model-not-found',
  'rate-limited',
  'overloaded',
  'overloaded-mid-stream',
  'billing',
  'prompt-too-long',
  'bad-request',
  'server-error',
  'hang',
  'hang-mid-stream',
  'reset',
  'reset-mid-stream',
  'cut-mid-stream',
  'redirect',
  'not-json',
] as const;
export type FailureName = (typeof failureNames)[number];

export type ScriptedFailure = {
  fail: FailureName;
  /** Value of `retry-after`, in seconds. */
  retryAfter?: number;
  /** In place of the usual words of an error. */
  message?: string;
  /** Where `redirect` points. */
  location?: string;
  /** Usage reported in `message_start` before a stream is cut. */
  usage?: Partial<ScriptedUsage>;
};

/** The parts of a request's body that scripts look at; everything else stands in it too. */
export type MessagesBody = {
  model: string;
  max_tokens?: number;
  stream?: boolean;
  system?: unknown;
  messages: { role: string; content: unknown }[];
  tools?: { name: string; description?: string; input_schema?: Record<string, unknown> }[];
  [key: string]: unknown;
};

export type MessagesRequest = {
  /** 0 for the first `POST …/v1/messages`, and so on; count_tokens and others are not counted. */
  index: number;
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  /** The body as it came. */
  raw: string;
  body: MessagesBody;
  /** Resolves when the caller went away or the answer was complete. */
  closed: Promise<'done' | 'aborted'>;
};

export type Script = (
  request: MessagesRequest,
) => ScriptedTurn | ScriptedFailure | Promise<ScriptedTurn | ScriptedFailure>;
