/** Core's one reader of the environment: everything is validated together, and every wrong variable is named at once. */
import { homedir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { parseEnvironment } from '../src/kernel/parse-environment.ts';
import type { ServerSettings } from '../src/kernel/settings.ts';
import { trustedProxiesSchema } from '../src/kernel/trusted-proxies.ts';
import {
  backupProblems,
  backupSettingsOf,
  backupVariables,
  type CoreBackupSettings,
} from './backup/backup-settings.ts';

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/** Whether an address is this machine's own, where plain HTTP may be spoken. */
const isLoopbackUrl = (text: string): boolean => loopback.has(new URL(text).hostname.replace(/^\[|\]$/g, ''));

const mailAddressSchema = z.email('use a mail address such as core@example.org');
const mailAddressesSchema = z
  .string()
  .transform((text) => text.split(',').map((one) => one.trim()))
  .pipe(z.array(mailAddressSchema).min(1).max(20));

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
    CORE_ALERT_WEBHOOK: z.url({ protocol: /^https?$/, error: 'use an https:// address' }).optional(),
    CORE_ALERT_MAIL: mailAddressesSchema.optional(),
    CORE_SMTP_URL: z
      .url({
        protocol: /^smtps?$/,
        error: 'use smtp://host:587 or smtps://host:465, with user@ before the host',
      })
      .optional(),
    CORE_SMTP_PASSWORD_FILE: z.string().optional(),
    CORE_MAIL_FROM: mailAddressSchema.optional(),
    ...backupVariables,
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
    if (env.CORE_SMTP_URL !== undefined && new URL(env.CORE_SMTP_URL).password !== '') {
      problem(
        'CORE_SMTP_URL',
        'leave the password out, and name a file that holds it: CORE_SMTP_PASSWORD_FILE',
      );
    }
    if ((env.CORE_SMTP_URL === undefined) !== (env.CORE_MAIL_FROM === undefined)) {
      problem('CORE_MAIL_FROM', 'mail takes CORE_SMTP_URL and CORE_MAIL_FROM, both or neither');
    }
    if (env.CORE_ALERT_MAIL !== undefined && env.CORE_SMTP_URL === undefined) {
      problem('CORE_ALERT_MAIL', 'mail takes CORE_SMTP_URL and CORE_MAIL_FROM');
    }
    for (const [name, message] of backupProblems(env)) problem(name, message);
    if (env.CORE_PUBLIC_URL?.startsWith('http://') && !isLoopbackUrl(env.CORE_PUBLIC_URL)) {
      problem('CORE_PUBLIC_URL', 'use https://; plain HTTP is for this machine alone');
    }
  });

/** Where mail goes out. */
export type MailSettings = {
  /** `smtp:` goes over to TLS before anything is said, but on this machine; `smtps:` begins with it. */
  url: string;
  passwordFile: string | undefined;
  from: string;
};

/** Its home holds `keys/`, `admin-token` and `postgres/`. */
export type CoreSettings = ServerSettings & {
  mail: MailSettings | undefined;
  alerts: { webhook: string | undefined; mailTo: readonly string[] };
  backups: CoreBackupSettings;
};

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
    mail:
      env.CORE_SMTP_URL === undefined || env.CORE_MAIL_FROM === undefined
        ? undefined
        : { url: env.CORE_SMTP_URL, passwordFile: env.CORE_SMTP_PASSWORD_FILE, from: env.CORE_MAIL_FROM },
    backups: backupSettingsOf(env),
    alerts: { webhook: env.CORE_ALERT_WEBHOOK, mailTo: env.CORE_ALERT_MAIL ?? [] },
    log: { level: env.ALFRED_LOG_LEVEL, format: env.ALFRED_LOG_FORMAT ?? (isTerminal ? 'pretty' : 'json') },
  };
}
