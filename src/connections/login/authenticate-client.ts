/** How a client shows a token endpoint who it is (RFC 6749, section 2.3.1). */
import { selectClientAuthMethod } from '@modelcontextprotocol/client';
import type { clientAuthMethods } from '../../contract/login-config.ts';

export type ClientAuthMethod = (typeof clientAuthMethods)[number];

export type LoginClient = {
  clientId: string;
  clientSecret?: string | undefined;
  authMethod?: ClientAuthMethod | undefined;
};

/** The encoding of RFC 6749, appendix B. */
const formEncode = (text: string): string => new URLSearchParams({ t: text }).toString().slice(2);

export function authMethodOf(
  { clientId, clientSecret, authMethod }: LoginClient,
  supported: readonly string[] | undefined,
): ClientAuthMethod {
  const information = {
    client_id: clientId,
    ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
    ...(authMethod === undefined ? {} : { token_endpoint_auth_method: authMethod }),
  };
  return selectClientAuthMethod(information, [...(supported ?? [])]) as ClientAuthMethod;
}

/** A hook of the SDK that shows who the client is. The SDK's own Basic leaves `+` and `%` as they are, which strict servers refuse. */
export const authenticating =
  (client: LoginClient, method: ClientAuthMethod) =>
  (headers: Headers, form: URLSearchParams): void => {
    const { clientId, clientSecret } = client;
    if (method === 'client_secret_basic' && clientSecret !== undefined) {
      const pair = `${formEncode(clientId)}:${formEncode(clientSecret)}`;
      headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`);
      return;
    }
    form.set('client_id', clientId);
    if (method === 'client_secret_post' && clientSecret !== undefined)
      form.set('client_secret', clientSecret);
  };
