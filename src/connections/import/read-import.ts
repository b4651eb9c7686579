/**
 * Recognises what was pasted and reads it into candidates, whatever its form: settings of other programs as JSON, YAML or
 * TOML, links, command lines, addresses, OpenAPI documents. Starts nothing, dials nothing, saves nothing.
 */
import type { ImportRequest } from '../../contract/imports.ts';
import { isRecord } from '../../contract/is-record.ts';
import { otherKind, otherText } from '../openapi/other-kinds.ts';
import { refuseOther } from '../openapi/parse-document.ts';
import { findServers } from './find-servers.ts';
import { hostName, readLink } from './links.ts';
import { type ApiCandidate, parseApi } from './parse-apis.ts';
import { parseCommands } from './parse-command.ts';
import { type ParsedServers, parseServers } from './parse-servers.ts';
import { apiAt, apiIn } from './read-api.ts';
import { readBundle } from './read-bundle.ts';
import { readDocument } from './read-document.ts';
import { readRegistry } from './registry/read-registry.ts';

export type ParsedImport = ParsedServers & { apis: ApiCandidate[] };

/**
 * Reads an import request.
 *
 * @throws AlfredError E_VALIDATION when the text is in no form that is known
 */
export function readImport({
  mcpServers,
  servers,
  httpApis,
  inputs,
  text = '',
}: ImportRequest): ParsedImport {
  if (mcpServers !== undefined || servers !== undefined || httpApis !== undefined)
    return withApis(parseServers(Object.entries(mcpServers ?? servers ?? {}), inputs), httpApis);
  return readText(withoutFence(text));
}

function readText(text: string): ParsedImport {
  const link = readLink(text);
  if (link) return withApis(parseServers(link.servers, link.inputs));
  const address = addressIn(text);
  if (address) {
    const name = hostName(address.url);
    const api = apiAt(name, address.url, address.headers);
    return api === undefined ? withApis(parseServers([[name, address]])) : alone(api);
  }
  refuseOther(otherText(text));
  const document = readDocument(text);
  if (document !== undefined) {
    refuseOther(otherKind(document));
    const api = apiIn(text, document);
    if (api !== undefined) return alone(api);
    const published = readRegistry(document) ?? readBundle(document);
    if (published !== undefined) return { ...published, apis: [] };
    const { servers, inputs, httpApis } = findServers(document);
    return withApis(parseServers(servers, inputs), httpApis);
  }
  const { servers, inputs, apis = [], refused = [] } = parseCommands(text);
  const parsed = parseServers(servers, inputs);
  return { ...parsed, apis, refused: [...parsed.refused, ...refused] };
}

const alone = (api: ApiCandidate): ParsedImport => ({ candidates: [], refused: [], apis: [api] });

/** A block of a README, with or without its fence. */
const withoutFence = (pasted: string): string => {
  const text = pasted.replace(/^\uFEFF/, '').trim();
  return (/^```[\w-]*\r?\n([\s\S]*?)\r?\n?```$/.exec(text)?.[1] ?? text).trim();
};

/** An address alone, or with lines of headers beneath it. */
function addressIn(text: string): { url: string; headers: string[] } | undefined {
  const [url = '', ...lines] = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (!/^https?:\/\/\S+$/i.test(url)) return undefined;
  return lines.every((line) => /^[\w-]+\s*:\s*\S/.test(line) && !/^https?:/i.test(line))
    ? { url, headers: lines }
    : undefined;
}

function withApis(parsed: ParsedServers, httpApis?: unknown): ParsedImport {
  const apis: ApiCandidate[] = [];
  for (const [name, entry] of isRecord(httpApis) ? Object.entries(httpApis) : []) {
    if (isRecord(entry)) apis.push(parseApi(name, entry));
    else parsed.refused.push({ name, reason: 'it is not an object' });
  }
  return { ...parsed, apis };
}
