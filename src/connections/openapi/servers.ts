/** Where an API's requests go (OpenAPI 3.2 "Server Object"): one origin, the one that the connection's credentials are for. */
import { isRecord } from '../../contract/is-record.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { listOf, own, shorten, textOf } from './json.ts';

export type ServerChoice = {
  /** Given by the owner: wins over what the document says, but for the path where it has none. */
  baseUrl?: string | undefined;
  /** Given by the owner: stands for the document's own path behind a base URL without one. */
  basePath?: string | undefined;
  /** Origins besides that of the base URL that operations may be sent to. */
  otherOrigins?: readonly string[] | undefined;
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

/** The path of the document's first server, without a slash at its end; empty where it has none, or one that is not known. */
function documentedPath(document: unknown, choice: ServerChoice): string {
  const [server] = listOf(own(document, 'servers')).filter(isRecord);
  if (server === undefined) return '';
  const filled = fillVariables(server, choice);
  // Of `{scheme}://{host}/api`, the path alone matters here.
  const readable = filled.replace(/^[^/]*:\/\/[^/]*/, 'http://host.invalid');
  const path = URL.parse(readable, choice.documentUrl ?? 'http://host.invalid')?.pathname ?? '';
  return /[{}]|%7B|%7D/i.test(path) ? '' : path.replace(/\/+$/, '');
}

/** The servers of a document that names them at its paths alone, and at each the same first, as Open-Meteo's does. */
function serversOfPaths(document: unknown): Record<string, unknown>[] {
  const paths = own(document, 'paths');
  const lists = (isRecord(paths) ? Object.values(paths) : []).map((item) =>
    listOf(own(item, 'servers')).filter(isRecord),
  );
  const [first = []] = lists;
  const url = textOf(own(first[0], 'url'));
  return url !== undefined && lists.every(([server]) => textOf(own(server, 'url')) === url) ? first : [];
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
    // `http://nas:2283` is how people say where their server is; that its API is at /api there, the document knows.
    if (url.pathname === '/') url.pathname = choice.basePath ?? documentedPath(document, choice);
    return trim(url);
  }
  const servers = listOf(own(document, 'servers')).filter(isRecord);
  const named = servers.length > 0 ? servers : serversOfPaths(document);
  const candidates = named.length > 0 ? named : [{ url: '/' }];
  for (const server of candidates) {
    const url = serverUrl(server, choice, choice.documentUrl);
    if (url !== undefined) return url;
  }
  const path = documentedPath(document, choice);
  const known = path === '' ? '' : `, only its path there: ${shorten(path, 200)}`;
  throw new AlfredError('E_VALIDATION', `The document does not say at which address the API is${known}`, {
    remedy: `Give the connection a baseUrl, such as https://api.example.com${path === '' ? '/v1' : ' (the path is put behind it)'}, or serverVariables.`,
  });
}

/**
 * The base URL of one operation, whose document may give it a server of its own; `why`, as the end of a sentence, when that is
 * another host than those of the connection: its credentials are not for it.
 */
export function operationBaseUrl(
  layers: { operation: unknown; pathItem: unknown; document: unknown },
  base: string,
  choice: ServerChoice,
): { url: string } | { why: string } {
  const own_ = [layers.operation, layers.pathItem]
    .map((layer) => listOf(own(layer, 'servers')).filter(isRecord))
    .find((servers) => servers.length > 0);
  if (own_ === undefined) return { url: base };
  const urls = own_.map((server) => serverUrl(server, choice, `${base}/`)).filter((url) => url !== undefined);
  const isAt = (origins: readonly string[]) => (url: string) => origins.includes(new URL(url).origin);
  const here = urls.find(isAt([new URL(base).origin]));
  if (here !== undefined) return { url: here };
  // The owner has moved the API to another address: a server that was the document's own one has moved along.
  const documented = listOf(own(layers.document, 'servers')).map((server) =>
    serverUrl(server, choice, choice.documentUrl),
  );
  if (choice.baseUrl !== undefined && urls.some((url) => documented.includes(url))) return { url: base };
  const allowed = urls.find(isAt((choice.otherOrigins ?? []).map((origin) => new URL(origin).origin)));
  if (allowed !== undefined) return { url: allowed };
  const [elsewhere] = urls;
  return elsewhere === undefined
    ? { why: 'its server is at no address that is known' }
    : {
        why: `its server is another host, ${new URL(elsewhere).origin}, which "otherOrigins" of the connection can allow`,
      };
}
