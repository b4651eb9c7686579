/**
 * A scripted stand-in for an endpoint that speaks Anthropic's Messages API: a real HTTP server on loopback, with the real
 * wire format (docs: "Streaming Messages"), every request recorded, and every way to fail that an endpoint has.
 *
 * The script is asked once for each `POST …/v1/messages`; `count_tokens` is answered by itself.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer, sendError, sendJson } from './messages-api-answer.ts';
import type {
  MessagesBody,
  MessagesRequest,
  Script,
  ScriptedFailure,
  ScriptedTurn,
} from './messages-api-script.ts';

export type MessagesApi = {
  /** `http://127.0.0.1:<port>`, to be used as the base URL. */
  url: string;
  /** Every `POST …/v1/messages`, in order. */
  requests: MessagesRequest[];
  /** Everything else that was asked for (`count_tokens` and what should never come). */
  others: MessagesRequest[];
  /** The `n`th `POST …/v1/messages` (0 is the first), as soon as it has come. */
  request(n: number): Promise<MessagesRequest>;
  /** Another script from now on. */
  setScript(script: Script): void;
  close(): Promise<void>;
};

/** Starts a stand-in endpoint that answers as `script` says. */
export async function startMessagesApi(script: Script): Promise<MessagesApi> {
  let current = script;
  const requests: MessagesRequest[] = [];
  const others: MessagesRequest[] = [];
  const waiting = new Map<number, (request: MessagesRequest) => void>();

  const server: Server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    // A caller that goes away half way is part of the tests, never an error here.
    incoming.on('error', () => {});
    response.on('error', () => {});
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      const path = (incoming.url ?? '').split('?')[0] ?? '';
      const isMessage = incoming.method === 'POST' && path.endsWith('/v1/messages');
      const request: MessagesRequest = {
        index: isMessage ? requests.length : -1,
        method: incoming.method ?? '',
        url: incoming.url ?? '',
        headers: incoming.headers,
        raw,
        body: parse(raw),
        closed: new Promise((resolve) =>
          response.on('close', () => resolve(response.writableFinished ? 'done' : 'aborted')),
        ),
      };
      if (!isMessage) {
        others.push(request);
        if (incoming.method === 'POST' && path.endsWith('/v1/messages/count_tokens')) {
          sendJson(response, 200, { input_tokens: Math.ceil(raw.length / 4) });
        } else {
          sendError(response, { status: 404, type: 'not_found_error', message: 'Not found' });
        }
        return;
      }
      requests.push(request);
      waiting.get(request.index)?.(request);
      waiting.delete(request.index);
      void answer(current, request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    others,
    request(n) {
      const come = requests[n];
      return come ? Promise.resolve(come) : new Promise((resolve) => waiting.set(n, resolve));
    },
    setScript(next) {
      current = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The base URL of a port on loopback where nobody listens. */
export async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** A script that gives these turns one after the other, and the last one ever after. */
export const inTurn =
  (...turns: (ScriptedTurn | ScriptedFailure)[]): Script =>
  ({ index }) =>
    turns[Math.min(index, turns.length - 1)] ?? { text: 'Nothing is scripted.' };

type Block = { type: string; text?: string; tool_use_id?: string; content?: unknown; is_error?: boolean };

const blocksOf = (content: unknown): Block[] =>
  Array.isArray(content) ? (content as Block[]) : [{ type: 'text', text: String(content) }];

/** The text of every user message, tool results left out. */
export const userTextOf = (body: MessagesBody): string =>
  body.messages
    .filter(({ role }) => role === 'user')
    .flatMap(({ content }) => blocksOf(content))
    .filter(({ type }) => type === 'text')
    .map(({ text }) => text ?? '')
    .join('\n');

/** The tool results in the last message, each as text. */
export const toolResultsOf = (body: MessagesBody): { id: string; text: string; isError: boolean }[] =>
  blocksOf(body.messages.at(-1)?.content)
    .filter(({ type }) => type === 'tool_result')
    .map((block) => ({
      id: block.tool_use_id ?? '',
      text: blocksOf(block.content)
        .map(({ text }) => text ?? '')
        .join('\n'),
      isError: block.is_error === true,
    }));

/** The names of the tools that the request offers to the model. */
export const toolNamesOf = (body: MessagesBody): string[] => (body.tools ?? []).map(({ name }) => name);

function parse(raw: string): MessagesBody {
  try {
    return JSON.parse(raw) as MessagesBody;
  } catch {
    return { model: '', messages: [] };
  }
}
