/**
 * Reads one server's entry, whichever program wrote it, into what would be saved. Unknown fields are named in a warning
 * rather than dropped in silence.
 */
import path from 'node:path';
import { z } from 'zod';
import { isRecord } from '../../contract/is-record.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { isLocalUrl } from '../config/check-http-config.ts';
import { liftFromArguments } from '../open-secrets/lift-arguments.ts';
import { asReferences, fillDefaults, isPlaceholder } from '../open-secrets/placeholders.ts';
import type { Candidate, Extras, Refusal } from './candidate.ts';
import { directHttp } from './direct-http.ts';
import type { Entries } from './find-servers.ts';
import { finishCommand } from './finish-command.ts';
import { fillInputs } from './inputs.ts';
import { type NormalEntry, normalEntry, understood } from './normal-entry.ts';

/** Settings of the program that the file was written for; they mean nothing here. */
const harmless =
  /^(?:disabled|enabled|required|autoApprove|alwaysAllow|always_allow|timeout|\w*_timeout(?:_sec|_ms)?|initTimeout|name|display_name|title|description|gallery|version|dev|id|source|bundled|trust|include_?tools|exclude_?tools|enabled_tools|disabled_tools|available_tools|tools|icon\w*|chatMenu|serverInstructions|instructions|startup|watchPaths|note|\$?comment|schema)$/i;

export type ParsedServers = { candidates: Candidate[]; refused: Refusal[] };

/** Reads every entry; one that cannot be read is refused with a reason, and the others go on. */
export function parseServers(servers: Entries, inputs: readonly unknown[] = []): ParsedServers {
  const candidates: Candidate[] = [];
  const refused: Refusal[] = [];
  for (const [name, entry] of servers) {
    const result = parseServer(name, entry, inputs);
    if ('reason' in result) refused.push(result);
    else candidates.push(result);
  }
  return { candidates, refused };
}

function parseServer(name: string, entry: unknown, inputs: readonly unknown[]): Candidate | Refusal {
  if (!isRecord(entry)) return { name, reason: 'it is not an object with "command" or "url"' };
  try {
    const normal = normalEntry(fillInputs(entry, inputs));
    if (normal.problem !== undefined) return { name, reason: normal.problem };
    const warnings = warningsOf(entry);
    if (normal.words.length > 0) return commandOf(name, entry, normal, warnings);
    if (normal.url !== undefined) return addressOf(name, entry, normal.url, normal.headers, warnings);
  } catch (error) {
    if (!(error instanceof AlfredError)) throw error;
    return { name, reason: error.message };
  }
  return { name, reason: 'it has neither "command" nor "url"' };
}

function commandOf(
  name: string,
  entry: Record<string, unknown>,
  normal: NormalEntry,
  warnings: string[],
): Candidate | Refusal {
  const finished = finishCommand(normal.words);
  const values = new Map([...normal.env, ...finished.env].map(([key, value]) => [key, fillDefaults(value)]));
  const direct = directHttp(finished.words, values);
  if (direct) return addressOf(name, entry, direct.url, direct.headers, [...warnings, ...direct.warnings]);
  const [command, ...args] = finished.words;
  // What a shell or a person would have put there: it starts nothing, and might be a key.
  if (command === undefined || !/^(?:[\w@+.,~%/\\ -]|:[\\/])+$/.test(command))
    return { name, reason: 'its command is no program that could be started' };
  const folder = normal.cwd === undefined ? undefined : asReferences(normal.cwd);
  const isOpenFolder = folder?.includes('${') === true;
  return {
    importedAs: name,
    target: {
      type: 'mcp_stdio',
      command,
      args,
      ...(folder === undefined || isOpenFolder ? {} : { cwd: folder }),
    },
    values,
    warnings: [
      ...warnings,
      ...finished.warnings,
      ...(isOpenFolder
        ? ['its folder ("cwd") is left out: it depends on the program that it comes from']
        : []),
      ...(args.some((arg) => /workspaceFolder|userHome/.test(arg))
        ? ['the folder that was open in the editor is asked for: enter the one that the server is to use']
        : []),
    ],
    ...extrasOf(entry, ['sandbox', 'network', 'paths', 'oneAtATime', 'timeoutMs']),
  };
}

/** Words in a host that stand for one's own, as READMEs have them: whose it is, is for a person to say before it is dialled. */
const ownHost =
  /^https?:\/\/[^/?#]*?(<[^<>/]{1,40}>|(?<!\$)\{[^{}/]{1,40}\}|(?<![\w-])your[-_][\w-]{1,40})(?![^/?#]*@)/i;

const addressSchema = z.url({ protocol: /^https?$/, error: 'use an http:// or https:// address' });

function addressOf(
  name: string,
  entry: Record<string, unknown>,
  given: unknown,
  headers: readonly [string, string][],
  warnings: string[],
): Candidate | Refusal {
  const own = typeof given === 'string' ? ownHost.exec(given.trim())?.[1] : undefined;
  if (own !== undefined)
    return { name, reason: `its address has ${own} where yours goes: put that in, and paste it again` };
  const parsed = addressSchema.safeParse(typeof given === 'string' ? asReferences(given.trim()) : given);
  if (!parsed.success) return { name, reason: 'url use an http:// or https:// address' };
  const values = new Map(headers.map(([header, value]) => [header, fillDefaults(value)]));
  const url = takeLogin(parsed.data, values, warnings);
  const isLocal = isLocalUrl(new URL(url));
  if (isLocal)
    warnings.push('it is on this machine or in your own network, which it would be allowed to dial');
  const [, ...labels] = new URL(url).hostname.split('.').reverse();
  if (liftFromArguments(labels).secrets.size > 0)
    warnings.push('a part of its host looks like a key: it is stored and shown in the open');
  return {
    importedAs: name,
    target: { type: 'mcp_http', url, ...(isLocal ? { allowPrivateNetwork: true } : {}) },
    values,
    warnings,
    ...extrasOf(entry, ['allowPrivateNetwork', 'oneAtATime', 'timeoutMs']),
  };
}

/** A user name and password in an address become the header that they would be sent as (RFC 7617). */
function takeLogin(address: string, values: Map<string, string>, warnings: string[]): string {
  const url = new URL(address);
  const { username, password } = url;
  if (username === '' && password === '') return address;
  if (![...values.keys()].some((name) => name.toLowerCase() === 'authorization')) {
    values.set('Authorization', basicLogin(decodeURIComponent(username), decodeURIComponent(password)));
  }
  warnings.push('the login in its address is sent as the header "Authorization" instead');
  return address.replace(/^(https?:\/\/)[^/?#]*@/i, '$1');
}

/** What is to be filled in stays so: its base64 would pass for a key. */
export const basicLogin = (username: string, password: string): string =>
  isPlaceholder(password)
    ? 'Basic <your login>'
    : `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

const extrasSchema = z.looseObject({ plain: z.array(z.string()).optional().catch(undefined) });

function extrasOf(fields: Record<string, unknown>, known: string[]): { extras?: Extras } {
  const parsed = extrasSchema.safeParse(fields.alfred);
  if (!parsed.success) return {};
  const { plain, ...rest } = parsed.data;
  const settings = Object.fromEntries(Object.entries(rest).filter(([name]) => known.includes(name)));
  return { extras: { settings, ...(plain === undefined ? {} : { plain }) } };
}

function warningsOf(fields: Record<string, unknown>): string[] {
  const unknown = Object.keys(fields).filter((field) => !understood.has(field) && !harmless.test(field));
  const others = unknown.filter((field) => !['envFile', 'oauth', 'auth'].includes(field));
  return [
    ...(fields.envFile === undefined
      ? []
      : ['"envFile" is not read: enter its values by hand, so that they are sealed']),
    ...(fields.oauth === undefined && fields.auth === undefined
      ? []
      : ['its OAuth settings are not taken over: sign in once it is approved']),
    ...(others.length === 0
      ? []
      : [`not understood and left out: ${others.map((one) => one.slice(0, 60)).join(', ')}`]),
    ...(fields.disabled === true || fields.enabled === false
      ? ['it was switched off where it comes from']
      : []),
  ];
}

/** A name out of the package, image or program that would run: `npx -y @scope/server-memory@1` → `memory`. */
export function nameOfCommand(words: readonly string[]): string {
  const [command = 'connection', ...args] = words;
  const program = path.basename(command);
  if (!runners.has(program)) return withoutNoise(program);
  const { words: shown } = liftFromArguments(args);
  const found: string[] = [];
  for (let at = 0; at < shown.length; at++) {
    const word = shown[at] ?? '';
    if (takesValue.has(word)) at++;
    else if (!/^-|\$\{/.test(word) && !['run', 'dlx', 'tool', 'exec', 'x'].includes(word)) found.push(word);
  }
  return withoutNoise(found[0] ?? program);
}

const runners = new Set(
  'npx bunx pnpx npm pnpm yarn uvx pipx node python python3 uv deno bun docker podman'.split(' '),
);
const takesValue = new Set(
  '-e --env --env-file -v --volume --mount --name -p --publish --network --from --with --python --directory'.split(
    ' ',
  ),
);

const withoutNoise = (word: string): string =>
  word
    .replace(/(?<=.)@[^/]*$/, '')
    .replace(/:[^/]*$/, '')
    .replace(/\.(m?js|ts|py)$/, '')
    .split('/')
    .at(-1)
    ?.replace(/^(mcp-server-|server-|mcp-)/, '')
    .replace(/(-mcp-server|-mcp|-server)$/, '') || word;
