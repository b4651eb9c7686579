/** Config entries that the VM itself reads: what they mean and what they may hold. Others are the owner's own. */
import { z } from 'zod';

const dollars = z.coerce.number('use a number of US dollars').positive('use a number above 0').max(1_000_000);
const json = z.string().refine((text) => {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}, 'use a JSON object');

export const isTimeZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

/** A key may travel in the open on this machine and within a private network, and nowhere else. */
const baseUrl = z.url({ protocol: /^https?$/, error: 'use an https:// address' }).refine((text) => {
  const { protocol, hostname, username, password } = new URL(text);
  const isNear = /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[::1\]|\[f[cd])/.test(
    hostname,
  );
  return (protocol === 'https:' || isNear) && username === '' && password === '';
}, 'use https:// (http:// is for this machine and private networks alone), without user and password');

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
  max_turns: z.coerce.number('use a whole number').int().min(1).max(1000),
  alfred_core_public_key: z.string().startsWith('-----BEGIN PUBLIC KEY-----', 'use the key in PEM form'),
};

/** Kept by the VM itself; nobody sets or deletes them by hand. */
export const reservedKeys: ReadonlySet<string> = new Set([
  'vault_id',
  'vm_auth_secret',
  'vm_encryption_secret',
  'root_key_fingerprint',
  'core_vm_id',
]);
