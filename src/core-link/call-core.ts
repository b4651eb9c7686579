/**
 * The one way from a VM to Core. What goes out is what stands here: undici's bare `request` adds `host`, `connection` and
 * `content-length` to the headers named, and nothing else (no user agent, no language, no trace). Redirects are not followed.
 */
import { type Dispatcher, request } from 'undici';
import { addressOf } from '../contract/address.ts';
import { problemSchema } from '../contract/errors.ts';
import type { Place } from '../contract/operation.ts';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import { createOwnDialer } from '../outbound/dialer.ts';

export type CoreRequest = Place & {
  headers?: Record<string, string>;
  body?: string;
};

/** The line of a request about one VM: `POST /v1/vms/…/metrics`. */
export const lineOf = ({ method, path }: Place, { vmId }: { vmId: string }): Place => ({
  method,
  path: addressOf({ path }, { params: { id: vmId } }),
});

const dispatcher = createOwnDialer();

const patienceMs = 20_000;
/** Of an answer, in bytes. */
const longestAnswer = 256 * 1024;

/** Plain HTTP is for this machine alone. @throws AlfredError E_VALIDATION */
export function checkCoreUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHere = url !== undefined && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && isHere))) {
    throw wrongUrl('use an https:// address (http:// is for this machine alone)');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw wrongUrl('use the bare address of Core');
  }
  return url.href.replace(/\/+$/, '');
}

const wrongUrl = (message: string): AlfredError =>
  new AlfredError('E_VALIDATION', `The address of Core is not right: ${message}.`, {
    fields: [{ field: '/url', message }],
  });

/**
 * Calls Core.
 *
 * @param stopping aborted when nobody waits for the answer any more: the VM ends
 * @returns the answer's body as JSON
 * @throws AlfredError E_CORE_UNREACHABLE when there is no answer, E_CORE_REFUSED when it is no; the cause has the `status`
 */
export async function callCore(
  url: string,
  { method, path, headers = {}, body }: CoreRequest,
  stopping?: AbortSignal,
): Promise<unknown> {
  let answer: Dispatcher.ResponseData;
  let text: string;
  try {
    answer = await request(`${url}${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body }),
      headersTimeout: patienceMs,
      bodyTimeout: patienceMs,
      dispatcher,
      signal: AbortSignal.any([AbortSignal.timeout(2 * patienceMs), ...(stopping ? [stopping] : [])]),
    });
    text = await readCapped(answer.body);
  } catch (cause) {
    throw new AlfredError('E_CORE_UNREACHABLE', `Core does not answer: ${messageOf(cause)}`, {
      remedy: 'Nothing is lost: reports are kept, and sent when it does.',
      cause,
    });
  }
  const value = asJson(text);
  if (answer.statusCode >= 200 && answer.statusCode < 300) return value;
  const problem = problemSchema.safeParse(value).data;
  throw new CoreRefusal(answer.statusCode, problem?.code, problem?.detail.slice(0, 300));
}

/** Codes of Core's that mean the same here. */
const passedOn = ['E_ENROLMENT', 'E_SUSPENDED', 'E_COPIED'] as const;

export const copiedRemedy =
  'Where another copy of this VM goes on: npx alfred core unlink, here. Where this one does, or its database was set back: npx alfred core reconcile';

/** Core said no. */
export class CoreRefusal extends AlfredError {
  readonly coreStatus: number;

  constructor(coreStatus: number, coreCode: string | undefined, detail: string | undefined) {
    super(
      passedOn.find((code) => code === coreCode) ?? 'E_CORE_REFUSED',
      detail === undefined ? `Core refused, with ${coreStatus}` : `Core refused: ${detail}`,
      {
        remedy:
          coreCode === 'E_COPIED' ? copiedRemedy : 'Ask whoever runs Core. This VM itself goes on working.',
      },
    );
    this.coreStatus = coreStatus;
  }
}

async function readCapped(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.byteLength;
    if (size > longestAnswer) throw new Error('the answer is too long');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy in between may answer with a page: that is no answer of Core's.
    return undefined;
  }
}
