/**
 * Everything in which configs of one type are other than those of another: what of them must hold, is approved, decides where
 * secrets go, is opened, and is exported. What opens a link to each stands in pool/open-link.ts.
 */
import type { ConnectionType } from '../../contract/connection-types.ts';
import type { HttpApiAuth } from '../../contract/http-connections.ts';
import type { FieldError } from '../../kernel/errors.ts';
import { openInAddresses, openInCommand } from '../open-secrets/open-secrets.ts';
import { normalSource } from '../openapi/load-document.ts';
import { apiProblems, dialProblems, dialWarnings } from './check-http-config.ts';
import { decidesDestination, stdioProblems } from './check-stdio-config.ts';
import { exportedApi, exportedProgram, exportedServer } from './exported.ts';
import { plainValues, shownSource } from './http-config.ts';
import { type ConfigOf, fillPlaceholders, homeIn, placeholdersIn, type TypedConfig } from './typed-config.ts';

/** A config whose values by name are texts, as they are once its secrets are open. */
export type Opened<Config> = {
  [Part in keyof Config]: Part extends 'env' | 'headers' ? Record<string, string> : Config[Part];
};

type Rules<Config> = {
  /** The texts in which placeholders are filled. */
  texts(config: Config): string[];
  /** Why it cannot be kept; empty when it can. Secrets that are given now stand open in it, others sealed. */
  problems(config: Config, home: string): FieldError[];
  /** What should be said to whoever saves it. */
  warnings(config: Config): string[];
  /** It as it is kept, the same whatever form it came in. */
  normal?(config: Config): Config;
  /** Parts that are shown, and approved, otherwise than they are kept. */
  shown?(config: Config): Partial<Record<keyof Config, unknown>>;
  /** What of it the hash of an approval is over, where that is not what is approved (approval.ts), part by part. */
  pinned?(config: Config): unknown[];
  /** What decides whose the secrets are: when it changes they must be entered again. */
  destination(config: Config): unknown;
  /** Where the secrets go, for people. */
  place(config: Config): string;
  /** It as a link takes it, once its secrets are open; in addresses whoever dials them fills placeholders, percent-encoded. */
  opened(config: Config, secretOf: (name: string) => string, home: string): Opened<Config>;
  /** It as other programs' files have it, without its secrets. */
  exported(config: Config): Record<string, unknown>;
};

/** An address may hold `${NAME}` where a secret goes: what is no address is shown as it was written. */
const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

const byName = ([one = '']: string[], [other = '']: string[]) => (one < other ? -1 : 1);

const stdio: Rules<ConfigOf<'mcp_stdio'>> = {
  // The home is no secret.
  texts: ({ args }) => args.map((arg) => homeIn(arg, '')),
  problems: stdioProblems,
  warnings({ command, args, env }) {
    const named = placeholdersIn(args.map((arg) => homeIn(arg, ''))).join(', ');
    return [
      ...openInCommand([command, ...args], env),
      ...(named === ''
        ? []
        : [
            `Other processes on this machine can read ${named} in the command line; use "env" if the server can.`,
          ]),
    ];
  },
  destination({ command, args, cwd, env }) {
    const variables = Object.entries(env)
      .flatMap(([name, value]) =>
        typeof value === 'object' && decidesDestination(name, value.plain) ? [[name, value.plain]] : [],
      )
      .sort(byName);
    return { command, args, cwd, variables };
  },
  // Command, arguments, folder, sandbox, the names of variables, and the value of those that are no secret.
  pinned({ command, args, cwd, sandbox, network, paths, env, secrets }) {
    const variables = Object.entries(env)
      .map(([name, value]) => (typeof value === 'string' ? [name] : [name, value.plain]))
      .sort(byName);
    return [
      ...[command, args, variables, Object.keys(secrets).sort()],
      { cwd: cwd ?? null, sandbox, network: network ?? null, paths: paths ?? null },
    ];
  },
  place: ({ command }) => command,
  exported: exportedProgram,
  opened(config, secretOf, home) {
    const { args, env, cwd, paths } = config;
    const filled = Object.entries(env).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : { plain: homeIn(value.plain, home) },
    ]);
    return {
      ...config,
      args: args.map((arg) => fillPlaceholders(homeIn(arg, home), secretOf)),
      env: plainValues(Object.fromEntries(filled)),
      ...(cwd === undefined ? {} : { cwd: homeIn(cwd, home) }),
      ...(paths === undefined ? {} : { paths: paths.map((folder) => homeIn(folder, home)) }),
    };
  },
};

const mcpHttp: Rules<ConfigOf<'mcp_http'>> = {
  texts: ({ url }) => [url],
  problems: (config) => dialProblems(config, { url: config.url }),
  warnings: (config) => [
    ...openInAddresses({ url: config.url }, config.headers),
    ...dialWarnings(config, { url: config.url }),
  ],
  destination: ({ url, oauth }) => ({ url, issuer: oauth?.issuer, endpoints: oauth?.endpoints }),
  place: ({ url }) => hostOf(url),
  exported: exportedServer,
  opened: (config) => ({ ...config, headers: plainValues(config.headers) }),
};

const addressesOf = ({ baseUrl, origin, otherOrigins = [], auth }: ConfigOf<'http_api'>) => ({
  baseUrl,
  origin,
  ...Object.fromEntries(otherOrigins.map((other, place) => [`otherOrigins/${place}`, other])),
  'auth/tokenUrl': 'tokenUrl' in auth ? auth.tokenUrl : undefined,
  ...(auth.type === 'oauth2'
    ? Object.fromEntries(signInPlaces.map((place) => [`auth/${place}`, auth[place]]))
    : {}),
});

const signInPlaces = ['issuer', 'authorizationUrl', 'deviceUrl', 'revocationUrl'] as const;

/** Where a person signs in, and so where codes, tokens and the secret of the client go. */
const signInAt = ({ scope: _asked, resource: _of, ...where }: Extract<HttpApiAuth, { type: 'oauth2' }>) =>
  where;

const documentUrl = ({ openapi }: ConfigOf<'http_api'>): string | undefined =>
  typeof openapi === 'object' && 'url' in openapi ? openapi.url : undefined;

const httpApi: Rules<ConfigOf<'http_api'>> = {
  texts: ({ baseUrl }) => (baseUrl === undefined ? [] : [baseUrl]),
  problems: (config) => [...dialProblems(config, addressesOf(config)), ...apiProblems(config)],
  warnings: (config) => [
    ...openInAddresses({ ...addressesOf(config), 'openapi/url': documentUrl(config) }, config.headers),
    ...dialWarnings(config, addressesOf(config)),
  ],
  // An OpenAPI document that was sent along as compact text.
  normal: ({ openapi, ...config }) =>
    openapi === undefined ? config : { ...config, openapi: normalSource(openapi) },
  shown: ({ openapi }) => shownSource(openapi),
  destination: ({ baseUrl, openapi, origin, otherOrigins = [], serverVariables, auth, oauth }) => ({
    // Without a base URL of the owner's, the document says where the API is.
    api: baseUrl ?? { openapi, origin, serverVariables },
    otherOrigins,
    tokenUrl: auth.type === 'oauth2ClientCredentials' ? auth.tokenUrl : undefined,
    signIn: auth.type === 'oauth2' ? signInAt(auth) : undefined,
    issuer: oauth?.issuer,
    endpoints: oauth?.endpoints,
  }),
  place: ({ baseUrl, otherOrigins = [] }) =>
    [
      baseUrl === undefined ? 'the host of its OpenAPI document' : hostOf(baseUrl),
      ...otherOrigins.map(hostOf),
    ].join(', '),
  exported: exportedApi,
  opened: (config) => ({ ...config, headers: plainValues(config.headers) }),
};

const rules: { [T in ConnectionType]: Rules<ConfigOf<T>> } = {
  mcp_stdio: stdio,
  mcp_http: mcpHttp,
  http_api: httpApi,
};

/** `rulesOf(typed).texts(typed.config)` */
export const rulesOf = <T extends ConnectionType>({ type }: { type: T }): Rules<ConfigOf<T>> => rules[type];

/** `typed` as it is kept. */
export function normalConfig<T extends ConnectionType>(typed: TypedConfig<T>): TypedConfig<T> {
  const { normal } = rulesOf(typed);
  return normal === undefined ? typed : { ...typed, config: normal(typed.config) };
}

/** The entries of `secrets` that arguments or the address name, each once. */
export const secretsNamed = (typed: TypedConfig): string[] =>
  placeholdersIn(rulesOf(typed).texts(typed.config));
