/** Recognises the OpenAPI document of an HTTP API: by its address, or as it was pasted whole. */
import { isRecord } from '../../contract/is-record.ts';
import { isLocalUrl } from '../config/check-http-config.ts';
import { type ApiCandidate, parseApi } from './parse-apis.ts';

/** `/openapi.json`, `/v3/api-docs`, `/swagger/v1/swagger.json`, `/spec.yaml`; the page that shows one to people is none. */
const ofDocument = /(?:^|[/_.-])(?:openapi|swagger|api-docs)(?:[/_.-][\w.-]*)?$|\.ya?ml$/i;
const ofOther = /swagger-ui|\.html?$|\/(?:mcp|sse)\/?$/i;

/** @returns undefined for an address that is of something else, such as an MCP server */
export function apiAt(name: string, url: string, headers: readonly string[]): ApiCandidate | undefined {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.username !== '' || parsed.password !== '') return undefined;
  if (!ofDocument.test(parsed.pathname) || ofOther.test(parsed.pathname)) return undefined;
  const pairs = headers.map((line): [string, string] => {
    const [header = '', ...value] = line.split(':');
    return [header.trim(), value.join(':').trim()];
  });
  return parseApi(name, {
    openapi: { url },
    ...(pairs.length === 0 ? {} : { headers: Object.fromEntries(pairs) }),
    ...(isLocalUrl(parsed) ? { allowPrivateNetwork: true } : {}),
  });
}

/**
 * @param text as it was pasted, of which `document` was read
 * @returns undefined for what is no OpenAPI document
 */
export function apiIn(text: string, document: unknown): ApiCandidate | undefined {
  if (!isRecord(document) || !isRecord(document.paths)) return undefined;
  const version = String(document.openapi ?? document.swagger ?? '');
  if (!/^[23]\./.test(version)) return undefined;
  const { info } = document;
  const title = isRecord(info) && typeof info.title === 'string' ? info.title : 'api';
  return parseApi(title, { openapi: { document: text } });
}
