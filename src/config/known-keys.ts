/**
 * Config entries that the VM itself reads, and what they may hold. Beside these the owner may keep entries of any name; one
 * that is most likely a known one misspelt is refused.
 */
import ipaddr from 'ipaddr.js';
import { z } from 'zod';

const dollars = z.coerce.number('use a number of US dollars').positive('use a number above 0').max(1_000_000);
const json = z.string().refine((text) => {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}, 'use a JSON object');

/** Whether `zone` is a name of the IANA database. Offsets such as +01:00 are none: they know no daylight saving. */
export const isTimeZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return !/^[+-]/.test(zone);
  } catch {
    return false; // an unknown zone is what the question was about
  }
};

const nearRanges = new Set(['loopback', 'private', 'uniqueLocal', 'linkLocal', 'carrierGradeNat']);

/** Whether a host is this machine or within a private network, judged by its name or address alone. */
export function isNear(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(address)) return nearRanges.has(ipaddr.process(address).range());
  return !hostname.includes('.') || /\.(localhost|local|lan|internal|home\.arpa)$/.test(hostname);
}

/** A key may travel in the open on this machine and within a private network, and nowhere else. */
const baseUrl = z.url({ protocol: /^https?$/, error: 'use an https:// address' }).refine((text) => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return (protocol === 'https:' || isNear(hostname)) && username === '' && password === '';
}, 'use https:// (http:// is for this machine and private networks alone), without user and password');

/** Something that happened once in the life of this VM. */
const done = z.literal('true');

export const knownKeys: Readonly<Record<string, z.ZodType>> = {
  anthropic_api_key: z.string().min(8).regex(/^\S+$/, 'a key holds no spaces'),
  model: z.string().regex(/^[\w.:@/-]{1,200}$/, 'use the name of a model'),
  model_base_url: baseUrl,
  model_prices: json,
  timezone: z.string().refine(isTimeZone, 'use an IANA zone, such as Europe/Berlin'),
  max_cost_per_run_usd: dollars,
  max_cost_per_day_usd: dollars,
  max_cost_per_month_usd: dollars,
  run_timeout_ms: z.coerce.number('use milliseconds').int().min(1000).max(86_400_000),
  model_timeout_ms: z.coerce.number('use milliseconds').int().min(1000).max(3_600_000),
  approval_timeout_ms: z.coerce.number('use milliseconds').int().min(1000).max(2_592_000_000),
  max_turns: z.coerce.number('use a whole number').int().min(1).max(1000),
  retention_days: z.coerce.number('use a number of days').positive().max(36_500),
  audit_retention_days: z.coerce.number('use a number of days').positive().max(36_500),
  retention_max_bytes: z.coerce.number('use a number of bytes').int().min(1),
  notify_webhook_url: baseUrl,
  notify_webhook_secret: z
    .string()
    .regex(/^whsec_(?:[A-Za-z0-9+/]{4}){8,21}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, {
      error: 'use whsec_ and 24 to 64 bytes in base64, as Standard Webhooks has it',
    }),
  alfred_core_public_key: z.string().startsWith('-----BEGIN PUBLIC KEY-----', 'use the key in PEM form'),
  core_token_scopes: z
    .string()
    .regex(
      /^(none|(status|start|content)( (status|start|content))*)$/,
      'use none, or some of: status start content',
    ),
  core_anchor: z.enum(['on', 'off'], 'use on or off'),
  core_report_minutes: z.coerce.number('use minutes').int().min(1).max(1440),
  environment_read: done,
  demo_done: done,
  // Of the console's first steps, those that the owner left out.
  guide_skipped: z.string().regex(/^[a-z]+(,[a-z]+)*$/, 'use words with commas between them'),
};

/** Kept by the VM itself; nobody sets or deletes them by hand. */
export const reservedKeys: ReadonlySet<string> = new Set([
  'vault_id',
  'vm_auth_secret',
  'vm_encryption_secret',
  'root_key_fingerprint',
  'core_vm_id',
  'core_url',
  'core_issuer',
  'core_linked_at',
  'core_enrolling',
  'core_environment_done',
  'core_anchored',
  // Since when, and by whom: stop-all and go-on alone set it.
  'stopped',
  'audit_signing_key',
  'config_macs',
]);

/**
 * The known key that `key` most likely stands for: one slip away from it. Undefined for a known key, and for one of the
 * owner's own.
 */
export const meantKey = (key: string): string | undefined =>
  Object.hasOwn(knownKeys, key)
    ? undefined
    : Object.keys(knownKeys).find((known) => isOneSlipAway(key, known));

/** Whether one letter more, less, or other, or two that changed places, make `a` into `b`. */
function isOneSlipAway(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at++;
  if (long.length > short.length) return short.slice(at) === long.slice(at + 1);
  if (short.slice(at + 1) === long.slice(at + 1)) return true;
  return (
    short[at] === long[at + 1] && short[at + 1] === long[at] && short.slice(at + 2) === long.slice(at + 2)
  );
}
