/**
 * A store that speaks as much of S3 as backups do: buckets in the path, signatures checked as Signature Version 4 has them,
 * uploads of many parts, ranges, lists. In memory; `npm test` needs no other program. The same tests run against a server that
 * ALFRED_TEST_S3 names (backup/s3-place.test.ts).
 */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export type TestStore = {
  endpoint: string;
  /** By key, of its one bucket. */
  objects: Map<string, Buffer>;
  /** Keys of uploads that were begun and neither completed nor aborted. */
  unfinished: () => string[];
  /** Has the next request for which this holds answered so. */
  failOnce(when: (request: { method: string; url: URL }) => boolean, status: number): void;
  close(): Promise<void>;
};

export const testStoreKey = {
  keyId: 'AKIATEST',
  secretKey: 'a-secret-of-the-test-store',
  region: 'eu-test-1',
};

type Answer = { status: number; body?: string | Buffer; headers?: Record<string, string> };
type Asked = { method: string; url: URL; key: string; headers: IncomingMessage['headers']; body: Buffer };
type Upload = { key: string; begun: Date; parts: Map<number, Buffer> };
type State = { bucket: string; objects: Map<string, Buffer>; uploads: Map<string, Upload> };

/** @param bucket the one that it has */
export async function startTestStore(bucket: string): Promise<TestStore> {
  const state: State = { bucket, objects: new Map(), uploads: new Map() };
  const failures: { when: (request: { method: string; url: URL }) => boolean; status: number }[] = [];
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const { method = '', headers } = request;
    const url = new URL(request.url ?? '', `http://${headers.host}`);
    const at = failures.findIndex(({ when }) => when({ method, url }));
    const [failure] = at < 0 ? [] : failures.splice(at, 1);
    const [, named = '', ...rest] = decodeURIComponent(url.pathname).split('/');
    const asked = { method, url, key: rest.join('/'), headers, body: Buffer.concat(pieces) };
    const {
      status,
      body = '',
      headers: more,
    } = failure
      ? { status: failure.status }
      : named !== bucket
        ? trouble(404, 'NoSuchBucket')
        : answer(state, asked);
    response.writeHead(status, { 'content-length': String(Buffer.byteLength(body)), ...more });
    response.end(method === 'HEAD' ? undefined : body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    objects: state.objects,
    unfinished: () => [...state.uploads.values()].map(({ key }) => key),
    failOnce: (when, status) => void failures.push({ when, status }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const xml = (text: string): Answer => ({
  status: 200,
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${text}`,
  headers: { 'content-type': 'application/xml' },
});
const trouble = (status: number, code: string): Answer => ({
  ...xml(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`),
  status,
});
const etagOf = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;

function answer(state: State, asked: Asked): Answer {
  if (!isSigned(asked)) return trouble(403, 'SignatureDoesNotMatch');
  const { method, url, key, headers, body } = asked;
  const md5 = headers['content-md5'];
  if (md5 !== undefined && md5 !== createHash('md5').update(body).digest('base64'))
    return trouble(400, 'BadDigest');
  const query = url.searchParams;
  if (key === '') return method === 'GET' ? list(state, query) : trouble(405, 'MethodNotAllowed');
  if (query.has('uploads') || query.has('uploadId')) return upload(state, asked);
  const found = state.objects.get(key);
  if (method === 'DELETE') {
    state.objects.delete(key);
    return { status: 204 };
  }
  if (found === undefined) return trouble(404, 'NoSuchKey');
  if (method === 'HEAD')
    return { status: 200, headers: { 'content-length': String(found.length), etag: etagOf(found) } };
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
  if (from === undefined) return { status: 200, body: found };
  return { status: 206, body: found.subarray(Number(from), to ? Number(to) + 1 : undefined) };
}

function list({ bucket, objects, uploads }: State, query: URLSearchParams): Answer {
  const prefix = query.get('prefix') ?? '';
  if (query.has('uploads')) {
    const found = [...uploads].filter(([, { key }]) => key.startsWith(prefix));
    const items = found.map(
      ([id, { key, begun }]) =>
        `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${begun.toISOString()}</Initiated></Upload>`,
    );
    return xml(
      `<ListMultipartUploadsResult><Bucket>${bucket}</Bucket>${items.join('')}</ListMultipartUploadsResult>`,
    );
  }
  // Two at a time, so that the pages of a list are gone through.
  const names = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  const from = Number(query.get('continuation-token') ?? 0);
  const items = names.slice(from, from + 2).map((key) => {
    const size = objects.get(key)?.length;
    return `<Contents><Key>${key}</Key><Size>${size}</Size><LastModified>2026-01-02T03:04:05.000Z</LastModified></Contents>`;
  });
  const next = from + 2 < names.length ? `<NextContinuationToken>${from + 2}</NextContinuationToken>` : '';
  return xml(
    `<ListBucketResult><IsTruncated>${next !== ''}</IsTruncated><KeyCount>${items.length}</KeyCount>${next}${items.join('')}</ListBucketResult>`,
  );
}

function upload({ objects, uploads }: State, { method, url, key, body }: Asked): Answer {
  const id = url.searchParams.get('uploadId');
  if (id === null) {
    const made = randomUUID();
    uploads.set(made, { key, begun: new Date(), parts: new Map() });
    return xml(`<InitiateMultipartUploadResult><UploadId>${made}</UploadId></InitiateMultipartUploadResult>`);
  }
  const found = uploads.get(id);
  if (!found) return trouble(404, 'NoSuchUpload');
  if (method === 'DELETE') {
    uploads.delete(id);
    return { status: 204 };
  }
  if (method === 'PUT') {
    found.parts.set(Number(url.searchParams.get('partNumber')), body);
    return { status: 200, headers: { etag: etagOf(body) } };
  }
  const parts = [...found.parts].sort(([a], [b]) => a - b).map(([, part]) => part);
  // As Amazon has it: each but the last one has 5 MiB at the least.
  if (parts.slice(0, -1).some((part) => part.length < 5 * 1024 * 1024)) return trouble(400, 'EntityTooSmall');
  uploads.delete(id);
  objects.set(key, Buffer.concat(parts));
  return xml(
    `<CompleteMultipartUploadResult><Key>${key}</Key><ETag>"whole"</ETag></CompleteMultipartUploadResult>`,
  );
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);

/** Signature Version 4, as Amazon's document of it has it. */
function isSigned({ method, url, headers }: Asked): boolean {
  const [, credential = '', names = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=(\S+), ?SignedHeaders=(\S+), ?Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  const [id, day = '', region = '', ...rest] = credential.split('/');
  if (id !== testStoreKey.keyId || region !== testStoreKey.region || rest.join('/') !== 's3/aws4_request')
    return false;
  const signed = names.split(';');
  if (!signed.includes('host') || !signed.includes('x-amz-date')) return false;
  const query = [...url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort();
  const canonical = [
    method,
    url.pathname,
    query.join('&'),
    ...signed.map((name) => `${name}:${headers[name]}`),
    '',
    names,
    headers['x-amz-content-sha256'],
  ].join('\n');
  const hash = createHash('sha256').update(canonical).digest('hex');
  const text = `AWS4-HMAC-SHA256\n${headers['x-amz-date']}\n${day}/${region}/s3/aws4_request\n${hash}`;
  let key: Buffer = Buffer.from(`AWS4${testStoreKey.secretKey}`);
  for (const part of [day, region, 's3', 'aws4_request']) key = hmac(key, part);
  return hmac(key, text).toString('hex') === signature;
}
