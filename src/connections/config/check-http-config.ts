/** What must hold of a connection that is dialled by HTTP beyond its shape, and what a person should know of it. */
import path from 'node:path';
import { knownProviders } from '../../contract/known-providers/known-providers.ts';
import type { FieldError } from '../../kernel/errors.ts';
import { jsonPointer } from '../../kernel/validate.ts';
import { addressKind } from '../../outbound/address.ts';
import { literalAddress } from '../../outbound/check-url.ts';
import { secretLeaves } from './leaves.ts';
import { type ConfigOf, fillPlaceholders } from './typed-config.ts';

type HttpConfig = ConfigOf<'mcp_http'> | ConfigOf<'http_api'>;
type ApiConfig = ConfigOf<'http_api'>;

/** The addresses that a config names, by their place in it. */
type Addresses = Readonly<Record<string, string | undefined>>;

/** HTTP itself sets these. */
const framing = new Set(['host', 'content-length', 'transfer-encoding', 'connection']);
/** RFC 9110 section 5.5, without leading and trailing white space. */
const fieldValue = /^(?![ \t])[\t\x20-\x7e\x80-\xff]*(?<![ \t])$/;

/** Why it cannot be dialled so; empty when it can. No message repeats a value. */
export const dialProblems = ({ headers }: HttpConfig, addresses: Addresses): FieldError[] => [
  ...Object.entries(addresses).flatMap(([place, address]) =>
    address === undefined ? [] : addressProblems(`/config/${place}`, address),
  ),
  ...headerProblems(headers),
];

/** Why its login or its document cannot be kept; empty when they can. */
export const apiProblems = ({ auth, openapi }: ApiConfig): FieldError[] => [
  ...authProblems(auth),
  ...sourceProblems(openapi),
];

export function dialWarnings(config: HttpConfig, addresses: Addresses): string[] {
  const hasSecrets = secretLeaves(config).length > 0;
  const urls = Object.values(addresses).map((address) =>
    address === undefined ? null : URL.parse(withPlaceholders(address, 'x')),
  );
  const hosts = (isMeant: (url: URL) => boolean) =>
    [...new Set(urls.flatMap((url) => (url && isMeant(url) ? [url.host] : [])))].join(', ');
  const isOpen = hosts((url) => hasSecrets && url.protocol === 'http:' && !isLocalUrl(url));
  const isLocal = config.allowPrivateNetwork ? '' : hosts(isLocalUrl);
  return [
    ...(isOpen === '' ? [] : [`Secrets travel to ${isOpen} without encryption; use https:// if it can.`]),
    ...(isLocal === ''
      ? []
      : [
          `${isLocal} is on this machine or in your own network: it is dialled only with "allowPrivateNetwork": true.`,
        ]),
  ];
}

/** Whether an address visibly leads to this machine or a private network; a name may still turn out to. */
export function isLocalUrl({ hostname }: URL): boolean {
  const address = literalAddress(hostname);
  return address === undefined ? /(^|\.)localhost$/.test(hostname) : addressKind(address) === 'private';
}

const withPlaceholders = (address: string, value: string) => fillPlaceholders(address, () => value);

function addressProblems(field: string, address: string): FieldError[] {
  const [one, other] = ['x', 'y'].map((value) => URL.parse(withPlaceholders(address, value)));
  if (!one || !other) return [{ field, message: 'is not an address' }];
  if (one.username !== '' || one.password !== '')
    return [{ field, message: 'holds a user name or password: give them in "headers" or "auth"' }];
  // A secret that could choose the host would be a destination that nobody approved.
  return one.origin === other.origin
    ? []
    : [{ field, message: 'names a secret in its host: only the path and the query may' }];
}

function headerProblems(headers: HttpConfig['headers']): FieldError[] {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  return Object.entries(headers).flatMap(([name, value]) => {
    const field = jsonPointer(['config', 'headers', name]);
    if (framing.has(name.toLowerCase())) return [{ field, message: 'is set by HTTP itself' }];
    if (names.filter((other) => other === name.toLowerCase()).length > 1)
      return [{ field, message: 'is there twice, in two spellings' }];
    return valueProblems(field, value);
  });
}

function valueProblems(field: string, value: string | { plain: string }): FieldError[] {
  if (value === '') return [{ field, message: 'is empty; for an empty header use {"plain": ""}' }];
  return fieldValue.test(typeof value === 'string' ? value : value.plain)
    ? []
    : [
        {
          field,
          message: 'has a line break, a space at an end, or another character that no header may have',
        },
      ];
}

function authProblems(auth: ApiConfig['auth']): FieldError[] {
  switch (auth.type) {
    case 'bearer':
      return valueProblems('/config/auth/token', auth.token);
    case 'header':
      return [
        ...(framing.has(auth.name.toLowerCase())
          ? [{ field: '/config/auth/name', message: 'is set by HTTP itself' }]
          : []),
        ...valueProblems('/config/auth/value', auth.value),
      ];
    case 'basic':
      // RFC 7617 section 2.
      return auth.username.includes(':')
        ? [{ field: '/config/auth/username', message: 'holds a colon' }]
        : [];
    case 'oauth2':
      return auth.provider === undefined || Object.hasOwn(knownProviders, auth.provider)
        ? []
        : [
            {
              field: '/config/auth/provider',
              message: `is none that Alfred knows: ${Object.keys(knownProviders).join(', ')}`,
            },
          ];
    default:
      return [];
  }
}

function sourceProblems(source: ApiConfig['openapi']): FieldError[] {
  if (typeof source !== 'object') return [];
  if ('url' in source) {
    const field = '/config/openapi/url';
    const url = URL.parse(source.url);
    if (url === null) return [{ field, message: 'is not an address' }];
    return url.username === '' && url.password === ''
      ? []
      : [{ field, message: 'holds a user name or password: give the document as a file or as text' }];
  }
  if (!('file' in source) || path.isAbsolute(source.file)) return [];
  return [{ field: '/config/openapi/file', message: 'use an absolute path' }];
}
