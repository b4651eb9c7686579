import { describe, expect, it } from 'vitest';
import { scopes } from '../../contract/common.ts';
import type { Access } from '../../contract/operation.ts';
import { accessOf, decide, scopesFor } from './policy.ts';
import type { Principal } from './principal.ts';

const principal = (...held: Principal['scopes'] extends ReadonlySet<infer S> ? S[] : never): Principal => ({
  kind: 'token',
  id: '',
  actor: '',
  scopes: new Set(held),
  expiresAt: null,
});

const verdict = (access: Access | undefined, who: Principal | undefined): string => {
  try {
    decide(access, who);
    return 'in';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('decide', () => {
  it('asks nothing of public routes', () => expect(verdict('public', undefined)).toBe('in'));

  it('asks for somebody everywhere else', () => {
    for (const access of ['signed-in', ...scopes, undefined] as const) {
      expect(verdict(access, undefined)).toBe('E_UNAUTHENTICATED');
    }
  });

  it('asks for the very scope: none stands for another, but that who reads may see the figures', () => {
    for (const needed of scopes) {
      for (const held of scopes) {
        expect(verdict(needed, principal(held))).toBe(
          scopesFor(needed).includes(held) ? 'in' : 'E_FORBIDDEN',
        );
      }
      expect(verdict(needed, principal())).toBe('E_FORBIDDEN');
    }
  });

  it('has one scope for everything but the figures', () => {
    expect(scopes.flatMap((scope) => scopesFor(scope))).toEqual([...scopes, 'read']);
  });

  it('asks for every scope where one of them would give the others away', () => {
    for (const left of scopes) {
      const held = scopes.filter((scope) => scope !== left);
      // Who reads may see the figures.
      expect(verdict('every-scope', principal(...held))).toBe(left === 'metrics' ? 'in' : 'E_FORBIDDEN');
    }
    expect(verdict('every-scope', principal(...scopes))).toBe('in');
  });

  it('lets nobody into a route that the table does not name', () => {
    expect(accessOf('GET', '/api/v1/everything')).toBeUndefined();
    expect(accessOf('GET', 'toString')).toBeUndefined();
    expect(verdict(undefined, principal(...scopes))).toBe('E_FORBIDDEN');
  });

  it('treats HEAD as GET', () => expect(accessOf('HEAD', '/api/v1/skills')).toBe('read'));
});
