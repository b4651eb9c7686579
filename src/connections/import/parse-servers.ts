/**
 * Reads `mcpServers` as Claude Desktop, Claude Code (`.mcp.json`) and Cursor write it, and `servers` as VS Code does.
 * Unknown fields are named in a warning rather than dropped in silence.
 */

import { z } from 'zod';
import { isRecord } from '../../contract/is-record.ts';
import { fieldErrors } from '../../kernel/validate.ts';
import { isLocalUrl } from '../config/check-http-config.ts';
import type { Candidate, Extras, Refusal } from './candidate.ts';
import { asReferences } from './placeholders.ts';

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const commandSchema = z.looseObject({
  command: z.string().min(1),
  args: z.array(text).default([]),
  env: z.record(z.string(), text.nullable()).default({}),
  cwd: z.string().optional(),
});
const addressSchema = z.looseObject({
  url: z.url({ protocol: /^https?$/, error: 'use an http:// or https:// address' }),
  headers: z.record(z.string(), text).default({}),
});

const understood = new Set([
  'type',
  'transport',
  'command',
  'args',
  'env',
  'cwd',
  'url',
  'serverUrl',
  'headers',
  'alfred',
]);
/** Settings of the program that the file was written for; they mean nothing here. */
const harmless = new Set([
  'disabled',
  'autoApprove',
  'alwaysAllow',
  'timeout',
  'name',
  'description',
  'gallery',
  'version',
  'dev',
]);

export type ParsedServers = { candidates: Candidate[]; refused: Refusal[] };

/** Reads every entry; one that cannot be read is refused with a reason, and the others go on. */
export function parseServers(servers: Record<string, unknown>): ParsedServers {
  const candidates: Candidate[] = [];
  const refused: Refusal[] = [];
  for (const [name, entry] of Object.entries(servers)) {
    const result = parseServer(name, entry);
    if ('reason' in result) refused.push(result);
    else candidates.push(result);
  }
  return { candidates, refused };
}

function parseServer(importedAs: string, entry: unknown): Candidate | Refusal {
  if (!isRecord(entry)) {
    return { name: importedAs, reason: 'it is not an object with "command" or "url"' };
  }
  const fields = entry;
  const warnings = warningsOf(fields);
  const address = fields.url ?? fields.serverUrl;

  if (typeof fields.command === 'string') {
    const parsed = commandSchema.safeParse(fields);
    if (!parsed.success) return refusal(importedAs, parsed.error);
    const { command, args, env, cwd } = parsed.data;
    const values = new Map(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== null));
    return {
      importedAs,
      target: { type: 'mcp_stdio', command, args, ...(cwd === undefined ? {} : { cwd }) },
      values,
      warnings,
      ...extrasOf(fields, ['sandbox', 'network', 'paths', 'timeoutMs']),
    };
  }
  if (address !== undefined) {
    const parsed = addressSchema.safeParse({
      ...fields,
      url: typeof address === 'string' ? asReferences(address) : address,
    });
    if (!parsed.success) return refusal(importedAs, parsed.error);
    const values = new Map(Object.entries(parsed.data.headers));
    const url = takeLogin(parsed.data.url, values, warnings);
    const isLocal = isLocalUrl(new URL(url));
    if (isLocal)
      warnings.push('it is on this machine or in your own network, which it would be allowed to dial');
    return {
      importedAs,
      target: { type: 'mcp_http', url, ...(isLocal ? { allowPrivateNetwork: true } : {}) },
      values,
      warnings,
      ...extrasOf(fields, ['allowPrivateNetwork', 'timeoutMs']),
    };
  }
  return { name: importedAs, reason: 'it has neither "command" nor "url"' };
}

/** A user name and password in an address become the header that they would be sent as (RFC 7617). */
function takeLogin(address: string, values: Map<string, string>, warnings: string[]): string {
  const url = new URL(address);
  const { username, password } = url;
  if (username === '' && password === '') return address;
  if (![...values.keys()].some((name) => name.toLowerCase() === 'authorization')) {
    const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    values.set('Authorization', `Basic ${Buffer.from(login).toString('base64')}`);
  }
  warnings.push('the login in its address is sent as the header "Authorization" instead');
  return address.replace(/^(https?:\/\/)[^/?#]*@/i, '$1');
}

const extrasSchema = z.looseObject({ plain: z.array(z.string()).optional().catch(undefined) });

function extrasOf(fields: Record<string, unknown>, known: string[]): { extras?: Extras } {
  const parsed = extrasSchema.safeParse(fields.alfred);
  if (!parsed.success) return {};
  const { plain, ...rest } = parsed.data;
  const settings = Object.fromEntries(Object.entries(rest).filter(([name]) => known.includes(name)));
  return { extras: { settings, ...(plain === undefined ? {} : { plain }) } };
}

function warningsOf(fields: Record<string, unknown>): string[] {
  const warnings: string[] = [];
  const unknown = Object.keys(fields).filter((field) => !understood.has(field) && !harmless.has(field));
  if (fields.envFile !== undefined)
    warnings.push('"envFile" is not read: enter its values by hand, so that they are sealed');
  const others = unknown.filter((field) => field !== 'envFile');
  if (others.length > 0) warnings.push(`not understood and left out: ${others.join(', ')}`);
  if (fields.disabled === true) warnings.push('it was switched off where it comes from');
  return warnings;
}

const refusal = (name: string, error: z.ZodError): Refusal => ({
  name,
  reason: fieldErrors(error.issues)
    .map(({ field, message }) => `${field.slice(1).replaceAll('/', '.')} ${message}`)
    .join('; '),
});
