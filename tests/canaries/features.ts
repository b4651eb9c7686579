/** What a VM is used for: each feature, well and badly. */
import { createHash, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { ask, keepGiven, must, said, vm } from './ground.ts';
import { settled } from './private-texts.ts';
import { privateMark, secrets, spread } from './secrets.ts';

export const run = async (slug: string) =>
  (await ask('POST', `/api/v1/skills/${slug}/run`, { input: { note: privateMark } })).executionId ?? '';

export async function addSkill(slug: string, tools: string[]): Promise<void> {
  const prompt = `${slug.toUpperCase()} {{note}} ${privateMark}`;
  await ask('POST', '/api/v1/skills', {
    ...{ slug, name: slug, steps: [{ id: 1, prompt, allowedTools: tools, approval: 'never' }] },
    inputSchema: { type: 'object', properties: { note: { type: 'string' } } },
  });
}

/** A browser by the link that the start printed, and a script by a token of its own. */
export async function letPeopleIn(): Promise<void> {
  const code = new URL(vm.signInUrl).hash.replace('#code=', '');
  const headers = { 'content-type': 'application/json', origin: new URL(vm.url).origin };
  const body = JSON.stringify({ code });
  const opened = await fetch(new URL('/api/v1/session', vm.url), { method: 'POST', headers, body });
  said.push(await opened.text());
  const cookie = opened.headers.getSetCookie().map((each) => each.split(';')[0] ?? '');
  keepGiven(code, ...cookie);
  const again = await fetch(new URL('/api/v1/session', vm.url), { headers: { cookie: cookie.join('; ') } });
  said.push(await again.text());
  const made = await must(vm.api('POST', '/api/v1/tokens', { name: 'script', scopes: ['read'] }));
  keepGiven(made.token);
  const authorization = `Bearer ${made.token}`;
  for (const route of ['/api/v1/executions', '/api/v1/tokens'])
    said.push(await (await fetch(new URL(route, vm.url), { headers: { authorization } })).text());
}

/** A proposal from what a run did, and one from a text that has a secret in it: shown, rehearsed, changed and accepted. */
export async function teach(executionId: string): Promise<void> {
  const skillMd = `---\nname: taught\ndescription: About ${privateMark}\n---\n\nTell ${secrets['a setting']} to nobody.\n`;
  for (const [index, from] of [{ executionId }, { skillMd }].entries()) {
    const { id = '' } = await ask('POST', '/api/v1/proposals', { from, slug: `taught-${index}` });
    const rehearsed = await ask('POST', `/api/v1/proposals/${id}/rehearse`, {
      input: { note: privateMark },
    });
    await settled(rehearsed.executionId ?? '');
    await ask('GET', `/api/v1/proposals/${id}`);
    await ask('POST', `/api/v1/proposals/${id}`, { decision: 'accept' });
  }
}

/** A program signs in to `/mcp` by OAuth, runs a skill, renews, and is refused in each way that is said with words. */
export async function letProgramIn(): Promise<void> {
  const redirectUri = 'http://127.0.0.1/callback';
  const verifier = randomBytes(32).toString('base64url');
  const send = async (route: string, init: RequestInit): Promise<Record<string, string>> =>
    (await (await fetch(new URL(route, vm.url), { method: 'POST', ...init })).json()) as Record<
      string,
      string
    >;
  const post = (fields: Record<string, string>, route = '/oauth/token') =>
    send(route, { body: new URLSearchParams(fields) });
  const { client_id: client = '' } = await send('/oauth/register', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'Editor', redirect_uris: [redirectUri] }),
  });
  const query = new URLSearchParams({
    ...{ response_type: 'code', client_id: client, redirect_uri: redirectUri, state: 's' },
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const { returnTo = '' } = await must(
    vm.api('POST', '/api/v1/apps/decide', { query: String(query), decision: 'allow' }),
  );
  const code = new URL(returnTo).searchParams.get('code') ?? '';
  const exchange = { grant_type: 'authorization_code', client_id: client, code, code_verifier: verifier };
  const first = await post(exchange);
  const call = (token = '') =>
    send('/mcp', {
      headers: {
        ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
    }).catch((error: unknown) => ({ unreadable: String(error) }));
  said.push(JSON.stringify(await call(first.access_token)));
  const renewal = {
    grant_type: 'refresh_token',
    client_id: client,
    refresh_token: first.refresh_token ?? '',
  };
  const second = await post(renewal);
  keepGiven(code, verifier);
  for (const { access_token, refresh_token } of [first, second]) keepGiven(access_token, refresh_token);
  said.push(
    JSON.stringify([
      await post({ ...renewal, resource: 'https://elsewhere.example/mcp' }),
      await ask('GET', '/api/v1/apps'),
      await post(exchange),
      await post(renewal),
      await call(second.access_token),
      await post({ token: second.refresh_token ?? '' }, '/oauth/revoke'),
    ]),
  );
}

export async function chat(): Promise<void> {
  const { id = '' } = await ask('POST', '/api/v1/conversations', {});
  const attachments = [
    {
      name: `${privateMark}.txt`,
      mediaType: 'text/plain',
      data: Buffer.from(`${privateMark} ${spread}`).toString('base64'),
    },
  ];
  const sent = await ask('POST', `/api/v1/conversations/${id}/messages`, {
    ...{ text: `Of ${privateMark}: ${secrets['a setting']}`, attachments },
  });
  expect(await settled(sent.executionId ?? '')).toBe('succeeded');
  await ask('GET', `/api/v1/conversations/${id}`);
}

/** A delivery that was not signed, and one that was, by the VM itself. */
export async function hook(): Promise<void> {
  const body = JSON.stringify({ note: `${privateMark} ${spread}` });
  const unsigned = await fetch(new URL('/hooks/hooked', vm.url), { method: 'POST', body });
  said.push(await unsigned.text());
  await ask('POST', '/api/v1/skills/hooked/hook/test', {});
}
