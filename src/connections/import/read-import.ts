/** Recognises what was pasted and reads it into candidates. Starts nothing, dials nothing, saves nothing. */

import type { ImportRequest } from '../../contract/imports.ts';
import { isRecord } from '../../contract/is-record.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { type ApiCandidate, parseApi } from './parse-apis.ts';
import { parseCommand } from './parse-command.ts';
import { type ParsedServers, parseServers } from './parse-servers.ts';

export type ParsedImport = ParsedServers & { apis: ApiCandidate[] };

/**
 * Reads an import request.
 *
 * @throws AlfredError E_VALIDATION when the text is neither JSON with servers, nor a URL, nor a command
 */
export function readImport({ mcpServers, servers, httpApis, text = '' }: ImportRequest): ParsedImport {
  if (mcpServers !== undefined || servers !== undefined || httpApis !== undefined)
    return withApis(parseServers(mcpServers ?? servers ?? {}), httpApis);
  return readText(text);
}

function readText(pasted: string): ParsedImport {
  const text = pasted.trim();
  if (/^[{[]/.test(text) || /^"[^"]+"\s*:/.test(text)) {
    const document = parseJson(text);
    const httpApis = isRecord(document) ? document.httpApis : undefined;
    const isOurs = isRecord(httpApis) && isRecord(document);
    const servers = isOurs && document.mcpServers === undefined ? {} : serversIn(document);
    return withApis(parseServers(servers), httpApis);
  }
  if (/^https?:\/\/\S+$/i.test(text)) return withApis(parseServers({ [hostName(text)]: { url: text } }));
  return { candidates: [parseCommand(text)], refused: [], apis: [] };
}

function withApis(parsed: ParsedServers, httpApis?: unknown): ParsedImport {
  const apis: ApiCandidate[] = [];
  for (const [name, entry] of isRecord(httpApis) ? Object.entries(httpApis) : []) {
    if (isRecord(entry)) apis.push(parseApi(name, entry));
    else parsed.refused.push({ name, reason: 'it is not an object' });
  }
  return { ...parsed, apis };
}

/** JSON as people paste it: with comments and trailing commas (VS Code), or as a fragment without the outer braces. */
function parseJson(text: string): unknown {
  const whole = text.startsWith('"') ? `{${text}}` : text;
  const withoutComments = whole.replace(
    /("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (_match, string: string | undefined) => string ?? '',
  );
  const withoutTrailingCommas = withoutComments.replace(
    /("(?:\\.|[^"\\])*")|,(\s*[}\]])/g,
    (_match, string: string | undefined, end: string) => string ?? end,
  );
  try {
    return JSON.parse(withoutTrailingCommas);
  } catch (cause) {
    throw wrong('It looks like JSON and cannot be read as JSON.', cause);
  }
}

/** Finds the servers wherever the known programs put them. */
function serversIn(document: unknown): Record<string, unknown> {
  if (!isRecord(document)) throw wrong('It is JSON, and holds no servers.');
  const nested = isRecord(document.mcp) ? document.mcp.servers : undefined;
  for (const place of [
    document.mcpServers,
    document.servers,
    nested,
    document['mcp.servers'],
    document.context_servers,
  ]) {
    if (isRecord(place)) return place;
  }
  if (typeof document.command === 'string' || typeof document.url === 'string')
    return { connection: document };
  const entries = Object.entries(document);
  if (
    entries.length > 0 &&
    entries.every(([, entry]) => isRecord(entry) && ('command' in entry || 'url' in entry))
  )
    return document;
  throw wrong('It is JSON, and holds no servers.');
}

const hostName = (address: string): string =>
  URL.canParse(address)
    ? new URL(address).hostname.replace(/^(www|mcp|api)\./, '').replace(/\.[a-z]+$/, '')
    : 'connection';

const wrong = (why: string, cause?: unknown) =>
  new AlfredError('E_VALIDATION', `This cannot be imported. ${why}`, {
    remedy: 'Paste an mcpServers file, one command (npx …, uvx …, docker run …), or one address (https://…).',
    fields: [{ field: '/text', message: why }],
    cause,
  });
