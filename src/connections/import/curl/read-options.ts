/** The words of a `curl` command as what it would send: curl's own rules, without sending anything. */
import {
  longOf,
  longWithValue,
  refusedOptions,
  saidOptions,
  shortWithValue,
  wholeName,
} from './curl-options.ts';

/** A part of a body: its text, or the name of a file that nobody here has. */
export type Datum = { text: string } | { file: string };

export type FormPart = {
  name: string;
  value: string;
  isFile: boolean;
  contentType?: string;
  filename?: string;
};

export type CurlCall = {
  urls: string[];
  method: string | undefined;
  headers: [name: string, value: string][];
  data: Datum[];
  form: FormPart[];
  /** Pairs that are put behind the query, encoded. */
  query: string[];
  upload: string | undefined;
  isGet: boolean;
  isHead: boolean;
  isGlobOff: boolean;
  user: string | undefined;
  warnings: string[];
  /** Why it cannot be taken over, as the end of a sentence. */
  problem: string | undefined;
};

/** @returns undefined where the words are no call of curl */
export function readCurlOptions(given: readonly string[], input: string | undefined): CurlCall | undefined {
  const words = given[0] === 'sudo' ? given.slice(1) : given;
  if (!/^(?:.*\/)?curl(?:\.exe)?$/.test(words[0] ?? '')) return undefined;
  const call: CurlCall = {
    urls: [],
    method: undefined,
    headers: [],
    data: [],
    form: [],
    query: [],
    upload: undefined,
    isGet: false,
    isHead: false,
    isGlobOff: false,
    user: undefined,
    warnings: [],
    problem: undefined,
  };
  const rest = words.slice(1);
  while (rest.length > 0) {
    const word = rest.shift() ?? '';
    if (word === '--' || word === '-') continue;
    if (word.startsWith('--')) takeLong(call, word.slice(2), rest, input);
    else if (word.startsWith('-')) takeShort(call, word.slice(1), rest, input);
    else call.urls.push(word);
  }
  return call;
}

function takeLong(call: CurlCall, written: string, rest: string[], input: string | undefined): void {
  // `--header=…` is not curl's, which takes the next word; people write it.
  const [, before = written, inline] = /^([\w-]+)=(.*)$/s.exec(written) ?? [];
  const name = wholeName(before.replace(/^no-(?=\w)/, ''));
  if (longWithValue.has(name)) takeOption(call, name, inline ?? rest.shift() ?? '', input);
  else if (!before.startsWith('no-')) takeOption(call, name, '', input);
}

/** Several letters in one word, the last with its value behind it or in the next word. */
function takeShort(call: CurlCall, letters: string, rest: string[], input: string | undefined): void {
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] ?? '';
    const name = longOf[letter];
    if (shortWithValue.includes(letter)) {
      const value = at + 1 < letters.length ? letters.slice(at + 1) : (rest.shift() ?? '');
      if (name !== undefined) takeOption(call, name, value, input);
      return;
    }
    if (name !== undefined) takeOption(call, name, '', input);
  }
}

/** By its name, what an option does to the request. */
const taken: Record<string, (call: CurlCall, value: string, input: string | undefined) => void> = {
  url: (call, value) => call.urls.push(value),
  request: (call, value) => {
    call.method = value;
  },
  header: takeHeader,
  data: (call, value, input) => call.data.push(datumOf(value, input, true)),
  'data-ascii': (call, value, input) => call.data.push(datumOf(value, input, true)),
  'data-binary': (call, value, input) => call.data.push(datumOf(value, input, false)),
  'data-raw': (call, value) => call.data.push({ text: value }),
  'data-urlencode': (call, value, input) => call.data.push(encodedDatum(value, input)),
  json: (call, value, input) => {
    const given = datumOf(value, input, false);
    const last = call.data.at(-1);
    // Pieces of one text, where those of -d are pairs.
    if (last !== undefined && 'text' in last && 'text' in given) last.text += given.text;
    else call.data.push(given);
    for (const name of ['Content-Type', 'Accept'])
      if (!call.headers.some(([one]) => one.toLowerCase() === name.toLowerCase()))
        call.headers.push([name, 'application/json']);
  },
  form: (call, value) => takeForm(call, value, true),
  'form-string': (call, value) => takeForm(call, value, false),
  'url-query': (call, value, input) => {
    const datum = value.startsWith('+') ? { text: value.slice(1) } : encodedDatum(value, input);
    if ('text' in datum) call.query.push(datum.text);
    else call.warnings.push('what of its query stands in a file is left out');
  },
  'upload-file': (call, value) => {
    call.upload = value;
  },
  get: (call) => {
    call.isGet = true;
  },
  head: (call) => {
    call.isHead = true;
  },
  globoff: (call) => {
    call.isGlobOff = true;
  },
  user: (call, value) => {
    call.user = value;
  },
  'oauth2-bearer': (call, value) => call.headers.push(['Authorization', `Bearer ${value}`]),
  'user-agent': (call, value) => call.headers.push(['User-Agent', value]),
  referer: (call, value) => call.headers.push(['Referer', value.replace(/;auto$/, '')]),
  range: (call, value) => call.headers.push(['Range', `bytes=${value}`]),
  cookie: (call, value) => {
    if (value.includes('=')) call.headers.push(['Cookie', value]);
    else call.warnings.push('its cookies stand in a file (-b), which is not read');
  },
};

/** Whoever pastes it chooses the name, which every object may have, as `constructor`. */
const ownOf = <Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

function takeOption(call: CurlCall, name: string, value: string, input: string | undefined): void {
  if (name.startsWith('expand-')) call.problem ??= refusedOptions.variable;
  call.problem ??= ownOf(refusedOptions, name);
  const said = ownOf(saidOptions, name);
  if (said !== undefined) call.warnings.push(said);
  ownOf(taken, name)?.(call, value, input);
}

/** `Name: value`; `Name:` sends none, `Name;` an empty one; `@file` is a file of headers. */
function takeHeader(call: CurlCall, text: string): void {
  if (text.startsWith('@')) {
    call.warnings.push(`the headers of the file ${text.slice(1)} are not read: enter them by hand`);
    return;
  }
  const [, name, value = ''] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*:\s*(.*?)\s*$/s.exec(text) ?? [];
  if (name !== undefined && value !== '') call.headers.push([name, value]);
}

/** `@file` and `@-`; read as text, line ends are taken out of what was read. */
function datumOf(value: string, input: string | undefined, isText: boolean): Datum {
  if (!value.startsWith('@')) return { text: value };
  if (value !== '@-' || input === undefined) return { file: value.slice(1) };
  return { text: isText ? input.replace(/[\r\n]/g, '') : input };
}

/** As `--data-urlencode` has it: `content`, `=content`, `name=content`, `@file`, `name@file`. */
function encodedDatum(value: string, input: string | undefined): Datum {
  const [, name = '', sign, content = value] = /^([^=@]*)([=@])(.*)$/s.exec(value) ?? [];
  const start = name === '' ? '' : `${name}=`;
  if (sign !== '@') return { text: start + percentEncoded(content) };
  if (content === '-' && input !== undefined) return { text: start + percentEncoded(input) };
  return name === '' ? { file: content } : { text: `${start}<${name}>` };
}

/** As curl does: all but RFC 3986's unreserved characters. */
const percentEncoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

/** `name=value`, `name=@file;type=…`, `name=<file`. */
function takeForm(call: CurlCall, text: string, hasSigns: boolean): void {
  const at = text.indexOf('=');
  if (at < 0) return;
  const name = text.slice(0, at);
  const given = text.slice(at + 1);
  if (!hasSigns) {
    call.form.push({ name, value: given, isFile: false });
    return;
  }
  const quoted = /^([@<]?)"((?:\\.|[^"\\])*)"(.*)$/s.exec(given);
  const [, sign = '', value = '', more = ''] = quoted ?? /^([@<]?)([^;]*)(.*)$/s.exec(given) ?? [];
  const contentType = /;\s*type=([^;]+(?:;\s*charset=[^;]+)?)/.exec(more)?.[1];
  const filename = /;\s*filename="?([^;"]+)"?/.exec(more)?.[1];
  call.form.push({
    name,
    value: sign === '<' ? '' : quoted === null ? value : value.replace(/\\(["\\])/g, '$1'),
    isFile: sign === '@',
    ...(contentType === undefined ? {} : { contentType }),
    ...(filename === undefined ? {} : { filename }),
  });
}
