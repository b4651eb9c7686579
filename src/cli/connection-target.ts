/** What the options of connection-options.ts say of a connection. */
import path from 'node:path';
import { type ConnectionType, connectionTypes } from '../contract/connection-types.ts';
import type { FieldOptions, TargetOptions } from './connection-options.ts';
import type { Context } from './context.ts';
import { flagOf } from './flag-of.ts';
import { parseJson, readText } from './json-input.ts';
import { usageProblem } from './problem.ts';
import { readSecrets, splitPair } from './secrets.ts';

type Config = Record<string, unknown>;

/** The options that this type alone, or not every type, has: those of its fields first. */
const optionsOf = (type: ConnectionType): (keyof TargetOptions)[] => [
  ...fieldsOf(type),
  ...connectionTypes[type].options,
];

const fieldsOf = (type: ConnectionType) => Object.keys(connectionTypes[type].form) as (keyof FieldOptions)[];

/** @throws CliProblem for an option that this kind of connection does not have */
function refuseOthers(type: ConnectionType, options: TargetOptions): void {
  const own = new Set(optionsOf(type));
  const wrong = (Object.keys(connectionTypes) as ConnectionType[])
    .flatMap(optionsOf)
    .find((option) => options[option] !== undefined && !own.has(option));
  if (wrong !== undefined)
    throw usageProblem(
      `${wrong === 'command' ? 'A command' : flagOf(wrong)} does not go with ${connectionTypes[type].kind}`,
    );
}

/** Without what nobody gave. */
const onlyGiven = (config: Config): Config =>
  Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));

/** `NAME=plain:value`: the mark says that a person knows the value to be no secret. */
function readPlain(option: string, pairs: string[] = []): Record<string, { plain: string }> {
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
  return onlyGiven({
    type: 'oauth2',
    provider: provider === '' ? undefined : provider,
    issuer,
    authorizationUrl,
    tokenUrl,
    deviceUrl,
    scope,
    send: options.clientInBody === true ? 'body' : undefined,
  });
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

const unlessEmpty = (record: Config) => (Object.keys(record).length === 0 ? undefined : record);
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
  const [command, ...args] = words;
  const said = command === undefined ? options : { ...options, command };
  refuseOthers(type, said);
  const auth = readAuth(options);
  const names = options.secret ?? [];
  const given = await readSecrets(context, {
    names: auth?.secret === undefined || names.includes(auth.secret) ? names : [...names, auth.secret],
    files: options.secretFile ?? [],
    stdin: options.secretStdin === true,
  });
  const login = auth === undefined ? undefined : auth.secret === undefined ? '' : given[auth.secret];
  const secrets = pick(given, (name) => name !== auth?.secret);
  const { isStarted, values } = connectionTypes[type];
  const fields = Object.fromEntries(fieldsOf(type).map((field) => [field, said[field]]));
  const addresses = Object.entries(fields).map(([field, text]) => text ?? before[field]);
  const texts = !isStarted ? addresses : command === undefined ? before.args : args;
  const isNamed = (name: string) =>
    Array.isArray(texts) && texts.some((text) => String(text).includes(`\${${name}}`));
  const isHeader = auth !== undefined && login !== undefined && type !== 'http_api';
  return onlyGiven({
    ...fields,
    ...(await settingsOf(context, options)),
    args: command === undefined ? undefined : args,
    auth: auth === undefined || login === undefined || isHeader ? undefined : auth.make(login),
    secrets: unlessEmpty(pick(secrets, isNamed)),
    [values]: unlessEmpty({
      ...(values === 'env' ? readPlain('--env', options.env) : readPlain('--header', options.header)),
      ...pick(secrets, (name) => !isNamed(name)),
      ...(isHeader ? asHeader(auth, login) : {}),
    }),
  });
}

/** What options say that stand in the config by themselves, whatever its type: those of other types were refused. */
async function settingsOf(context: Context, options: TargetOptions): Promise<Config> {
  const { openapi, operations, serverVariable, timeout } = options;
  const variables = serverVariable?.map((pair) => splitPair('--server-variable', pair, 'NAME=value'));
  return {
    cwd: options.cwd,
    sandbox: options.sandbox,
    network: options.network,
    paths: options.path,
    oneAtATime: options.oneAtATime,
    timeoutMs: timeout === undefined ? undefined : Number(timeout) * 1000,
    allowPrivateNetwork: options.privateNetwork,
    basePath: options.basePath,
    otherOrigins: options.otherOrigin,
    include: options.include,
    serverVariables: variables === undefined ? undefined : Object.fromEntries(variables),
    openapi: openapi === undefined ? undefined : documentOf(context, openapi),
    operations:
      operations === undefined ? undefined : parseJson(await readText(context, operations), operations),
  };
}
