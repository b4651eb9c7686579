/** What a connection runs or calls, and what goes along: the same words before it is saved and after. */

import { type ConnectionType, connectionTypes } from '../../contract/connection-types.ts';
import type { ConnectionWalls } from '../../contract/connections.ts';
import { isRecord } from '../../contract/is-record.ts';
import { visibleText } from '../../contract/visible.ts';
import type { Colors } from '../context.ts';
import { addressIn, commandLine, describeLeaf } from './connection.ts';
import { clean, fold, wrap } from './text.ts';

type Config = Readonly<Record<string, unknown>>;
export type Fields = [label: string, value: string | undefined][];

/** Names with what stands in each, one a line; nothing where there is none. */
const leaves = (value: unknown): string | undefined =>
  isRecord(value)
    ? Object.entries(value)
        .map(([name, held]) => `${visibleText(name)} ${describeLeaf(held)}`)
        .join('\n') || undefined
    : undefined;

/** Where a document of operations comes from. */
function documentSource(source: unknown): string | undefined {
  if (typeof source === 'string') return visibleText(source).slice(0, 200);
  if (!isRecord(source)) return undefined;
  if (typeof source.url === 'string') return visibleText(source.url);
  if (typeof source.file === 'string') return visibleText(source.file);
  const kept = isRecord(source.kept) ? source.kept : undefined;
  return kept === undefined
    ? 'a document that is sent along'
    : `a document of ${String(kept.bytes)} bytes, sha256 ${String(kept.sha256).slice(0, 12)}…`;
}

/** How an API is told who asks, without a secret: `header X-Key (sealed, …)`. */
function describeAuth(auth: unknown): string | undefined {
  if (!isRecord(auth) || auth.type === 'none') return undefined;
  const held = describeLeaf(auth.token ?? auth.password ?? auth.value ?? auth.clientSecret);
  switch (auth.type) {
    case 'basic':
      return `user ${visibleText(String(auth.username))}, password ${held}`;
    case 'header':
    case 'query':
      return `${auth.type} ${visibleText(String(auth.name))} ${held}`;
    case 'oauth2ClientCredentials':
      return [
        `client ${visibleText(String(auth.clientId))} ${held}`,
        `token from ${visibleText(String(auth.tokenUrl))}`,
      ].join('\n');
    case 'oauth2': {
      const { provider, issuer, authorizationUrl, scope } = auth;
      const whom = [provider, issuer, authorizationUrl].filter((one) => typeof one === 'string');
      return [
        `a person signs in${whom.length === 0 ? '' : `: ${whom.map((one) => visibleText(String(one))).join(', ')}`}`,
        ...(typeof scope === 'string' ? [`asks for ${visibleText(scope)}`] : []),
      ].join('\n');
    }
    default:
      return `${String(auth.type)} token ${held}`;
  }
}

const calledAddress = (config: Config): string => {
  if (addressIn(config) !== undefined) return `${commandLine(config)}${joinedPath(config)}`;
  return typeof config.origin === 'string'
    ? visibleText(config.origin)
    : 'the server that its document names';
};

/** What is put behind a base URL without a path. */
function joinedPath({ baseUrl, basePath, openapi }: Config): string {
  const url = typeof baseUrl === 'string' ? URL.parse(baseUrl) : null;
  if (url === null || url.pathname !== '/' || openapi === undefined) return '';
  return typeof basePath === 'string'
    ? `, at ${visibleText(basePath)}`
    : ', at the path that its document names';
}

/** The other hosts that an API's operations may go to, one a line. */
const otherPlaces = ({ otherOrigins }: Config): string | undefined =>
  Array.isArray(otherOrigins) && otherOrigins.length > 0
    ? otherOrigins.map((origin) => visibleText(String(origin))).join('\n')
    : undefined;

/**
 * The lines of a connection's target.
 *
 * @param columns the width of the terminal
 * @param isThere false for what is only planned: `will run` for `runs`
 */
export function targetFields(type: ConnectionType, config: Config, columns: number, isThere = false): Fields {
  const verb = (third: string, plain: string) => (isThere ? third : `will ${plain}`);
  const folded = (text: string | undefined) => (text === undefined ? undefined : fold(text, columns - 14));
  const openapi = documentSource(config.openapi);
  const operations = Array.isArray(config.operations) ? config.operations.length : 0;
  const include = Array.isArray(config.include) ? config.include.map(String).join(', ') : '';
  const isPrivate = config.allowPrivateNetwork === true;
  if (connectionTypes[type].isStarted) {
    return [
      [verb('runs', 'run'), folded(commandLine(config))],
      ['env', leaves(config.env)],
      ['in its args', leaves(config.secrets)],
      ['folder', typeof config.cwd === 'string' ? visibleText(config.cwd) : undefined],
      ['sandbox', typeof config.sandbox === 'string' ? config.sandbox : undefined],
      ['in turn', config.oneAtATime === true ? 'one call at a time' : undefined],
      [verb('writes to', 'write to'), folded(writablePart(config))],
    ];
  }
  return [
    [verb('calls', 'call'), folded(calledAddress(config))],
    ['and also', otherPlaces(config)],
    ['document', folded(openapi)],
    ['only', include === '' ? undefined : folded(visibleText(include))],
    ['operations', operations === 0 ? undefined : `${operations}, listed by hand`],
    ['login', describeAuth(config.auth)],
    ['headers', leaves(config.headers)],
    ['in turn', config.oneAtATime === true ? 'one call at a time' : undefined],
    ['in its address', leaves(config.secrets)],
    ['network', isPrivate ? 'may be on this machine or in your own network' : undefined],
  ];
}

/** What the sandbox lets a program write to; undefined where there is none. */
function writablePart({ sandbox, paths }: Config): string | undefined {
  if (sandbox !== 'default' && sandbox !== 'strict') return undefined;
  const declared = Array.isArray(paths) ? paths.map((each) => visibleText(String(each))) : [];
  const usual = ['its own folder', '/tmp'];
  return [
    ...usual,
    ...(sandbox === 'default' ? ['caches', 'folders that its arguments name'] : []),
    ...declared,
  ].join(', ');
}

/** What stands between a program and the VM; where nothing does, so that it is not overlooked. */
export function renderWalls({ kind, message }: ConnectionWalls, columns: number, paint: Colors): string {
  const text = wrap(clean(message), columns - 14);
  return kind === 'none' ? paint.yellow(text) : text;
}
