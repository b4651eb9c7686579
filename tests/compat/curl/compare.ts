/** Whether a call is what curl sent: the same method, path, query, headers and body, but for what is asked for. */
import { isRecord } from '../../../src/contract/is-record.ts';
import { open, type Read } from './as-read.ts';
import type { Sent } from './real-curl.ts';

/** curl's own, and what HTTP says by itself. */
const ofCurl =
  /^(?:host|content-length|content-type|expect|transfer-encoding|connection|accept-encoding|upgrade|http2-settings)$/i;

/** @returns what is different, each in a word or two; empty for the same request */
export function differences(sent: Sent, read: Read & { kind: 'call' }, isLoginOpen: boolean): string[] {
  const target = new URL(sent.target.startsWith('/') ? `http://h${sent.target}` : sent.target);
  return [
    ...(sent.method === read.method ? [] : [`method ${sent.method} / ${read.method}`]),
    ...pathDifferences(target.pathname, read.url.pathname),
    ...queryDifferences(target.search.slice(1), read.url.search.slice(1), isLoginOpen),
    ...headerDifferences(sent, read.headers),
    ...bodyDifferences(sent, read),
  ];
}

export const headerDifferences = (sent: Sent, read: [string, string][]): string[] => {
  const byName = new Map<string, string[]>();
  for (const [name, value] of sent.headers) {
    const key = name.toLowerCase();
    if (
      ofCurl.test(key) ||
      (key === 'user-agent' && /^curl\//.test(value)) ||
      (key === 'accept' && value === '*/*')
    )
      continue;
    byName.set(key, [...(byName.get(key) ?? []), value]);
  }
  return [...byName].flatMap(([name, values]) => {
    const one = read.find(([other]) => other.toLowerCase() === name);
    if (one === undefined) return [`header ${name} is lost`];
    return fits(values.join(', ').trim(), one[1]) ? [] : [`header ${name}`];
  });
};

function pathDifferences(sent: string, read: string): string[] {
  const [one, other] = [sent, read].map((path) => path.split('/').map(decoded));
  const isSame =
    one !== undefined &&
    other !== undefined &&
    one.length === other.length &&
    one.every((segment, at) => fits(segment, other[at] ?? ''));
  return isSame ? [] : ['path'];
}

function queryDifferences(sent: string, read: string, isLoginOpen: boolean): string[] {
  const [one, other] = [sent, read].map((query) =>
    query
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => pair.split(/=(.*)/s, 2).map((part) => decoded(part.replaceAll('+', ' ')))),
  );
  const rest = [...(other ?? [])];
  const lost = (one ?? []).filter(([name = '', value = '']) => {
    const at = rest.findIndex(([its = '', values = '']) => fits(name, its) && fits(value, values));
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
  // A list is asked for as one value.
  const repeated = lost.filter(
    ([name]) => !(other ?? []).some(([its, value]) => its === name && value === open),
  );
  if (repeated.length === 1 && isLoginOpen) return [];
  return repeated.length > 0
    ? [`query ${String(repeated[0]?.[0]).slice(0, 40)}`]
    : rest.length > 0
      ? ['query has more']
      : [];
}

/** Both decoded; where a value was not kept, anything. */
const fits = (sent: string, read: string): boolean =>
  read.includes(open)
    ? new RegExp(
        `^${read
          .split(open)
          .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
          .join('[\\s\\S]*')}$`,
      ).test(sent)
    : sent === read;

function bodyDifferences({ headers, body }: Sent, read: Read & { kind: 'call' }): string[] {
  const text = body.toString('utf8');
  const type = headers.find(([name]) => /^content-type$/i.test(name))?.[1] ?? '';
  if (read.body === undefined) return text === '' ? [] : ['body is lost'];
  if (text === '') return ['body where there is none'];
  if (/^multipart\//i.test(type)) return multipartDifferences(text, read.value);
  const given = read.contentType ?? '';
  if (/json/i.test(given)) {
    const value = parsed(text);
    // Documentation shortens JSON by … or <id>, which nobody can send as it is.
    if (value === undefined) return read.value !== undefined ? [] : ['body'];
    return fitsJson(value, read.value) ? [] : ['body'];
  }
  if (/urlencoded/i.test(given))
    return queryDifferences(text, String(read.body), false).map((one) => `body ${one}`);
  if (typeof read.body !== 'string') return [];
  return fits(text, read.body) ? [] : ['body'];
}

/** Each part by its name: what a file holds is for whoever calls. */
function multipartDifferences(text: string, value: unknown): string[] {
  const names = [...text.matchAll(/form-data; name="([^"]*)"/g)].map(([, name = '']) => name);
  const given = isRecord(value) ? Object.keys(value) : [];
  return [...new Set(names)].sort().join() === given.sort().join() ? [] : ['body parts'];
}

function fitsJson(sent: unknown, read: unknown): boolean {
  if (read === open) return true;
  if (typeof read === 'string' && typeof sent === 'string') return fits(sent, read);
  if (Array.isArray(read))
    return Array.isArray(sent) && (read.length === 0 || sent.length === 0 || fitsJson(sent[0], read[0]));
  if (isRecord(read)) {
    if (open in read) return isRecord(sent);
    if (!isRecord(sent)) return false;
    const names = Object.keys(sent);
    return (
      names.join() === Object.keys(read).join() && names.every((name) => fitsJson(sent[name], read[name]))
    );
  }
  return sent === read || (sent === null && read === null);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
