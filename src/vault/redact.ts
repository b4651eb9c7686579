/**
 * Replaces every known secret value before anything is stored, logged, streamed or sent to the model. A replaced value
 * reads `[redacted:<label>]`, where the label names the secret: `<connection>.<field>`, or the key of a config entry.
 */
import { BrokenForms } from './redact/broken-forms.ts';
import { FormSearch } from './redact/form-search.ts';
import { PatternIndex } from './redact/pattern-index.ts';
import { encodedForms, isFoundEverywhere, secretForms, shortestForm } from './redact/secret-forms.ts';

/** What is nested deeper is left out: a hostile result must not exhaust the stack. */
const deepest = 500;

export type RedactingStream = {
  /** Takes a chunk, and gives what can be let go: everything but a tail that may be the beginning of a secret. */
  push(chunk: string): string;
  /** Gives the rest. */
  end(): string;
};

export class Redactor {
  readonly #index = new PatternIndex();
  readonly #broken = new BrokenForms();
  /** Of secrets too short to be replaced everywhere: their values by field name, in lower case. */
  readonly #shortByField = new Map<string, Map<string, string>>();

  /** How many forms are known. */
  get size(): number {
    return this.#index.size;
  }

  /**
   * Makes a secret known for the rest of the process's life: a value that was replaced may still come back.
   *
   * @returns false when it is so short that only its field's name gives it away; the person who saves it is told
   */
  register(label: string, secret: string): boolean {
    for (const form of secretForms(secret)) this.#index.add(form, label);
    for (const form of encodedForms(secret)) this.#broken.add(form, label);
    if (isFoundEverywhere(secret)) return true;
    if (secret !== '') this.#registerShort(label, secret);
    return false;
  }

  /** `text` without known secrets. */
  text(text: string): string {
    if (text.length < shortestForm) return text;
    const search = new FormSearch(text, this.#index, this.#broken);
    let out = '';
    let at = 0;
    for (let match = search.at(0); match; match = search.at(at)) {
      out += text.slice(at, match.start) + mark(match.label);
      at = match.end;
    }
    return at === 0 ? text : out + text.slice(at);
  }

  /** A serialized line without known secrets; JSON stays JSON. */
  line(line: string): string {
    const out = this.text(line);
    if (out === line || isJson(out) || !isJson(line)) return out;
    // What matched was no text within quotes: a number, the end of an escape, or a stretch across several values.
    return JSON.stringify(this.value(JSON.parse(line)));
  }

  /**
   * Whether `value` would leave what stands in this JSON as it is, for certain: a secret within one of its strings, numbers or keys
   * stands in the text as well, escaped. Of short secrets, which are told by their fields, the text alone says nothing; nor of
   * encoded ones with gaps that the escapes make longer than they are looked for.
   */
  isClean(json: string): boolean {
    return this.#shortByField.size === 0 && !longGap.test(json) && this.text(json) === json;
  }

  /** A copy of a JSON value without known secrets in its strings, numbers and keys. */
  value<T>(value: T): T {
    const known = new Map<string, string>();
    // Keys and words of a large value come again and again.
    const text = (given: string): string => {
      const done = known.get(given) ?? this.text(given);
      if (known.size < mostKnown) known.set(given, done);
      return done;
    };
    return this.#copy(value, { key: '', depth: 0, text }) as T;
  }

  /** Redacts text that comes in chunks: a secret that is split between them is found. */
  stream(): RedactingStream {
    const index = this.#index;
    const broken = this.#broken;
    let held = '';
    return {
      push(chunk) {
        held += chunk;
        const search = new FormSearch(held, index, broken);
        let out = '';
        let at = 0;
        for (;;) {
          const open = Math.min(index.openAt(held, at), broken.openAt(held, at));
          const match = search.at(at);
          // A match that begins behind the open place may be part of a longer secret: it waits as well.
          if (!match || match.start >= open) {
            out += held.slice(at, open);
            held = held.slice(open);
            return out;
          }
          out += held.slice(at, match.start) + mark(match.label);
          at = match.end;
        }
      },
      end: () => {
        const out = this.text(held);
        held = '';
        return out;
      },
    };
  }

  #registerShort(label: string, secret: string): void {
    const field = label.slice(label.lastIndexOf('.') + 1);
    const values = this.#shortByField.get(field.toLowerCase()) ?? new Map<string, string>();
    values.set(secret, label);
    this.#shortByField.set(field.toLowerCase(), values);
    for (const name of new Set([field, field.toLowerCase(), field.toUpperCase()])) {
      const asJson = [JSON.stringify(secret), ...(/^\d+$/.test(secret) ? [secret] : [])];
      const quoted = asJson.flatMap((json) => [`"${name}":${json}`, `"${name}": ${json}`]);
      const forms = [
        `${name}=${secret}`,
        `${name}: ${secret}`,
        ...quoted,
        ...quoted.map((form) => JSON.stringify(form).slice(1, -1)),
      ];
      for (const form of forms) if (form.length >= shortestForm) this.#index.add(form, label);
    }
  }

  #copy(value: unknown, at: Place): unknown {
    const { key, depth, text } = at;
    if (typeof value === 'string') return this.#short(value, key) ?? text(value);
    if (typeof value === 'number' || typeof value === 'bigint') return this.#number(value, key);
    if (typeof value !== 'object' || value === null) return value;
    if (depth === deepest) return `[nested more than ${deepest} levels deep]`;
    const within = { ...at, depth: depth + 1 };
    if (Array.isArray(value)) return value.map((item) => this.#copy(item, within));
    if (typeof (value as { toJSON?: unknown }).toJSON === 'function') {
      return this.#copy((value as { toJSON(): unknown }).toJSON(), within);
    }
    const copy = new Map<string, unknown>();
    for (const [name, inner] of Object.entries(value)) {
      copy.set(unusedKey(copy, text(name)), this.#copy(inner, { ...within, key: name }));
    }
    return Object.fromEntries(copy);
  }

  /** A number is replaced as a whole or not at all: its digits alone mean nothing. */
  #number(value: number | bigint, key: string): unknown {
    const text = String(value);
    const match = this.#index.find(text);
    const isSecret = match?.start === 0 && match.end === text.length;
    return this.#short(text, key) ?? (isSecret ? mark(match.label) : value);
  }

  #short(text: string, key: string): string | undefined {
    const label = this.#shortByField.get(key.toLowerCase())?.get(text);
    return label === undefined ? undefined : mark(label);
  }
}

/** In JSON, so much blank space that escapes may double it beyond what broken-forms.ts passes over. */
const longGap = /(?:\\.|[ :]){17}/;

/** Texts that one copying remembers what became of them. */
const mostKnown = 20_000;

/** Where in a value a copying is: under which key, how deep, and how texts are redacted there. */
type Place = { key: string; depth: number; text: (given: string) => string };

const mark = (label: string): string => `[redacted:${label}]`;

/** Two keys that became one text by redaction are told apart, so that neither value is lost. */
function unusedKey(taken: ReadonlyMap<string, unknown>, key: string): string {
  let free = key;
  for (let number = 2; taken.has(free); number++) free = `${key} (${number})`;
  return free;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // the question was whether it is
  }
}
