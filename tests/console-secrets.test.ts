/** The secrets of a connection as its page names them. Pure functions, without a browser. */
import { expect, it } from 'vitest';
import { secretFieldsOf, setAt } from '../console/connections/secrets-of.ts';

const sealed = { sealed: true, fingerprint: 'abc' };

it('names every field that is sealed, and none that is plain or of a sign-in', () => {
  const env = { IMAP_PASSWORD: sealed, IMAP_HOST: { plain: 'mail.example' } };
  expect(
    secretFieldsOf({ type: 'mcp_stdio', config: { command: 'x', args: [], env, secrets: { PIN: sealed } } }),
  ).toEqual([
    { part: 'env', name: 'IMAP_PASSWORD' },
    { part: 'secrets', name: 'PIN' },
  ]);
  const auth = { type: 'bearer', token: sealed };
  expect(secretFieldsOf({ type: 'http_api', config: { auth, oauth: { accessToken: sealed } } })).toEqual([
    { part: 'auth', name: 'token' },
  ]);
});

it('says when a secret was written last, whichever act wrote it', () => {
  const acts = [
    { at: '2026-11-30T00:00:00Z', data: null },
    { at: '2026-11-29T00:00:00Z', data: { secretsWritten: ['mail.OTHER'], secretsRemoved: [] } },
    { at: '2026-11-28T00:00:00Z', data: { secretsWritten: ['mail.KEY'] } },
    { at: '2026-11-27T00:00:00Z', data: { secrets: ['mail.KEY', 'mail.OLD'] } },
  ];
  expect(setAt(acts, 'mail.KEY')).toBe('2026-11-28T00:00:00Z');
  expect(setAt(acts, 'mail.OLD')).toBe('2026-11-27T00:00:00Z');
  expect(setAt(acts, 'mail.NEVER')).toBeUndefined();
});
