/** Links that install a server into another program, and bare addresses. */
import { isIP } from 'node:net';
import { isRecord } from '../../contract/is-record.ts';
import { type Entries, findServers } from './find-servers.ts';
import { readDocument, refusedText } from './read-document.ts';

/** What a connection to this address is called: `https://mcp.notion.com/mcp` → `notion`, `http://192.168.1.10:8123` → `host-192-168-1-10` once it is written as names are. */
export function hostName(address: string): string {
  const hostname = URL.parse(address)?.hostname ?? 'connection';
  return isIP(hostname.replace(/[[\]]/g, '')) > 0
    ? `host-${hostname}`
    : hostname.replace(/^(www|mcp|api)\./, '').replace(/\.[a-z]+$/, '');
}

/** `vscode:mcp/install?…`, `cursor://…/mcp/install?…`, their twins on the web, and `goose://extension?…`. */
export function readLink(text: string): { servers: Entries; inputs: unknown[] } | undefined {
  if (/^vscode(?:-insiders)?:(?:\/\/)?mcp\/install\?/i.test(text))
    return ofVsCode(text.slice(text.indexOf('?') + 1));
  if (/^goose:\/\/extension\?/i.test(text)) return ofGoose(new URL(text).searchParams);
  const url = /^(?:https|cursor|lmstudio):\/\/\S+$/i.test(text) ? URL.parse(text) : null;
  if (url === null) return undefined;
  const inner = url.searchParams.get('url') ?? '';
  if (/^vscode(?:-insiders)?:/i.test(inner)) return readLink(inner);
  const config = url.searchParams.get('config');
  const isInstall = /install|add_mcp/i.test(url.host + url.pathname);
  if (config === null || !isInstall) return undefined;
  const inputs = url.searchParams.get('inputs');
  return named(url.searchParams.get('name'), decoded(config), inputs === null ? [] : decoded(inputs));
}

/** A percent-encoded JSON object with its name in it. */
function ofVsCode(query: string): { servers: Entries; inputs: unknown[] } {
  let text = query;
  try {
    text = decodeURIComponent(query);
  } catch {
    // It was copied without its encoding.
  }
  if (!/^\s*\{/.test(text)) {
    const parameters = new URLSearchParams(query);
    return named(parameters.get('name'), decoded(parameters.get('config') ?? ''), []);
  }
  return findServers(decoded(text));
}

function ofGoose(parameters: URLSearchParams): { servers: Entries; inputs: unknown[] } {
  const name = parameters.get('id') ?? parameters.get('name') ?? 'connection';
  // `env=NAME=what it is`: the names of what is asked for.
  const env = Object.fromEntries(
    parameters.getAll('env').map((text) => [text.split('=')[0] ?? '', `\${${text.split('=')[0]}}`]),
  );
  const url = parameters.get('url');
  if (url !== null)
    return {
      servers: [[name, { url, headers: parameters.getAll('header').map((text) => text.replace('=', ': ')) }]],
      inputs: [],
    };
  return {
    servers: [[name, { command: [parameters.get('cmd') ?? '', ...parameters.getAll('arg')], env }]],
    inputs: [],
  };
}

/** As JSON, or as base64 of it. */
function decoded(text: string): unknown {
  const isJson = /^\s*[{[]/.test(text);
  const document = readDocument(isJson ? text.trim() : Buffer.from(text, 'base64').toString('utf8').trim());
  if (document === undefined) throw refusedText('It is a link to install a server, and holds no JSON.');
  return document;
}

function named(
  name: string | null,
  config: unknown,
  inputs: unknown,
): { servers: Entries; inputs: unknown[] } {
  const found = findServers(config);
  const servers =
    name === null || !isRecord(config) || found.servers.length !== 1
      ? found.servers
      : found.servers.map(([, entry]): Entries[number] => [name, entry]);
  return { servers, inputs: Array.isArray(inputs) ? [...found.inputs, ...inputs] : found.inputs };
}
