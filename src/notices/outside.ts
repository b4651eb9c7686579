/** The way out of one channel: by HTTP and by TCP, to addresses that it may reach, with an end to its patience. */
import type { Socket } from 'node:net';
import { AlfredError, isAlfredError } from '../kernel/errors.ts';
import { dialTcp } from '../outbound/dial-tcp.ts';
import { readCapped } from '../outbound/guard-body.ts';
import { createGuardedFetch, type GuardedFetch } from '../outbound/guarded-fetch.ts';
import type { Redactor } from '../vault/redact.ts';

const limits = { headersTimeoutMs: 10_000, totalTimeoutMs: 15_000, maxBytes: 65_536, maxRedirects: 0 };
/** How much of an answer is of use to a person, in bytes. */
const longestAnswer = 600;

type Post = { headers?: Record<string, string>; body: string | Uint8Array<ArrayBuffer> };

export type Outside = {
  /**
   * Sends a POST. No redirect is followed, as nobody entered the address that it leads to.
   *
   * @returns the status of its 2xx, and what stood in the answer
   * @throws SendFailure for any other; AlfredError where it cannot be reached
   */
  post(url: string, post: Post): Promise<string>;
  /** @throws AlfredError E_ADDRESS_REFUSED, E_CONNECTION_FAILED, E_CONNECTION_TIMEOUT */
  dial(host: string, port: number): Promise<Socket>;
  close(): Promise<void>;
};

type FailureFacts = {
  isRefusal?: boolean;
  isEnd?: boolean;
  isTaken?: boolean;
  answered?: number;
  retryAfterMs?: number | undefined;
};

/** The other side answered, and did not take the message. */
export class SendFailure extends AlfredError {
  /** Whether it will never take this message, though it may take others. */
  readonly isRefusal: boolean;
  /** It will never take anything again. */
  readonly isEnd: boolean;
  /** It has the message for somebody, and will not take it for the others: it is not sent again. */
  readonly isTaken: boolean;
  /** The status of its answer, where it is one of HTTP. */
  readonly answered: number | undefined;
  /** How long the other side asks to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    { isRefusal = false, isEnd = false, isTaken = false, answered, retryAfterMs }: FailureFacts = {},
  ) {
    super('E_CONNECTION_FAILED', message);
    this.isRefusal = isRefusal;
    this.isEnd = isEnd;
    this.isTaken = isTaken;
    this.answered = answered;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * @param options.allowPrivateNetwork as the owner said of this channel
 * @param options.redactor knows what the other side must not be quoted with
 */
export function openOutside({
  allowPrivateNetwork,
  signal,
  redactor,
}: {
  allowPrivateNetwork: boolean;
  signal: AbortSignal;
  redactor: Pick<Redactor, 'stream'>;
}): Outside {
  const guarded = createGuardedFetch({ allowPrivateNetwork, limits });
  return {
    post: (url, post) => inWords(() => postBy({ guarded, redactor, signal }, url, post)),
    dial: (host, port) => inWords(() => dialTcp({ host, port, allowPrivateNetwork, signal })),
    close: () => guarded.close(),
  };
}

async function postBy(
  {
    guarded,
    redactor,
    signal,
  }: { guarded: GuardedFetch; redactor: Pick<Redactor, 'stream'>; signal: AbortSignal },
  url: string,
  { headers = {}, body }: Post,
): Promise<string> {
  const response = await guarded.fetch(url, {
    ...{ method: 'POST', redirect: 'manual', body, signal },
    headers: { 'user-agent': 'alfred-vm', ...headers },
  });
  const said = beginningOf(await readCapped(response, longestAnswer), redactor);
  const answer = [`${response.status} ${response.statusText}`.trim(), said].filter(Boolean).join(': ');
  if (response.ok) return answer;
  throw new SendFailure(`${new URL(url).origin} answers ${answer}`, {
    answered: response.status,
    isRefusal: [400, 413, 422].includes(response.status),
    retryAfterMs: response.status === 429 ? retryAfterOf(response, said) : undefined,
  });
}

/** Without secrets: of one that is cut off at the end nothing would be known any more, so that its beginning is left out. */
function beginningOf(
  { bytes, truncated }: { bytes: Buffer; truncated: boolean },
  redactor: Pick<Redactor, 'stream'>,
): string {
  const redacting = redactor.stream();
  const text = new TextDecoder().decode(bytes, { stream: truncated });
  const said = redacting.push(text) + (truncated ? '' : redacting.end());
  return said.replace(/\s+/g, ' ').trim();
}

/** The longest pause that the other side is granted, in milliseconds. */
const longestPause = 3_600_000;

/** The pause that it asks for: by the header (RFC 9110 section 10.2.3), or in the body, in seconds, as Telegram and Discord have it. */
function retryAfterOf(response: Response, said: string): number | undefined {
  const seconds = Number(
    response.headers.get('retry-after') ?? /"retry_after":\s*([\d.]+)/.exec(said)?.[1] ?? Number.NaN,
  );
  return Number.isFinite(seconds) ? Math.min(longestPause, Math.max(0, seconds * 1000)) : undefined;
}

/** Puts what the guard of outgoing addresses says of connections into words for channels. */
async function inWords<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!isAlfredError(error, 'E_ADDRESS_REFUSED')) throw error;
    const place = /^(.+?) is (in a private network|a reserved address)/.exec(error.message);
    throw new AlfredError(
      'E_ADDRESS_REFUSED',
      `${place?.[1] ?? 'It'} is ${place?.[2] ?? 'not to be dialled'}, and this channel may dial public addresses only.`,
      { remedy: 'If it is yours, allow the channel your own network: allowPrivateNetwork.' },
    );
  }
}
