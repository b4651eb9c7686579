/** Where an API's requests go (OpenAPI 3.1 "Server Object"): one origin, the one that the connection's credentials are for. */
import { isRecord } from '../../contract/is-record.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { listOf, own, textOf } from './json.ts';

export type ServerChoice = {
  /** Given by the owner: wins over what the document says. */
  baseUrl?: string | undefined;
  variables: Record<string, string>;
  /** Where the document came from, for relative servers. */
  documentUrl?: string | undefined;
};

const trim = (url: URL): string => {
  url.hash = '';
  url.search = '';
  return url.href.replace(/\/+$/, '');
};

/** The server's URL with the owner's values, or else the defaults, for its variables. */
function fillVariables(server: unknown, choice: ServerChoice): string {
  const template = textOf(own(server, 'url')) ?? '/';
  return template.replaceAll(/\{([^{}]*)\}/g, (whole, name: string) => {
    const variable = own(own(server, 'variables'), name);
    const allowed = listOf(own(variable, 'enum'));
    const given = Object.hasOwn(choice.variables, name) ? choice.variables[name] : undefined;
    if (given !== undefined && allowed.length > 0 && !allowed.includes(given)) {
      throw new AlfredError('E_VALIDATION', `The server variable "${name}" cannot be "${given}"`, {
        remedy: `Give one of: ${allowed.slice(0, 20).join(', ')}.`,
      });
    }
    const value = given ?? own(variable, 'default');
    return typeof value === 'string' || typeof value === 'number' ? String(value) : whole;
  });
}

/** An absolute URL for a server of the document, or undefined when none can be made of it. */
function serverUrl(server: unknown, choice: ServerChoice, base: string | undefined): string | undefined {
  const filled = fillVariables(server, choice);
  const url = URL.parse(filled, base);
  if (url === null || !/^https?:$/.test(url.protocol) || /[{}]|%7B|%7D/i.test(url.href)) return undefined;
  if (url.username !== '' || url.password !== '') {
    // `http://good@evil` reads as one host and is another.
    throw new AlfredError(
      'E_VALIDATION',
      `The document names a server with a user name: the host is ${url.host}`,
      {
        remedy: 'Give the connection a baseUrl with the host that you mean.',
      },
    );
  }
  return trim(url);
}

/**
 * The base URL of the API.
 *
 * @throws AlfredError E_VALIDATION when neither the owner nor the document names one
 */
export function apiBaseUrl(document: unknown, choice: ServerChoice): string {
  if (choice.baseUrl !== undefined) {
    const url = URL.parse(choice.baseUrl);
    if (url === null) throw new AlfredError('E_VALIDATION', 'The baseUrl is not a URL');
    return trim(url);
  }
  const servers = listOf(own(document, 'servers')).filter(isRecord);
  const candidates = servers.length > 0 ? servers : [{ url: '/' }];
  for (const server of candidates) {
    const url = serverUrl(server, choice, choice.documentUrl);
    if (url !== undefined) return url;
  }
  throw new AlfredError('E_VALIDATION', 'The document does not say at which address the API is', {
    remedy: 'Give the connection a baseUrl, such as https://api.example.com/v1, or serverVariables.',
  });
}

/**
 * The base URL of one operation, whose document may give it a server of its own; undefined when that is another host:
 * the connection's credentials are not for it.
 */
export function operationBaseUrl(
  layers: { operation: unknown; pathItem: unknown; document: unknown },
  base: string,
  choice: ServerChoice,
): string | undefined {
  const own_ = [layers.operation, layers.pathItem]
    .map((layer) => listOf(own(layer, 'servers')).filter(isRecord))
    .find((servers) => servers.length > 0);
  if (own_ === undefined) return base;
  const urls = own_.map((server) => serverUrl(server, choice, `${base}/`)).filter((url) => url !== undefined);
  const sameOrigin = urls.find((url) => new URL(url).origin === new URL(base).origin);
  if (sameOrigin !== undefined || choice.baseUrl === undefined) return sameOrigin;
  // The owner has moved the API to another address: a server that was the document's own one has moved along.
  const documented = listOf(own(layers.document, 'servers')).map((server) =>
    serverUrl(server, choice, choice.documentUrl),
  );
  return urls.some((url) => documented.includes(url)) ? base : undefined;
}
