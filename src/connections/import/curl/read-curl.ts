/** `curl` lines: those that try an MCP server become that server, every other an HTTP API with what they call. */

import type { Refusal } from '../candidate.ts';
import type { Entries } from '../find-servers.ts';
import { hostName } from '../links.ts';
import { type ApiCandidate, parseApi } from '../parse-apis.ts';
import { basicLogin } from '../parse-servers.ts';
import type { ShellCommand } from '../shell-words.ts';
import { textIn } from './body-of.ts';
import { type CurlApi, curlApi } from './curl-api.ts';
import { type CurlCall, readCurlOptions } from './read-options.ts';

export type ReadCurl = { servers: Entries; apis: ApiCandidate[]; refused: Refusal[] };

/** What curl says of a message, which a connection to a server says by itself. */
const ofMessage = /^(?:accept|content-type|content-length|host|mcp-protocol-version|mcp-session-id)$/i;

/** @returns undefined where one of the commands is no call of curl */
export function readCurls(commands: readonly ShellCommand[]): ReadCurl | undefined {
  const calls = commands.map(({ words, input, leftOut }) => {
    const call = readCurlOptions(words, input);
    if (leftOut !== undefined)
      call?.warnings.push(`what stands behind "${leftOut}" is left out: it is about the answer alone`);
    return call;
  });
  const known = calls.filter((call) => call !== undefined);
  if (known.length === 0 || known.length < calls.length) return undefined;
  const servers: Entries = [];
  const refused: Refusal[] = [];
  const byBase = new Map<string, CurlApi[]>();
  for (const call of known) {
    if (isOfServer(call)) {
      servers.push([
        hostName(call.urls[0] ?? ''),
        { url: withScheme(call.urls[0] ?? ''), headers: headersOf(call) },
      ]);
      continue;
    }
    const api = curlApi(call);
    if (typeof api === 'string') refused.push({ name: 'curl', reason: api });
    else byBase.set(api.baseUrl, [...(byBase.get(api.baseUrl) ?? []), api]);
  }
  return { servers, apis: [...byBase.values()].map(together), refused };
}

/** A message of MCP, or an address that says so. */
function isOfServer({ urls, headers, data, isGet, problem }: CurlCall): boolean {
  const [url = ''] = urls;
  if (problem !== undefined || urls.length !== 1 || isGet) return false;
  return (
    /^(?:https?:\/\/)?(?:[^/?#@]*@)?mcp\.|\/(?:mcp|sse)\/?(?:[?#]|$)/i.test(url) ||
    headers.some(([name]) => /^mcp-/i.test(name)) ||
    /"jsonrpc"\s*:\s*"2\.0"[\s\S]*"method"\s*:\s*"(?:initialize|tools\/|server\/|ping|resources\/|prompts\/)/.test(
      textIn(data) ?? '',
    )
  );
}

const withScheme = (url: string): string => (/^[a-z]+:\/\//i.test(url) ? url : `http://${url}`);

function headersOf({ headers, user }: CurlCall): Record<string, string> {
  const kept = Object.fromEntries(headers.filter(([name]) => !ofMessage.test(name)));
  if (user === undefined) return kept;
  const [, name = '', password = ''] = /^([^:]*):?(.*)$/s.exec(user) ?? [];
  return { ...kept, Authorization: basicLogin(name, password) };
}

/** Several calls of one API are one connection with an operation for each. */
function together(apis: readonly CurlApi[]): ApiCandidate {
  const operations = new Map<string, CurlApi['operation']>();
  for (const { operation } of apis) {
    let { name } = operation;
    for (let number = 2; operations.has(name); number++) name = `${operation.name.slice(0, 60)}_${number}`;
    operations.set(name, { ...operation, name });
  }
  const { baseUrl, isLocal } = apis[0] as CurlApi;
  const auth = apis.map((one) => one.auth).find((one) => one !== undefined);
  const secrets = Object.assign({}, ...apis.map((one) => one.secrets));
  const made = parseApi(hostName(baseUrl), {
    baseUrl,
    operations: [...operations.values()],
    ...(auth === undefined ? {} : { auth }),
    headers: Object.assign({}, ...apis.map(({ headers }) => headers)),
    ...(Object.keys(secrets).length === 0 ? {} : { secrets }),
    ...(isLocal ? { allowPrivateNetwork: true } : {}),
  });
  const { details } = made;
  return {
    ...made,
    details: {
      ...details,
      warnings: [
        ...new Set([
          ...details.warnings,
          ...apis.flatMap(({ warnings }) => warnings),
          ...(isLocal
            ? ['it is on this machine or in your own network, which it would be allowed to dial']
            : []),
        ]),
      ],
    },
  };
}
