/** A person's browser at pages that ask for nothing to be typed: it goes where it is led, and keeps cookies. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** Not by `fetch`, which says of itself that it is a script (`sec-fetch-mode: cors`): better-auth answers that with JSON. */
async function open(url: string, cookie: string): Promise<IncomingMessage> {
  const request = get(url, { headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate', cookie } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

/**
 * @param cookies that it has to begin with
 * @returns the address at which it is sent back to who began
 */
export async function visit(
  { url, redirectUri }: { url: string; redirectUri: string },
  cookies: Record<string, string>,
): Promise<string> {
  const jar = new Map(Object.entries(cookies));
  let next = url;
  for (let step = 0; step < 20; step++) {
    const response = await open(next, [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    const body = await text(response);
    for (const line of response.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    const { location } = response.headers;
    if (location === undefined) throw new Error(`${next}: ${response.statusCode} ${body.slice(0, 500)}`);
    if (location.startsWith(redirectUri)) return location;
    next = new URL(location, next).href;
  }
  throw new Error('The sign-in comes to no end');
}
