#!/usr/bin/env bash
# @modelcontextprotocol/client 2.4.0: a client's id and secret go into HTTP Basic as they are, where RFC 6749 (section 2.3.1) has
# both form-encoded first: a secret with a plus or a percent sign is another one to a server that decodes it.
. "$(dirname "$0")/lib.sh"
install @modelcontextprotocol/client@2.4.0
run basic.mjs <<'JS'
import { refreshAuthorization } from '@modelcontextprotocol/client';
const client = { client_id: 'me', client_secret: 's+c%2Fret' };
await refreshAuthorization('https://id.test', {
  clientInformation: client,
  refreshToken: 'x',
  fetchFn: async (_url, { headers }) => {
    const [, secret] = atob(headers.get('authorization').slice(6)).split(':');
    console.log('secret  ', client.client_secret);
    console.log('sent    ', secret);
    console.log('decoded ', new URLSearchParams(`s=${secret}`).get('s'));
    return Response.json({ access_token: 'a', token_type: 'Bearer' });
  },
});
JS
sees <<'TXT'
secret   s+c%2Fret
sent     s+c%2Fret
decoded  s c/ret
TXT
