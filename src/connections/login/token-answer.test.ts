/** Answers of token endpoints, as the documents of real servers have them. */
import { expect, it } from 'vitest';
import { answerIn, errorIn, tokensIn } from './token-answer.ts';

const json = 'application/json';
const read = (body: unknown, type = json) =>
  tokensIn(answerIn(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), type));

it.each<[string, unknown, string, object | undefined]>([
  [
    'a form, with commas between scopes (GitHub)',
    'access_token=gho_x&scope=repo%2Cgist&token_type=bearer',
    'application/x-www-form-urlencoded; charset=utf-8',
    { access_token: 'gho_x', token_type: 'Bearer', scope: 'repo gist' },
  ],
  [
    'a user’s token alone (Slack)',
    {
      ok: true,
      authed_user: { id: 'U1', scope: 'chat:write,search:read', access_token: 'xoxp-1', token_type: 'user' },
    },
    json,
    { access_token: 'xoxp-1', scope: 'chat:write search:read' },
  ],
  [
    'a token in a body (Withings)',
    {
      status: 0,
      body: { userid: 1, access_token: 'a', refresh_token: 'r', expires_in: 10_800, scope: 'user.info' },
    },
    json,
    { access_token: 'a', refresh_token: 'r', expires_in: 10_800 },
  ],
  ['a list of scopes (Twitch)', { access_token: 'a', scope: ['a:b', 'c:d'] }, json, { scope: 'a:b c:d' }],
  ['an end as text, no type', { access_token: 'a', expires_in: '3600' }, json, { expires_in: 3_600 }],
  ['no scope (Notion)', { access_token: 'a', scope: null, refresh_token: null }, json, { access_token: 'a' }],
  ['a token that wants a proof', { access_token: 'a', token_type: 'DPoP' }, json, undefined],
  ['a page', '<html>access_token=a</html>', 'text/html', undefined],
  ['a token with a line break', { access_token: 'a\r\nx: y' }, json, undefined],
])('reads %s', (_what, body, type, tokens) => {
  const found = read(body, type);
  if (tokens === undefined) expect(found).toBeUndefined();
  else expect(found).toMatchObject(tokens);
});

it('finds the error that is stated with a status that says nothing', () => {
  expect(errorIn({ ok: false, error: 'invalid_code' })).toEqual({ error: 'invalid_code' });
  expect(errorIn({ error: 'bad_verification_code', error_description: 'The code\u202e is wrong' })).toEqual({
    error: 'bad_verification_code',
    error_description: 'The code\\u202e is wrong',
  });
  expect(errorIn({ status: 503, error: 'Invalid Params: no code' })).toMatchObject({ error: 'refused' });
  expect(errorIn({ error: null })).toBeUndefined();
});
