/** Connections to MCP servers that want a sign-in, and the verbs to sign in with. */
import { createConnection } from '../../../src/connections/create-connection.ts';
import { beginLogin } from '../../../src/connections/login/begin-login.ts';
import { finishLogin } from '../../../src/connections/login/finish-login.ts';
import { type Beginner, PendingLogins } from '../../../src/connections/login/pending-logins.ts';
import { addressesOf } from '../../../src/connections/login/redirect-address.ts';
import { connectionInputSchema } from '../../../src/contract/connection-types.ts';
import type { Connection } from '../../../src/contract/connections.ts';
import { beginLoginSchema, type LoginBegun } from '../../../src/contract/logins.ts';
import { type ConnectionBench, createConnectionBench, owner } from '../mcp/connections.ts';

export const me: Beginner = { kind: 'session', id: 'a', actor: 'owner' };

export type LoginBench = ConnectionBench & {
  connect(url: string, config?: object): Promise<string>;
  /** @param document the address of its OpenAPI document */
  connectApi(document: string, config?: object): Promise<string>;
  begin(name: string, wish?: object, beginner?: Beginner): Promise<LoginBegun>;
  finish(callbackUrl: string, beginner?: Beginner, name?: string): Promise<Connection>;
  /** @param visit signs in at an address, and gives the one at which that ends */
  signIn(
    name: string,
    visit: (begun: LoginBegun) => string | Promise<string>,
    wish?: object,
  ): Promise<Connection>;
  text(name: string, tool?: string): Promise<string>;
};

export async function createLoginBench(): Promise<LoginBench> {
  const bench = await createConnectionBench();
  const deps = { ...bench.deps, pending: new PendingLogins() };
  const addresses = addressesOf(undefined, { host: '127.0.0.1:4280', port: 4280 });
  let count = 0;
  const begin: LoginBench['begin'] = (name, wish = {}, beginner = me) =>
    beginLogin(deps, name, beginLoginSchema.parse({ way: 'console', ...wish }), { beginner, addresses });
  const finish: LoginBench['finish'] = (callbackUrl, beginner = me, name = undefined) =>
    finishLogin(deps, callbackUrl, beginner, name);
  return {
    ...bench,
    async connect(url, config = {}) {
      count += 1;
      const { name } = await createConnection(
        bench.deps,
        connectionInputSchema.parse({
          name: `signed-${count}`,
          type: 'mcp_http',
          config: { url, allowPrivateNetwork: true, ...config },
        }),
        owner,
      );
      return name;
    },
    async connectApi(document, config = {}) {
      count += 1;
      const { name } = await createConnection(
        bench.deps,
        connectionInputSchema.parse({
          name: `api-${count}`,
          type: 'http_api',
          config: { openapi: { url: document }, allowPrivateNetwork: true, ...config },
        }),
        owner,
      );
      return name;
    },
    begin,
    finish,
    async signIn(name, visit, wish = {}) {
      return finish(await visit(await begin(name, wish)), me, name);
    },
    async text(name, tool = 'whoami') {
      const { content } = await bench.deps.pool.call(name, tool, {});
      return content.map((part) => ('text' in part ? part.text : '')).join('');
    },
  };
}
