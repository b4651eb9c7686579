/** Those who may get in, those who may do less, and those who may not any more. */
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { scopes } from '../../src/contract/common.ts';
import { bearer, type RowClient } from './row-client.ts';

type Held = { id: string; token: string };
type SignedIn = { code: string; cookie: string };
type Guests = { reader: Held; out: readonly Held[]; cookie: string; closed: SignedIn };

/** How long a token lives that is to have expired, in milliseconds. */
const shortLifeMs = 3_000;

export class RowDoor {
  /** How often somebody got in, or did more, who must not. */
  gotIn = 0;
  readonly #client: RowClient;
  readonly #guests: Guests;
  readonly #below: (below: number) => number;

  private constructor(client: RowClient, guests: Guests, below: (below: number) => number) {
    this.#client = client;
    this.#guests = guests;
    this.#below = below;
  }

  static async open(client: RowClient, below: (below: number) => number): Promise<RowDoor> {
    const token = async (name: string, held: readonly string[], more = {}) =>
      (await client.must('POST', '/api/v1/tokens', { name, scopes: held, ...more })) as Held;
    client.spare = (await token('spare', scopes)).token;
    const reader = await token('reader', ['read']);
    const revoked = await token('revoked', scopes);
    await client.must('DELETE', `/api/v1/tokens/${revoked.id}`);
    const expiresAt = new Date(Date.now() + shortLifeMs).toISOString();
    const expired = await token('expired', scopes, { expiresAt });
    const { cookie } = await signIn(client);
    const closed = await signIn(client);
    const { origin } = new URL(client.vm.url);
    const headers = { cookie: closed.cookie, origin };
    const { status } = await client.call('DELETE', '/api/v1/session', undefined, headers);
    if (status !== 204) throw new Error(`Signing out: ${status}`);
    await sleep(shortLifeMs);
    return new RowDoor(client, { reader, out: [revoked, expired], cookie, closed }, below);
  }

  async check(withCodes: boolean): Promise<void> {
    const { reader, out, cookie, closed } = this.#guests;
    const client = this.#client;
    await client.call('GET', '/api/v1/skills', undefined, bearer(reader.token));
    this.#expectOut((await client.call('POST', '/api/v1/model/test', {}, bearer(reader.token))).status);
    this.#expectOut((await client.call('GET', '/api/v1/tokens', undefined, bearer(reader.token))).status);
    for (const one of out)
      this.#expectOut((await client.call('GET', '/api/v1/session', undefined, bearer(one.token))).status);
    await client.call('GET', '/api/v1/session', undefined, { cookie });
    const { status } = await client.call('GET', '/api/v1/session', undefined, { cookie: closed.cookie });
    this.#expectOut(status);
    if (!withCodes) return;
    const used = await this.#useCode(closed.code);
    if (used < 300) this.gotIn += 1;
    client.note(`used link: ${used}`);
  }

  #expectOut(status: number): void {
    this.#client.note(status < 300 ? 'let in' : 'kept out');
    if (status !== 401 && status !== 403) this.gotIn += 1;
  }

  /** From an address of its own each time: wrong codes are limited by address. */
  #useCode(code: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const localAddress = `127.0.${1 + this.#below(200)}.${1 + this.#below(200)}`;
      const headers = { 'content-type': 'application/json' };
      const sent = request(
        new URL('/api/v1/session', this.#client.vm.url),
        { method: 'POST', headers, localAddress },
        (response) => response.resume().on('end', () => resolve(response.statusCode ?? 0)),
      );
      sent.on('error', reject).end(JSON.stringify({ code }));
    });
  }
}

async function signIn(client: RowClient): Promise<SignedIn> {
  const { url } = await client.must('POST', '/api/v1/session/links');
  const code = new URL(String(url)).hash.slice('#code='.length);
  const answer = await fetch(new URL('/api/v1/session', client.vm.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  if (!answer.ok || cookie === '') throw new Error(`Signing in: ${answer.status} ${await answer.text()}`);
  return { code, cookie };
}
