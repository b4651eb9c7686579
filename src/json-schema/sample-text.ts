/** Texts that a schema asks for and nobody has given: by format, by pattern, by the name of the field. */

import { plainName } from './field-names.ts';
import { matchingText } from './matching-text.ts';
import type { Schema } from './schema.ts';

/** Harmless, recognisable, and the same every time. Domains and addresses are those set aside for examples (RFC 2606, 5737). */
const byFormat: ReadonlyMap<string, string> = new Map(
  Object.entries<string>({
    'date-time': '2026-01-01T00:00:00Z',
    date: '2026-01-01',
    time: '00:00:00Z',
    duration: 'P1D',
    email: 'rehearsal@example.com',
    'idn-email': 'rehearsal@example.com',
    hostname: 'example.com',
    'idn-hostname': 'example.com',
    ipv4: '192.0.2.1',
    ipv6: '2001:db8::1',
    uri: 'https://example.com/',
    'uri-reference': 'https://example.com/',
    iri: 'https://example.com/',
    'iri-reference': 'https://example.com/',
    url: 'https://example.com/',
    'uri-template': 'https://example.com/{id}',
    uuid: '00000000-0000-4000-8000-000000000000',
    'json-pointer': '/rehearsal',
    'relative-json-pointer': '0',
    regex: '.*',
    byte: 'cmVoZWFyc2Fs',
    binary: 'rehearsal',
  }),
);

const byName: [RegExp, string][] = [
  [/^(?:pattern|glob|globs|wildcard)$/, '*'],
  [/(?:url|uri|website|link)$/, 'https://example.com/'],
  [/email$/, 'rehearsal@example.com'],
  [/(?:path|file|filename|dir|directory|folder|root|cwd)$/, '.'],
  [/(?:timezone|tz)$/, 'UTC'],
  [/(?:language|lang|locale)$/, 'en'],
  [/country$/, 'US'],
  [/currency$/, 'USD'],
  [/(?:datetime|timestamp|since|until)$/, '2026-01-01T00:00:00Z'],
  [/(?:date|day)$/, '2026-01-01'],
  [/(?:sql|statement)$/, 'SELECT 1'],
  [/(?:branch|ref|revision)$/, 'HEAD'],
];

/** Texts to try for a field, the best first. Those that do not fit are sorted out by whoever asked. */
export function sampleTexts(schema: Schema, field: string): string[] {
  const { format, pattern, minLength, maxLength } = schema;
  const name = plainName(field);
  const bases = [
    ...(typeof format === 'string' ? [byFormat.get(format)] : []),
    ...byName.filter(([names]) => names.test(name)).map(([, text]) => text),
    'rehearsal',
    ...(typeof pattern === 'string' ? [matchingText(pattern)] : []),
    '1',
    'a',
    '',
  ].filter((text) => text !== undefined);
  const least = typeof minLength === 'number' ? minLength : 0;
  const most = typeof maxLength === 'number' ? maxLength : Number.POSITIVE_INFINITY;
  return bases.flatMap((text) => [text, sized(text, least, most)]);
}

/** A schema that wants more is not served: it only costs time. */
const longest = 10_000;

/** The text itself where it fits, else made longer by repeating it, or cut. Lengths are in characters, as schemas count. */
function sized(text: string, least: number, most: number): string {
  if (least > longest) return text;
  const unit = text === '' ? 'a' : text;
  const long = [...text].length < least ? unit.repeat(Math.ceil(least / [...unit].length)) : text;
  const limit = [...text].length < least ? least : most;
  return [...long].slice(0, limit).join('');
}
