/** A store that speaks S3, spoken to by the guarded way out. Its secret key never leaves: requests are signed with it. */
import { createHash } from 'node:crypto';
import { S3mini, S3NetworkError, S3ServiceError } from 's3mini';
import type { StorePlace } from '../config/store-address.ts';
import { isNear } from '../config/values.ts';
import type { Backoff } from '../kernel/backoff.ts';
import { AlfredError, isAlfredError } from '../kernel/errors.ts';
import type { Resolve } from '../outbound/dialer.ts';
import { createGuardedFetch } from '../outbound/guarded-fetch.ts';
import { sendWithRetries } from '../outbound/retry.ts';

export type StoreSettings = {
  /** Undefined: Amazon's own, of the region. */
  endpoint: string | undefined;
  region: string;
  keyId: string;
  secretKey: string;
  /** The bucket stands in the path of an address, and not before its host. */
  pathStyle: boolean;
  /** A public name may lead into a private network. A private address, or a name that can be no other, may always. */
  allowPrivateNetwork: boolean;
  /** The system's resolver unless a test brings its own. */
  resolve?: Resolve;
  /** The pauses between two tries, likewise. */
  backoff?: Backoff;
};

/** Of one request with all that it carries, in milliseconds: a piece of 8 MiB over a slow line. */
const patienceMs = 10 * 60_000;
const limits = {
  headersTimeoutMs: patienceMs,
  totalTimeoutMs: patienceMs,
  idleTimeoutMs: 60_000,
  maxBytes: 64 * 1024 * 1024,
  maxRedirects: 0,
};
const attempts = 4;
const usualBackoff: Backoff = { baseMs: 1000, capMs: 30_000 };

export type StoreClient = Pick<
  S3mini,
  | 'listObjects'
  | 'listMultipartUploads'
  | 'deleteObject'
  | 'objectExists'
  | 'getContentLength'
  | 'getObjectRaw'
  | 'getMultipartUploadId'
  | 'uploadPart'
  | 'completeMultipartUpload'
  | 'abortMultipartUpload'
>;

export function storeClient(
  { bucket }: Pick<StorePlace, 'bucket'>,
  settings: StoreSettings,
  signal?: AbortSignal,
): StoreClient {
  const { endpoint, region, keyId, secretKey, pathStyle, allowPrivateNetwork } = settings;
  const base = new URL(endpoint ?? `https://s3.${region}.amazonaws.com`);
  if (pathStyle) base.pathname = `${base.pathname.replace(/\/+$/, '')}/${bucket}`;
  else base.hostname = `${bucket}.${base.hostname}`;
  return new S3mini({
    accessKeyId: keyId,
    secretAccessKey: secretKey,
    endpoint: base.href,
    region,
    fetch: (url, init) =>
      send(String(url), init ?? {}, {
        allowPrivateNetwork: allowPrivateNetwork || isNear(base.hostname),
        backoff: settings.backoff ?? usualBackoff,
        ...(settings.resolve === undefined ? {} : { resolve: settings.resolve }),
        ...(signal === undefined ? {} : { signal }),
      }),
  });
}

type SendOptions = {
  allowPrivateNetwork: boolean;
  backoff: Backoff;
  resolve?: Resolve;
  signal?: AbortSignal;
};

/** One request, and again after a passing failure where that can do no harm. Its answer is whole when it is handed on. */
async function send(
  url: string,
  init: RequestInit,
  { signal = new AbortController().signal, backoff, ...dialling }: SendOptions,
): Promise<Response> {
  const guarded = createGuardedFetch({ ...dialling, limits });
  const headers = new Headers(init.headers);
  // The store holds what it gets against this: what was hurt on the way is refused.
  if (init.body instanceof Uint8Array) {
    headers.set('content-md5', createHash('md5').update(init.body).digest('base64'));
  }
  const whole = async () => {
    const answer = await guarded.fetch(url, { ...init, headers, redirect: 'manual', signal });
    const body = await answer.arrayBuffer();
    const { status, statusText } = answer;
    return new Response(body.byteLength === 0 ? null : body, {
      status,
      statusText,
      headers: answer.headers,
    });
  };
  const method = init.method ?? 'GET';
  const deadline = performance.now() + patienceMs;
  try {
    return await sendWithRetries(whole, { method, deadline, signal, policy: { attempts, backoff } });
  } finally {
    await guarded.close();
  }
}

/** What a failed request means, in words of backups; what is no failure of the store is as it was. */
export function storeTrouble(error: unknown, words: string): unknown {
  if (error instanceof S3NetworkError) return storeTrouble(error.cause, words);
  if (isAlfredError(error, 'E_ADDRESS_REFUSED')) {
    return new AlfredError('E_ADDRESS_REFUSED', error.message, {
      remedy:
        'If the store is in your own network, say so: npx alfred config set backup_s3_private_network on. Or name its address itself.',
      cause: error,
    });
  }
  if (isAlfredError(error, 'E_CONNECTION_FAILED', 'E_CONNECTION_TIMEOUT')) {
    return new AlfredError('E_BACKUP', `${words} cannot be reached: ${error.message}`, {
      remedy: 'See that the store runs, and that backup_s3_endpoint names it.',
      cause: error,
    });
  }
  if (!(error instanceof S3ServiceError)) return error;
  const said = `${error.status} ${error.serviceCode ?? ''}`.trim();
  return new AlfredError('E_BACKUP', `The store of ${words} refuses: ${said}.`, {
    remedy: remedyOf(error),
    cause: error,
  });
}

function remedyOf({ status, serviceCode }: S3ServiceError): string {
  if (serviceCode === 'NoSuchBucket') return 'Make the bucket at the store, or name another in backup_to.';
  if (serviceCode === 'RequestTimeTooSkewed') return 'Set this machine’s clock right.';
  return status === 401 || status === 403
    ? 'See that backup_s3_key_id, backup_s3_secret_key and backup_s3_region are those of the store, and that the key may list, read, write and delete there.'
    : 'See that backup_s3_endpoint, backup_s3_region and backup_s3_path_style are as the store wants them.';
}
