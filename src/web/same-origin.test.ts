import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { checkSameOrigin } from './same-origin.ts';

const passes = (method: string, headers: Record<string, string>): boolean => {
  try {
    // The parts of a request that are looked at.
    checkSameOrigin({ method, headers: { host: '127.0.0.1:4280', ...headers } } as unknown as FastifyRequest);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'E_FORBIDDEN' });
    return false;
  }
};

describe('checkSameOrigin', () => {
  it.each<[string, Record<string, string>]>([
    ['GET', {}],
    ['GET', { 'sec-fetch-site': 'none' }],
    ['GET', { 'sec-fetch-site': 'same-origin' }],
    ['POST', { 'sec-fetch-site': 'same-origin', origin: 'http://127.0.0.1:4280' }],
    ['POST', { origin: 'http://127.0.0.1:4280' }],
    ['DELETE', { 'sec-fetch-site': 'same-origin' }],
    ['POST', { origin: 'https://127.0.0.1:4280' }],
  ])('lets %s %j pass', (method, headers) => expect(passes(method, headers)).toBe(true));

  it.each<[string, Record<string, string>]>([
    ['POST', {}],
    ['PATCH', { 'sec-fetch-site': 'none' }],
    ['POST', { 'sec-fetch-site': 'cross-site' }],
    ['POST', { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:3000' }],
    ['POST', { origin: 'http://127.0.0.1:3000' }],
    ['POST', { origin: 'http://localhost:4280' }],
    ['POST', { origin: 'null' }],
    ['POST', { origin: 'https://evil.example' }],
    ['POST', { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }],
    ['GET', { 'sec-fetch-site': 'cross-site' }],
    ['GET', { origin: 'https://evil.example' }],
  ])('refuses %s %j', (method, headers) => expect(passes(method, headers)).toBe(false));

  it('tells a proxy that asks for another host from a page of another site', () => {
    const refusal = (headers: Record<string, string>) => {
      try {
        const request = { method: 'POST', headers: { host: '127.0.0.1:4280', ...headers } };
        checkSameOrigin(request as unknown as FastifyRequest);
      } catch (error) {
        return String((error as { remedy?: string }).remedy);
      }
      return 'none';
    };
    const origin = 'https://alfred.example';
    expect(refusal({ origin, 'sec-fetch-site': 'same-origin' })).toContain('pass on the Host');
    expect(refusal({ origin, 'sec-fetch-site': 'cross-site' })).toContain('an access token');
    expect(refusal({ origin })).toContain('an access token');
  });
});
