/**
 * The forms in which a secret may show up: as it is, escaped, or encoded. What this cannot know is said in
 * docs/security.md: reversed, compressed, encrypted or paraphrased secrets pass.
 */

/** Shorter texts are too common to be replaced wherever they stand; they are replaced by field name only. */
export const shortestForm = 8;

/** Every form of `secret`, of its lines and of its JSON fields; none shorter than `shortestForm`. */
export function secretForms(secret: string): Set<string> {
  const forms = new Set<string>();
  for (const part of partsOf(secret)) {
    for (const form of formsOf(part)) if (form.length >= shortestForm) forms.add(form);
  }
  return forms;
}

/** Shorter ones may be words of a sentence, once the blanks are left out. */
const shortestEncoded = 20;

/** The base64 and hex forms of `secret`, which are found when they are broken up too; and itself where it is one. */
export function encodedForms(secret: string): Set<string> {
  const parts = [...partsOf(secret)];
  const body = /-----BEGIN [^-]+-----([\s\S]+)-----END /.exec(secret)?.[1] ?? '';
  const itself = [...parts, body]
    .map((part) => part.replace(/\s+/g, '').replace(/=+$/, ''))
    .filter((part) => part.length >= shortestEncoded && /^[A-Za-z0-9+/_-]+$/.test(part));
  const forms = parts.flatMap((part) => encodingsOf(Buffer.from(part, 'utf8')));
  return new Set([...forms, ...itself].filter((form) => form.length >= shortestForm));
}

/** Whether `secret` is long enough to be replaced wherever it stands. One that is not deserves a warning when it is saved. */
export const isFoundEverywhere = (secret: string): boolean => secret.trim().length >= shortestForm;

/** The secret itself, trimmed, its lines, the fields of a secret that is JSON, and the credential within a longer text. */
function partsOf(secret: string): Set<string> {
  const parts = new Set([secret, secret.trim()]);
  const lines = secret.split(/\r?\n/);
  if (lines.length > 1) for (const line of lines) parts.add(line.trim());
  for (const field of jsonLeaves(secret)) parts.add(field).add(field.trim());
  for (const credential of credentialsIn(secret.trim())) parts.add(credential);
  // Base64 often travels without its padding.
  for (const part of [...parts]) parts.add(part.replace(/=+$/, ''));
  return new Set([...parts].filter((part) => part.length >= shortestForm));
}

/** In the path or query of an address that is a secret: shorter parts are words, as in `/services/`. */
const shortestInAddress = 16;

/**
 * Of a header's value (`Bearer …`, `Basic …`), of an address (`postgresql://user:password@host/`, `https://host/hooks/…`): the part
 * that counts. Whoever is called at an address may name its path alone.
 */
function credentialsIn(text: string): string[] {
  const [, scheme, token] = /^(bearer|basic|token|bot|key|api-?key)\s+(\S+)$/i.exec(text) ?? [];
  if (scheme !== undefined && token !== undefined) {
    if (scheme.toLowerCase() !== 'basic') return [token];
    const pair = Buffer.from(token, 'base64').toString('utf8');
    const colon = pair.indexOf(':');
    return colon < 0 ? [token] : [token, pair, pair.slice(colon + 1)];
  }
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*:([^\s/?#]*)@/i.exec(text)?.[1];
  const passwords = password === undefined ? [] : [password, decodeUri(password)];
  return [...passwords, ...longPartsOf(text)];
}

function longPartsOf(text: string): string[] {
  if (!/^https?:/i.test(text) || !URL.canParse(text)) return [];
  const { pathname, search } = new URL(text);
  return [...pathname.split('/'), ...search.slice(1).split(/[&=]/)]
    .filter((part) => part.length >= shortestInAddress)
    .flatMap((part) => [part, decodeUri(part)]);
}

/** `text` with its percent escapes read; as it is where they are none. */
function decodeUri(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function jsonLeaves(text: string): string[] {
  if (!/^\s*[{[]/.test(text)) return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return []; // it only looks like JSON, so it has no fields
  }
  const leaves: string[] = [];
  const visit = (inner: unknown): void => {
    if (typeof inner === 'string') leaves.push(inner, ...inner.split(/\r?\n/));
    else if (typeof inner === 'number') leaves.push(String(inner));
    else if (typeof inner === 'object' && inner !== null)
      for (const child of Object.values(inner)) visit(child);
  };
  visit(value);
  return leaves;
}

function formsOf(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const escaped = jsonEscape(text);
  const component = encodeURIComponent(text.toWellFormed());
  const strict = component.replace(/[!'()*]/g, percent);
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  const uris = [
    component,
    encodeURI(text.toWellFormed()),
    strict,
    strict.replaceAll('%2F', '/'),
    form,
    strict.replaceAll('%20', '+'),
  ];
  return [
    text,
    escaped,
    jsonEscape(escaped),
    // An API's answer that quotes JSON which quotes JSON.
    jsonEscape(jsonEscape(escaped)),
    escaped.replaceAll('/', '\\/'),
    asciiEscape(escaped),
    ...htmlSafeEscapes(text),
    ...uris,
    ...uris.map(lowerCaseEscapes),
    ...encodingsOf(bytes),
  ];
}

function encodingsOf(bytes: Buffer): string[] {
  const hex = bytes.toString('hex');
  return [hex, hex.toUpperCase(), ...base64Forms(bytes)];
}

const jsonEscape = (text: string): string => JSON.stringify(text).slice(1, -1);

const unicodeEscape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
const percent = (unit: string): string => `%${unit.charCodeAt(0).toString(16).toUpperCase()}`;

const asciiEscape = (text: string): string => text.replace(/[\u007f-\uffff]/g, unicodeEscape);

/** JSON as encoders write it that fear for HTML: Go's encoding/json, and .NET's System.Text.Json. */
function htmlSafeEscapes(text: string): string[] {
  const escaped = jsonEscape(text);
  const dotnet = escaped
    .replaceAll('\\"', '\\u0022')
    .replace(/[&'+<>`\u007f-\uffff]/g, (unit) => unicodeEscape(unit).toUpperCase().replace('U', 'u'));
  return [escaped.replace(/[&<>\u2028\u2029]/g, unicodeEscape), dotnet];
}

const lowerCaseEscapes = (text: string): string =>
  text.replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase());

/**
 * The base64 and base64url text of the secret wherever it stands in a longer encoded text: at each of the three shifts
 * (RFC 4648, section 4), without the characters at either end that depend on what stands beside it.
 */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]);
    const whole = Math.floor((encoded.length * 8) / 6);
    const from = Math.ceil((shift * 8) / 6);
    return [encoded.toString('base64').slice(from, whole), encoded.toString('base64url').slice(from, whole)];
  });
}
