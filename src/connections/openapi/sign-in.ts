/** How a document says that a person signs in (OpenAPI 3.2 "Security Scheme Object"), and what each operation needs of it. */
import { isRecord } from '../../contract/is-record.ts';
import { entriesOf, type JsonObject, listOf, own, shorten, textOf } from './json.ts';
import type { ApiSignIn } from './operation.ts';
import { dereference } from './references.ts';

const maxSchemes = 20;
const maxScopes = 1_000;
const maxAlternatives = 40;

const schemesOf = (document: JsonObject): [name: string, scheme: unknown][] =>
  entriesOf(own(own(document, 'components'), 'securitySchemes'))
    .slice(0, maxSchemes)
    .map(([name, entry]) => [name, dereference(document, entry)]);

const isSignIn = (scheme: unknown): boolean =>
  ['oauth2', 'openIdConnect'].includes(String(own(scheme, 'type')));

/** @param base the address of the document, for addresses that are relative to it */
export function signInsOf(document: JsonObject, base: string | undefined): ApiSignIn[] {
  const address = (value: unknown): string | undefined => {
    const text = textOf(value);
    const url = text === undefined ? null : URL.parse(text, base);
    return url !== null && /^https?:$/.test(url.protocol) ? url.href : undefined;
  };
  return schemesOf(document)
    .filter(([, scheme]) => isSignIn(scheme))
    .map(([name, scheme]) => {
      const flows = own(scheme, 'flows');
      const code = own(flows, 'authorizationCode');
      const device = own(flows, 'deviceAuthorization');
      const implicit = own(flows, 'implicit');
      const scopes = [implicit, device, code].flatMap((flow) => entriesOf(own(flow, 'scopes')));
      return {
        scheme: shorten(name, 200),
        authorizationUrl: address(own(code, 'authorizationUrl')),
        tokenUrl: address(own(code, 'tokenUrl')) ?? address(own(device, 'tokenUrl')),
        refreshUrl: address(own(code, 'refreshUrl')) ?? address(own(device, 'refreshUrl')),
        deviceUrl: address(own(device, 'deviceAuthorizationUrl')),
        metadataUrl: address(own(scheme, 'openIdConnectUrl')) ?? address(own(scheme, 'oauth2MetadataUrl')),
        implicitUrl: address(own(implicit, 'authorizationUrl')),
        scopes: Object.fromEntries(
          scopes
            .slice(0, maxScopes)
            .map(([scope, words]) => [scope, shorten(textOf(words)?.trim() ?? '', 300)]),
        ),
      };
    });
}

/**
 * What a sign-in must have been granted for an operation, one list or another; undefined where it needs none: it can be called by
 * anybody, or by other means alone.
 */
export function scopesFor(document: JsonObject, operation: JsonObject): string[][] | undefined {
  const required = own(operation, 'security') ?? own(document, 'security');
  if (!Array.isArray(required)) return undefined;
  const alternatives = listOf(required).filter(isRecord).slice(0, maxAlternatives);
  if (alternatives.some((one) => Object.keys(one).length === 0)) return undefined;
  const names = new Set(schemesOf(document).flatMap(([name, scheme]) => (isSignIn(scheme) ? [name] : [])));
  const lists = alternatives.flatMap((one) => {
    const named = Object.entries(one).filter(([name]) => names.has(name));
    if (named.length === 0) return [];
    const scopes = named.flatMap(([, list]) => listOf(list).filter((scope) => typeof scope === 'string'));
    return [[...new Set(scopes)].filter((scope) => /^\S{1,300}$/.test(scope)).slice(0, 100)];
  });
  return lists.length === 0 ? undefined : lists;
}
