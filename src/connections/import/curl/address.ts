/** The address of a `curl` command: where the API is, the path with what goes into it, and what its query says. */
import { isLocalUrl } from '../../config/check-http-config.ts';
import { liftFromAddress } from '../../open-secrets/lift-address.ts';
import { keysIn } from '../../open-secrets/looks-secret.ts';
import { isPlaceholder } from '../../open-secrets/placeholders.ts';
import { grouped, pairsIn, textIn } from './body-of.ts';
import type { CurlCall } from './read-options.ts';

export type CurlAddress = {
  baseUrl: string;
  /** With `{name}` where a parameter goes. */
  path: string;
  names: string[];
  query: Map<string, string | string[]>;
  /** `user:password` in the address itself. */
  login: string | undefined;
  /** What of the path looked like a key, by the name that stands for it in `baseUrl`. */
  secrets: Map<string, string>;
  isLocal: boolean;
};

const parts = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:([^/?#@\s]*)@)?([^/?#]*)([^?#]*)(?:\?([^#]*))?/i;

/** What stands where one's own goes; a shell's, a template's and a README's ways of writing it. */
const stand =
  /\$\{\{[^{}]*\}\}|\$\([^()]*\)|\{\{[^{}]*\}\}|\$?\{[^{},/]+\}|<[^<>/]+>|\[[A-Za-z][A-Za-z _-]*\]|\$[A-Za-z_]\w*|%[A-Z][A-Z0-9_]+%/g;

/** @returns why it cannot be read, as the end of a sentence */
export function addressOf(call: CurlCall): CurlAddress | string {
  const given = oneAddress(call);
  if (typeof given === 'string') return given;
  const [, scheme = 'http', login, host = '', path = '', query = ''] = parts.exec(given.url) ?? [];
  if (!/^https?$/i.test(scheme)) return `it is no HTTP, but ${scheme.toLowerCase().slice(0, 20)}`;
  const own =
    /^[A-Z][A-Z0-9]*_[A-Z0-9_]+(?=[:.]|$)/.exec(host)?.[0] ??
    /^your[-_.]?[\w-]*|(?<=[.-])your[-_][\w-]+/i.exec(host)?.[0] ??
    host.match(stand)?.[0];
  if (own !== undefined)
    return `its address has ${own.slice(0, 60)} where yours goes: put that in, and paste it again`;
  const origin = URL.parse(`${scheme}://${host}`);
  if (origin === null || origin.hostname === '') return 'its address is none';
  if (!call.isGlobOff && /\{[^{}]*,[^{}]*\}|\[(?:\d+-\d+|[a-z]-[a-z])(?::\d+)?\]/i.test(path + query))
    return 'it calls several addresses at once ({a,b} or [1-9]): put one in';
  const sent = pathOf(origin.origin, path);
  const data = call.isGet ? (textIn(call.data) ?? '') : '';
  return {
    ...sent,
    query: grouped([query, ...call.query, data].flatMap((text) => pairsIn(text))),
    login: login === undefined || login === '' ? undefined : decoded(login),
    isLocal: isLocalUrl(origin),
  };
}

/** A word that is no address stands there where a line was broken without a backslash. */
function oneAddress({ urls, warnings }: CurlCall): { url: string } | string {
  const addresses = urls.filter((url) => /^[a-z][a-z0-9+.-]*:\/\//i.test(url));
  const [url, ...more] =
    addresses.length > 0
      ? addresses
      : urls.filter((one) => /^(?:localhost|\[|[${<]|[\w-][^\s]*[.:/])/i.test(one));
  if (url === undefined) return urls.length === 0 ? 'it has no address' : 'its address is none';
  if (more.length > 0) return 'it calls several addresses: paste one of them';
  if (urls.length > 1) warnings.push('words that are no option and no address are left out');
  return { url: url.trim() };
}

/** A key in the path stays out of it: what is before and with it becomes the base URL, in which a reference may stand. */
function pathOf(origin: string, path: string): Pick<CurlAddress, 'baseUrl' | 'path' | 'names' | 'secrets'> {
  const names: string[] = [];
  const segments = path
    .split('/')
    .slice(1)
    .map((segment) => withNames(segment, names));
  let keyAt = -1;
  const shown: string[] = [];
  const secrets = new Map<string, string>();
  for (const [at, segment] of segments.entries()) {
    const before = segments[at - 1];
    const start = /^(?:api-?)?(?:key|token|secret|auth)$/i.test(before ?? '') ? `/${before}` : '';
    const { url, secrets: found } = segment.includes('{')
      ? { url: '', secrets: new Map<string, string>() }
      : liftFromAddress(`https://host.test${start}/${segment}`);
    const isKey = segments.slice(0, at).some((one) => opensDoor.test(one)) || isIssued(decoded(segment));
    if (found.size === 0 || !isKey || isNamed(shown)) {
      shown.push(found.size === 0 ? segment : `{${nameAfter(before, names)}}`);
      continue;
    }
    keyAt = at;
    const name = `${[...found.keys()][0]}${secrets.size === 0 ? '' : `_${secrets.size + 1}`}`;
    secrets.set(name, [...found.values()][0] ?? '');
    shown.push(url.slice(url.lastIndexOf('/') + 1).replace(/\$\{\w+\}/, `\${${name}}`));
  }
  const base = shown.slice(0, keyAt + 1);
  const rest = shown.slice(keyAt + 1);
  return {
    baseUrl: [origin, ...base].join('/'),
    path: keyAt >= 0 && rest.length === 0 ? '' : `/${rest.join('/')}`,
    names,
    secrets,
  };
}

/** What is random behind these is a key; elsewhere it is mostly which of many things is meant. */
const opensDoor = /hooks?$|^services$|^(?:api-?)?(?:key|token|secret|auth)s?$/i;

const isNamed = (shown: readonly string[]): boolean => shown.some((one) => /(?<!\$)\{/.test(one));

const isIssued = (value: string): boolean => keysIn(value).length > 0 || /^bot\d+:/.test(value);

/** `/orders/7f3a…` is asked for as `order_id`. */
function nameAfter(before: string | undefined, names: string[]): string {
  const base = `${(before ?? '')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/s$/, '')
    .slice(0, 40)}_id`.replace(/^_+/, '');
  return unique(base, names);
}

/** `<id>`, `{id}`, `{{id}}`, `:id`, `$ID`, `YOUR_ID` of a segment as `{id}`. */
function withNames(segment: string, names: string[]): string {
  const take = (text: string): string => {
    const base =
      text
        .replace(/^:|^\$\{\{\s*|^\W+|\W+$/g, '')
        .replace(/[^A-Za-z0-9_.-]+/g, '_')
        .slice(0, 60) || 'value';
    return `{${unique(base, names)}}`;
  };
  if (/^:[A-Za-z_]\w*$/.test(segment)) return take(segment);
  const decodedOnce = /%7B|%3C/i.test(segment) ? decoded(segment) : segment;
  if (/^(?:your|my)[-_]|^YOUR[A-Z]|^[A-Z][A-Z0-9]*_[A-Z0-9_]*$/.test(decodedOnce) && isStandIn(decodedOnce))
    return take(decodedOnce);
  return decodedOnce.replace(stand, take).replace(/[^\x21-\x7e]/g, (one) => encodeURIComponent(one));
}

function unique(base: string, names: string[]): string {
  let name = base;
  for (let number = 2; names.includes(name); number++) name = `${base}_${number}`;
  names.push(name);
  return name;
}

const isStandIn = (segment: string): boolean =>
  isPlaceholder(segment) ||
  /^[A-Z0-9_]*_(?:ID|UUID|NAME|SLUG|NUMBER)$/.test(segment) ||
  /^your[-_]/i.test(segment);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
