/** Moves what looks like a secret out of an address, leaving `${NAME}` in its place; the rest stays readable. */
import { Lifted } from './lifted.ts';
import { beginsLikeKey, isOrdinary, keysIn, looksRandom, namesSecret, namesSetting } from './looks-secret.ts';
import { asReferences, isPlaceholder, isWholePlaceholder } from './placeholders.ts';

/** @param address without a login in it */
export function liftFromAddress(
  address: string,
  lifted = new Lifted(),
): { url: string; secrets: Map<string, string> } {
  const [, start = '', path = '', query] =
    /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)([^?#]*)(?:\?([^#]*))?/is.exec(asReferences(address)) ?? [];
  const url =
    start + liftFromPath(path, lifted) + (query === undefined ? '' : `?${liftFromQuery(query, lifted)}`);
  return { url, secrets: lifted.secrets };
}

/** Whether a key stands in the path or the query of an address. */
export const hasKeyInAddress = (value: string): boolean =>
  /^https?:\/\/\S+$/i.test(value) && URL.canParse(value) && liftFromAddress(value).secrets.size > 0;

const liftFromPath = (path: string, lifted: Lifted): string =>
  path
    .split('/')
    .map((segment, at, all) => {
      const value = decoded(segment);
      if (value === '' || segment.includes('${')) return segment;
      if (value.includes('${')) return lifted.ask(undefined, asReferences(value));
      const before = all[at - 1] ?? '';
      const isKey = keysIn(value).length > 0 || beginsLikeKey(value) || looksRandom(value);
      // `/token/abc123/mcp`
      const isNamed = /^(?:api-?)?(?:key|token|secret|auth)$/i.test(before) && /\d/.test(value);
      if (isKey || isNamed) return lifted.keep(isNamed ? before : 'KEY', value);
      return isStandIn(value) ? lifted.ask(undefined, value) : segment;
    })
    .join('/');

/** In a path, ordinary words are the rule: what is to be filled in shows itself by its form. */
const isStandIn = (segment: string): boolean =>
  /^[<{[]|your[-_]|^YOUR/.test(segment) && isPlaceholder(segment);

const liftFromQuery = (query: string, lifted: Lifted): string =>
  query
    .split('&')
    .map((pair) => {
      const at = pair.indexOf('=');
      if (at < 0) return pair;
      const name = decoded(pair.slice(0, at));
      const value = decoded(pair.slice(at + 1));
      if (value === '' || pair.includes('${')) return pair;
      if (value.includes('${')) return `${pair.slice(0, at)}=${lifted.ask(name, asReferences(value))}`;
      const isKey = keysIn(value).length > 0 || looksRandom(value) || namesSecret(name);
      if (isWholePlaceholder(value)) return `${pair.slice(0, at)}=${lifted.ask(name, value)}`;
      if (!isKey && (isOrdinary(value) || namesSetting(name))) return pair;
      return `${pair.slice(0, at)}=${lifted.keep(name, value)}`;
    })
    .join('&');

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // Not percent-encoded, whatever it looks like.
    return text;
  }
}
