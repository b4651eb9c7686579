/**
 * The one reader of the environment. Everything is validated together, and every wrong variable is named at once.
 */
import { availableParallelism, homedir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { parseEnvironment } from './parse-environment.ts';
import { type Proxies, proxiesOf, proxyVariables } from './proxies.ts';
import { trustedProxiesSchema } from './trusted-proxies.ts';

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

const absolutePath = z.string().transform((value) => path.resolve(value));
const httpUrl = z.url({ protocol: /^https?$/, error: 'use an http:// or https:// address' });

/** `name=value,name=value`, as OpenTelemetry's own variable has it; values may be percent-encoded. */
const otlpHeaders = z.string().transform((text, context) => {
  const pairs = text.split(',').map((pair) => /^\s*([\w-]+)\s*=\s*(.+?)\s*$/.exec(pair));
  const headers: Record<string, string> = {};
  for (const pair of pairs) {
    const [, name, value] = pair ?? [];
    if (name === undefined || value === undefined || /%(?![0-9a-f]{2})/i.test(value)) {
      context.addIssue({
        code: 'custom',
        message: 'use name=value, with commas between them, and %25 for a percent sign',
      });
      return z.NEVER;
    }
    headers[name] = decodeURIComponent(value);
  }
  return headers;
});

const environmentSchema = z
  .object({
    ALFRED_HOME: absolutePath.optional(),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'use a postgresql:// address' }).optional(),
    VM_ENCRYPTION_SECRET: z.string().optional(),
    VM_ENCRYPTION_SECRET_FILE: absolutePath.optional(),
    CREDENTIALS_DIRECTORY: absolutePath.optional(),
    ALFRED_HOST: z.string().default('127.0.0.1'),
    // z.coerce reads 0x10 and 1e3 as well.
    ALFRED_PORT: z
      .string()
      .regex(/^\d{1,5}$/, 'use a port number')
      .transform(Number)
      .pipe(z.int().min(0).max(65_535))
      .default(4280),
    ALFRED_PUBLIC_URL: z
      .url({ protocol: /^https$/, error: 'use an https:// address' })
      .refine(isOrigin, {
        error:
          'use an address without a path, such as https://alfred.example: the console stands at its root',
      })
      .optional(),
    ALFRED_TRUSTED_PROXY: trustedProxiesSchema.optional(),
    ...proxyVariables,
    ANTHROPIC_API_KEY: z.string().optional(),
    ANTHROPIC_BASE_URL: httpUrl.optional(),
    ALFRED_MODEL: z.string().optional(),
    ALFRED_CORE_URL: httpUrl.optional(),
    ALFRED_ENROLLMENT_TOKEN: z.string().optional(),
    ALFRED_SPARE_AGENTS: z.coerce.number({ error: 'use 0, 1, 2 …' }).int().min(0).max(8).default(1),
    ALFRED_CONCURRENCY: z.coerce
      .number({ error: 'use 1, 2, 3 …' })
      .int()
      .min(1)
      .max(64)
      .default(Math.max(2, availableParallelism())),
    ALFRED_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    ALFRED_LOG_FORMAT: z.enum(['pretty', 'json']).optional(),
    ALFRED_OTLP_ENDPOINT: httpUrl.optional(),
    ALFRED_OTLP_HEADERS: otlpHeaders.optional(),
  })
  .superRefine((env, context) => {
    if (!loopback.has(env.ALFRED_HOST) && env.ALFRED_PUBLIC_URL === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['ALFRED_HOST'],
        message: `${env.ALFRED_HOST} can be reached from outside; set ALFRED_PUBLIC_URL to the https:// address that people will use, or leave ALFRED_HOST at 127.0.0.1`,
      });
    }
  });

/** A host, and nothing behind it: pages, links, callbacks and passkeys are at its root. */
function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { pathname, search, hash, username } = new URL(text);
  return pathname === '/' && `${search}${hash}${username}` === '';
}

/** What a process that we start may inherit; a value that could hold a credential has no place here. */
const inheritedNames = [
  ...[
    'HOME',
    'LANG',
    'LANGUAGE',
    'LC_ALL',
    'LC_CTYPE',
    'LOGNAME',
    'PATH',
    'SHELL',
    'TERM',
    'TMPDIR',
    'TZ',
    'USER',
  ],
  ...['NODE_EXTRA_CA_CERTS', 'SSL_CERT_DIR', 'SSL_CERT_FILE'],
  ...['XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_RUNTIME_DIR'],
  ...['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'],
];

/** The address of a proxy with a login in it: that is ours alone. */
const holdsLogin = (name: string, value: string): boolean =>
  /^https?_proxy$/i.test(name) && value.includes('@');

/** The allow-listed part of `environment`; exported shell functions (`() {…`) are left out. */
const pickInherited = (environment: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    inheritedNames.flatMap((name) => {
      const value = environment[name];
      return !value || value.startsWith('()') || holdsLogin(name, value) ? [] : [[name, value]];
    }),
  );

/** What the VM's server and Core's both have. */
export type ServerSettings = {
  /** All of its state. */
  home: string;
  databaseUrl: string | undefined;
  host: string;
  /** 0 asks the system for a free port. */
  port: number;
  /** The address that others use; of Core, the issuer of its tokens too. */
  publicUrl: string | undefined;
  /** Who may say in `X-Forwarded-For` for whom they ask: addresses, ranges, names of ranges. */
  trustedProxies: readonly string[];
  log: { level: string; format: 'pretty' | 'json' };
};

export type Settings = ServerSettings & {
  /** Where the root key may come from, in the order of security.md. */
  rootKey: { credentialsDirectory: string | undefined; file: string | undefined; value: string | undefined };
  /** Read once, at provisioning. */
  provisioning: { apiKey: string | undefined; baseUrl: string | undefined };
  /** Where to enrol while this VM is linked to no Core; read at the start. */
  core: { url: string; enrollmentToken: string } | undefined;
  /** Overrides the configured model; `rehearsal` forces the built-in one. */
  model: string | undefined;
  spareAgents: number;
  /** How many runs one process has at once: each has an agent of about 220 MB. */
  concurrency: number;
  /** The allow-listed part of our own environment that servers may inherit: PATH, HOME, LANG, proxies without a login … */
  childEnvironment: Record<string, string>;
  /** What all requests to the outside go through. */
  proxies: Proxies;
  /** Where traces go (OTLP over HTTP); undefined: nowhere. */
  tracing: { endpoint: string; headers: Record<string, string> } | undefined;
};

/**
 * Reads and validates the environment. An empty variable counts as unset.
 *
 * @throws AlfredError E_SETTINGS naming every variable that is wrong
 */
export function readSettings(environment: NodeJS.ProcessEnv, isTerminal = false): Settings {
  const env = parseEnvironment(environmentSchema, environment);
  return {
    home: env.ALFRED_HOME ?? path.join(homedir(), '.alfred'),
    databaseUrl: env.DATABASE_URL,
    host: env.ALFRED_HOST,
    port: env.ALFRED_PORT,
    publicUrl: env.ALFRED_PUBLIC_URL,
    trustedProxies: env.ALFRED_TRUSTED_PROXY ?? [],
    rootKey: {
      credentialsDirectory: env.CREDENTIALS_DIRECTORY,
      file: env.VM_ENCRYPTION_SECRET_FILE,
      value: env.VM_ENCRYPTION_SECRET,
    },
    provisioning: { apiKey: env.ANTHROPIC_API_KEY, baseUrl: env.ANTHROPIC_BASE_URL },
    core:
      env.ALFRED_CORE_URL !== undefined && env.ALFRED_ENROLLMENT_TOKEN !== undefined
        ? { url: env.ALFRED_CORE_URL, enrollmentToken: env.ALFRED_ENROLLMENT_TOKEN }
        : undefined,
    model: env.ALFRED_MODEL,
    spareAgents: env.ALFRED_SPARE_AGENTS,
    concurrency: env.ALFRED_CONCURRENCY,
    childEnvironment: pickInherited(environment),
    proxies: proxiesOf(env),
    tracing:
      env.ALFRED_OTLP_ENDPOINT === undefined
        ? undefined
        : { endpoint: env.ALFRED_OTLP_ENDPOINT, headers: env.ALFRED_OTLP_HEADERS ?? {} },
    log: { level: env.ALFRED_LOG_LEVEL, format: env.ALFRED_LOG_FORMAT ?? (isTerminal ? 'pretty' : 'json') },
  };
}
