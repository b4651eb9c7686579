/** Core's one reader of the environment: everything is validated together, and every wrong variable is named at once. */
import { homedir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { parseEnvironment } from '../src/kernel/parse-environment.ts';
import type { ServerSettings } from '../src/kernel/settings.ts';
import { trustedProxiesSchema } from '../src/kernel/trusted-proxies.ts';

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/** Whether an address is this machine's own, where plain HTTP may be spoken. */
const isLoopbackUrl = (text: string): boolean => loopback.has(new URL(text).hostname.replace(/^\[|\]$/g, ''));

const environmentSchema = z
  .object({
    CORE_HOME: z
      .string()
      .transform((value) => path.resolve(value))
      .optional(),
    CORE_DATABASE_URL: z
      .url({ protocol: /^postgres(ql)?$/, error: 'use a postgresql:// address' })
      .optional(),
    CORE_HOST: z.string().default('127.0.0.1'),
    CORE_PORT: z.coerce.number({ error: 'use a port number' }).int().min(0).max(65_535).default(4281),
    CORE_PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'use an https:// address' }).optional(),
    CORE_TRUSTED_PROXY: trustedProxiesSchema.optional(),
    ALFRED_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    ALFRED_LOG_FORMAT: z.enum(['pretty', 'json']).optional(),
  })
  .superRefine((env, context) => {
    const problem = (name: string, message: string) =>
      context.addIssue({ code: 'custom', path: [name], message });
    if (!loopback.has(env.CORE_HOST) && env.CORE_PUBLIC_URL === undefined) {
      problem(
        'CORE_HOST',
        `${env.CORE_HOST} can be reached from outside; set CORE_PUBLIC_URL to the https:// address that VMs will use, or leave CORE_HOST at 127.0.0.1`,
      );
    }
    if (env.CORE_PUBLIC_URL?.startsWith('http://') && !isLoopbackUrl(env.CORE_PUBLIC_URL)) {
      problem('CORE_PUBLIC_URL', 'use https://; plain HTTP is for this machine alone');
    }
  });

/** Its home holds `keys/`, `admin-token` and `postgres/`. */
export type CoreSettings = ServerSettings;

/**
 * Reads and validates the environment. An empty variable counts as unset.
 *
 * @throws AlfredError E_SETTINGS naming every variable that is wrong
 */
export function readCoreSettings(environment: NodeJS.ProcessEnv, isTerminal = false): CoreSettings {
  const env = parseEnvironment(environmentSchema, environment);
  return {
    home: env.CORE_HOME ?? path.join(homedir(), '.alfred-core'),
    databaseUrl: env.CORE_DATABASE_URL,
    host: env.CORE_HOST,
    port: env.CORE_PORT,
    publicUrl: env.CORE_PUBLIC_URL?.replace(/\/+$/, ''),
    trustedProxies: env.CORE_TRUSTED_PROXY ?? [],
    log: { level: env.ALFRED_LOG_LEVEL, format: env.ALFRED_LOG_FORMAT ?? (isTerminal ? 'pretty' : 'json') },
  };
}
