/** What the options of connection-options.ts say of a connection. */
import path from 'node:path';
import { type ConnectionType, connectionTypes } from '../contract/connection-types.ts';
import type { TargetOptions } from './connection-options.ts';
import type { Context } from './context.ts';
import { parseJson, readText } from './json-input.ts';
import { usageProblem } from './problem.ts';
import { readSecrets, splitPair } from './secrets.ts';

type Config = Record<string, unknown>;

const ofPrograms = ['env', 'cwd', 'sandbox', 'network', 'path'] as const;
const ofApis = [
  ...(['openapi', 'operations', 'baseUrl', 'basePath', 'serverVariable', 'otherOrigin', 'include'] as const),
  ...(['tokenUrl', 'authorizeUrl', 'deviceUrl', 'issuer', 'clientId', 'scope'] as const),
] as const;
const ofHttp = ['header', 'auth', 'privateNetwork'] as const;

const flagOf = (option: string) => `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** @throws CliProblem for an option that this kind of connection does not have */
function refuseOthers(type: ConnectionType, options: TargetOptions): void {
  const foreign: Record<ConnectionType, readonly (keyof TargetOptions)[]> = {
    mcp_stdio: ['url', ...ofApis, ...ofHttp],
    mcp_http: [...ofPrograms, ...ofApis],
    http_api: [...ofPrograms, 'url', 'oneAtATime'],
  };
  const wrong = foreign[type].find((option) => options[option] !== undefined);
  if (wrong !== undefined)
    throw usageProblem(`${flagOf(wrong)} does not go with ${connectionTypes[type].kind}`);
}

/** `NAME=plain:value`: the mark says that a person knows the value to be no secret. */
function readPlain(option: string, pairs: string[]): Record<string, { plain: string }> {
  const entries = pairs.map((pair): [string, { plain: string }] => {
    const [name, value] = splitPair(option, pair, 'NAME=plain:value');
    if (!value.startsWith('plain:')) {
      throw usageProblem(
        `${option} ${name} holds a value that is not marked as plain; other processes can read a command line`,
        `write ${option} ${name}=plain:… if it is no secret, or --secret ${name} to be asked for it`,
      );
    }
    return [name, { plain: value.slice('plain:'.length) }];
  });
  return Object.fromEntries(entries);
}

/** `secret`: undefined where there is none to ask for. */
type Auth = { secret: string | undefined; make: (value: string) => Config };

/** What `--auth` says, and the name under which its secret is asked for. */
function readAuth(options: TargetOptions): Auth | undefined {
  if (options.auth === undefined) {
    const ofOAuth = ['tokenUrl', 'authorizeUrl', 'deviceUrl', 'issuer', 'clientId', 'scope'] as const;
    const lone = ([...ofOAuth, 'audience', 'clientInBody'] as const).find(
      (option) => options[option] !== undefined,
    );
    if (lone !== undefined) throw usageProblem(`${flagOf(lone)} goes with --auth oauth2 or --auth sign-in`);
    return undefined;
  }
  const [kind = '', ...rest] = options.auth.split(':');
  const name = rest.join(':');
  if (kind === 'bearer' && name === '')
    return { secret: 'token', make: (token) => ({ type: 'bearer', token }) };
  if (kind === 'basic' && name !== '')
    return { secret: 'password', make: (password) => ({ type: 'basic', username: name, password }) };
  if ((kind === 'header' || kind === 'query') && name !== '')
    return { secret: name, make: (value) => ({ type: kind, name, value }) };
  if (kind === 'sign-in') return { secret: undefined, make: () => signInAuth(options, name) };
  if (kind === 'oauth2' && name === '') {
    const { tokenUrl, clientId, scope, audience, clientInBody } = options;
    if (tokenUrl === undefined || clientId === undefined)
      throw usageProblem('--auth oauth2 needs --token-url and --client-id');
    return {
      secret: 'clientSecret',
      make: (clientSecret) => ({
        type: 'oauth2ClientCredentials',
        tokenUrl,
        clientId,
        clientSecret,
        ...(scope === undefined ? {} : { scope }),
        ...(audience === undefined ? {} : { audience }),
        ...(clientInBody === true ? { send: 'body' } : {}),
      }),
    };
  }
  // What was given may be a token that somebody wrote there: it is not repeated.
  throw usageProblem(
    'This --auth is not known',
    'write bearer, basic:USER, header:NAME, query:NAME or oauth2, whose secret is asked for; or sign-in, sign-in:PROVIDER',
  );
}

/** Nothing of it is a secret: the client is given when one signs in. */
function signInAuth(options: TargetOptions, provider: string): Config {
  const { tokenUrl, authorizeUrl: authorizationUrl, deviceUrl, issuer, scope } = options;
  const said = { provider: provider === '' ? undefined : provider, issuer, authorizationUrl };
  const rest = { tokenUrl, deviceUrl, scope, send: options.clientInBody === true ? 'body' : undefined };
  return {
    type: 'oauth2',
    ...Object.fromEntries(Object.entries({ ...said, ...rest }).filter(([, value]) => value !== undefined)),
  };
}

/** Of an MCP server a login is a header. */
function asHeader(auth: Auth, value: string): Record<string, string> {
  const made = auth.make(value);
  if (made.type === 'bearer') return { Authorization: `Bearer ${value}` };
  if (made.type === 'header' && auth.secret !== undefined) return { [auth.secret]: value };
  throw usageProblem('An MCP server takes --auth bearer or --auth header:NAME');
}

/** An address as it is, a file by its absolute path: the server has another folder. */
const documentOf = ({ env }: Context, given: string): Config =>
  /^https?:\/\//i.test(given)
    ? { url: given }
    : { file: path.resolve(given.replace(/^~(?=\/|$)/, env.HOME ?? '~')) };

const isEmpty = (record: object) => Object.keys(record).length === 0;
const pick = (from: Record<string, string>, isWanted: (name: string) => boolean) =>
  Object.fromEntries(Object.entries(from).filter(([name]) => isWanted(name)));

/**
 * The parts of a connection's config that the command line gives; the rest is left out.
 *
 * @param words the command after `--`, with its arguments
 * @param before the config that is there already: its arguments and address say where a secret goes
 * @throws CliProblem naming the option that is wrong; never a value
 */
export async function readTarget(
  context: Context,
  type: ConnectionType,
  words: string[],
  options: TargetOptions,
  before: Config = {},
): Promise<Config> {
  refuseOthers(type, options);
  const auth = readAuth(options);
  const names = options.secret ?? [];
  const given = await readSecrets(context, {
    names: auth?.secret === undefined || names.includes(auth.secret) ? names : [...names, auth.secret],
    files: options.secretFile ?? [],
    stdin: options.secretStdin === true,
  });
  const login = auth === undefined ? undefined : auth.secret === undefined ? '' : given[auth.secret];
  const secrets = pick(given, (name) => name !== auth?.secret);
  const [command, ...args] = words;
  const address = options.url ?? options.baseUrl ?? before.url ?? before.baseUrl;
  const texts = connectionTypes[type].isStarted ? (command === undefined ? before.args : args) : [address];
  const isNamed = (name: string) =>
    Array.isArray(texts) && texts.some((text) => String(text).includes(`\${${name}}`));
  const loose = pick(secrets, (name) => !isNamed(name));
  const named = pick(secrets, isNamed);
  const timeoutMs = options.timeout === undefined ? undefined : Number(options.timeout) * 1000;
  const common: Config = {
    ...(isEmpty(named) ? {} : { secrets: named }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(options.oneAtATime === undefined ? {} : { oneAtATime: options.oneAtATime }),
  };
  if (type === 'mcp_stdio') {
    const env = { ...readPlain('--env', options.env ?? []), ...loose };
    return {
      ...common,
      ...(command === undefined ? {} : { command, args }),
      ...(isEmpty(env) ? {} : { env }),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.sandbox === undefined ? {} : { sandbox: options.sandbox }),
      ...(options.network === undefined ? {} : { network: options.network }),
      ...(options.path === undefined ? {} : { paths: options.path }),
    };
  }
  const headers = {
    ...readPlain('--header', options.header ?? []),
    ...loose,
    ...(type === 'mcp_http' && auth !== undefined && login !== undefined ? asHeader(auth, login) : {}),
  };
  const http: Config = {
    ...common,
    ...(isEmpty(headers) ? {} : { headers }),
    ...(options.privateNetwork === undefined ? {} : { allowPrivateNetwork: options.privateNetwork }),
  };
  if (type === 'mcp_http') return { ...http, ...(options.url === undefined ? {} : { url: options.url }) };
  const { openapi, operations, baseUrl, basePath, serverVariable, otherOrigin, include } = options;
  return {
    ...http,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(basePath === undefined ? {} : { basePath }),
    ...(serverVariable === undefined
      ? {}
      : {
          serverVariables: Object.fromEntries(
            serverVariable.map((pair) => splitPair('--server-variable', pair, 'NAME=value')),
          ),
        }),
    ...(otherOrigin === undefined ? {} : { otherOrigins: otherOrigin }),
    ...(openapi === undefined ? {} : { openapi: documentOf(context, openapi) }),
    ...(operations === undefined
      ? {}
      : { operations: parseJson(await readText(context, operations), operations) }),
    ...(include === undefined ? {} : { include }),
    ...(auth === undefined || login === undefined ? {} : { auth: auth.make(login) }),
  };
}
