/** A stand-in for the push service of a browser, and the browser behind it: takes what is sent, and reads it with another's library. */
import { createECDH, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { createRequire } from 'node:module';
import { importJWK, type JWTPayload, jwtVerify } from 'jose';
import { startCanary } from './canary.ts';

type Decrypt = (
  body: Buffer,
  params: { version: 'aes128gcm'; privateKey: ReturnType<typeof createECDH>; authSecret: string },
) => Buffer;
/** It has no types of its own. */
const { decrypt } = createRequire(import.meta.url)('http_ece') as { decrypt: Decrypt };

/** What came: as the browser reads it, and who says that it is from them. */
type Pushed = {
  payload: Record<string, unknown>;
  headers: IncomingHttpHeaders;
  length: number;
  /** How many records it stands in: a browser reads one. */
  records: number;
  claims: JWTPayload;
  publicKey: string;
};

export type PushService = {
  /** What a browser hands out of its subscription. */
  subscription: { endpoint: string; key: string; auth: string };
  /** What it answers from now on. */
  answers(status: number): void;
  /** What was sent, oldest first, each with its signature checked. */
  pushed(): Promise<Pushed[]>;
  close(): Promise<void>;
};

/** @param auth what the browser shares with who sends it something, in base64url */
export async function startPushService(auth = randomBytes(16).toString('base64url')): Promise<PushService> {
  let status = 201;
  const receiver = await startCanary((_request, response) => {
    response.writeHead(status).end(status === 201 ? '' : 'push subscription has unsubscribed or expired');
  });
  const keys = createECDH('prime256v1');
  keys.generateKeys();
  return {
    subscription: { endpoint: `${receiver.url}/send/capability`, key: keys.getPublicKey('base64url'), auth },
    answers: (next) => {
      status = next;
    },
    pushed: () =>
      Promise.all(
        receiver.requests.map(async ({ headers, body }) => {
          const [, token = '', publicKey = ''] =
            /^vapid t=([^,]+), k=(.+)$/.exec(headers.authorization ?? '') ?? [];
          const { payload: claims } = await jwtVerify(token, await keyOf(publicKey), {
            audience: new URL(receiver.url).origin,
          });
          const text = decrypt(body, { version: 'aes128gcm', privateKey: keys, authSecret: auth });
          return {
            payload: JSON.parse(text.toString()) as Record<string, unknown>,
            ...{ headers, claims, publicKey, length: body.length },
            // Behind its salt it says how long a record is, and behind that its key (RFC 8188).
            records: Math.ceil((body.length - 86) / body.readUInt32BE(16)),
          };
        }),
      ),
    close: () => receiver.close(),
  };
}

/** A point of P-256 as it stands in a VAPID header. */
function keyOf(publicKey: string) {
  const point = Buffer.from(publicKey, 'base64url');
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'));
  return importJWK({ kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' }, 'ES256');
}
