#!/usr/bin/env bash
# @modelcontextprotocol/client 2.4.0: a renewal that the server has granted is thrown away when one field of the answer is of another
# form than its schema has, also a field that nobody needs: a scope that is null or a list, an expires_in that is no number, a
# renewal token that is null, no token_type, or a form in the place of JSON (as GitHub gives without an Accept header). Where renewal
# tokens are good once, the login is lost with it. An expires_in of null counts as 0, and "" takes the place of the good renewal token.
. "$(dirname "$0")/lib.sh"
install @modelcontextprotocol/client@2.4.0
run renew.mjs <<'JS'
import { refreshAuthorization } from '@modelcontextprotocol/client';
const usual = { access_token: 'next', token_type: 'Bearer', refresh_token: 'next-refresh', expires_in: 3600 };
const { token_type, ...untyped } = usual;
const answers = {
  'as the standard has it': usual,
  'scope: null': { ...usual, scope: null },
  'scope: a list': { ...usual, scope: ['read'] },
  'expires_in: a word': { ...usual, expires_in: 'never' },
  'expires_in: a text': { ...usual, expires_in: '3600' },
  'expires_in: null': { ...usual, expires_in: null },
  'refresh_token: null': { ...usual, refresh_token: null },
  'refresh_token: ""': { ...usual, refresh_token: '' },
  'no token_type': untyped,
  'a form': new URLSearchParams(usual),
};
for (const [what, answer] of Object.entries(answers)) {
  const fetchFn = async () =>
    answer instanceof URLSearchParams
      ? new Response(String(answer), { headers: { 'content-type': 'application/x-www-form-urlencoded' } })
      : Response.json(answer);
  const seen = await refreshAuthorization('https://id.test', {
    clientInformation: { client_id: 'me' },
    refreshToken: 'first-refresh',
    fetchFn,
  }).then(
    ({ access_token, refresh_token, expires_in }) => JSON.stringify({ access_token, refresh_token, expires_in }),
    (error) => `thrown away: ${error.constructor.name}`,
  );
  console.log(what.padEnd(23), seen);
}
JS
sees <<'TXT'
as the standard has it  {"access_token":"next","refresh_token":"next-refresh","expires_in":3600}
scope: null             thrown away: ZodError
scope: a list           thrown away: ZodError
expires_in: a word      thrown away: ZodError
expires_in: a text      {"access_token":"next","refresh_token":"next-refresh","expires_in":3600}
expires_in: null        {"access_token":"next","refresh_token":"next-refresh","expires_in":0}
refresh_token: null     thrown away: ZodError
refresh_token: ""       {"access_token":"next","refresh_token":"","expires_in":3600}
no token_type           thrown away: ZodError
a form                  thrown away: SyntaxError
TXT
