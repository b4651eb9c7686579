/** A program as people have them: the SDK's own client, which signs in by itself and has its answer sent to a port of its own. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Client,
  type OAuthClientInformationMixed,
  type OAuthClientProvider,
  type OAuthTokens,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';

export async function startAskingProgram(address: URL, name = 'The e2e editor') {
  let answered = (_: URLSearchParams): void => {};
  const answer = new Promise<URLSearchParams>((resolve) => {
    answered = resolve;
  });
  let asks = (_: URL): void => {};
  const askedFor = new Promise<URL>((resolve) => {
    asks = resolve;
  });
  const listener = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    response.setHeader('content-type', 'text/html').end('<link rel="icon" href="data:,"><h1>Back</h1>');
    if (pathname === '/callback') answered(searchParams);
  });
  await new Promise<void>((done) => void listener.listen(0, '127.0.0.1', done));
  const redirectUrl = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/callback`;

  let registered: OAuthClientInformationMixed | undefined;
  let tokens: OAuthTokens | undefined;
  let verifier = '';
  const authProvider: OAuthClientProvider = {
    redirectUrl,
    clientMetadata: { client_name: name, redirect_uris: [redirectUrl] },
    clientInformation: () => registered,
    saveClientInformation: (given) => {
      registered = given;
    },
    tokens: () => tokens,
    saveTokens: (given) => {
      tokens = given;
    },
    redirectToAuthorization: (url) => asks(url),
    saveCodeVerifier: (given) => {
      verifier = given;
    },
    codeVerifier: () => verifier,
  };
  const open: Client[] = [];
  const transport = () => new StreamableHTTPClientTransport(address, { authProvider });
  const connect = async (over = transport()): Promise<Client> => {
    const client = new Client({ name, version: '1' });
    open.push(client);
    await client.connect(over);
    return client;
  };
  return {
    connect: () => connect(),
    /** Where it sends the browser, once it was told to sign in. */
    askedFor,
    /** Waits for the answer, fetches its tokens, and connects. */
    async comeBack(): Promise<Client> {
      await transport().finishAuth(await answer);
      return connect();
    },
    /** Its access token is forgotten, as when it has expired. */
    forgetAccess(): void {
      if (tokens) tokens = { ...tokens, access_token: 'expired' };
    },
    async close(): Promise<void> {
      await Promise.all(open.map((client) => client.close()));
      listener.closeAllConnections();
      listener.close();
    },
  };
}

/** The query of a program that asks to be let in. */
export async function askingQuery(vm: string): Promise<string> {
  const redirectUri = 'http://127.0.0.1:33418/';
  const response = await fetch(new URL('/oauth/register', vm), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'Visual Studio Code', redirect_uris: [redirectUri] }),
  });
  const { client_id: clientId } = (await response.json()) as { client_id: string };
  return new URLSearchParams({
    ...{ response_type: 'code', client_id: clientId, redirect_uri: redirectUri, state: 's' },
    ...{ code_challenge: 'A'.repeat(43), code_challenge_method: 'S256' },
  }).toString();
}
