/**
 * Replaces every known secret value before anything is stored, logged, streamed or sent to the model. A replaced value
 * reads `[redacted:<label>]`, where the label names the secret: `<connection>.<field>`, or the key of a config entry.
 */
import { PatternIndex } from './redact/pattern-index.ts';
import { secretForms, shortestForm } from './redact/secret-forms.ts';

export type RedactingStream = {
  /** Takes a chunk, and gives what can be let go: everything but a tail that may be the beginning of a secret. */
  push(chunk: string): string;
  /** Gives the rest. */
  end(): string;
};

export class Redactor {
  readonly #index = new PatternIndex();
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
    if (secret.trim().length >= shortestForm) return true;
    if (secret !== '') this.#registerShort(label, secret);
    return false;
  }

  /** `text` without known secrets. */
  text(text: string): string {
    let out = '';
    let at = 0;
    for (let match = this.#index.find(text); match; match = this.#index.find(text, at)) {
      out += text.slice(at, match.start) + mark(match.label);
      at = match.end;
    }
    return at === 0 ? text : out + text.slice(at);
  }

  /** A serialized line (JSON) without known secrets. */
  line(line: string): string {
    return this.text(line);
  }

  /** A copy of a JSON value without known secrets in its strings and keys. */
  value<T>(value: T): T {
    return this.#copy(value, '') as T;
  }

  /** Redacts text that comes in chunks: a secret that is split between them is found. */
  stream(): RedactingStream {
    const index = this.#index;
    let held = '';
    return {
      push(chunk) {
        held += chunk;
        let out = '';
        let at = 0;
        for (;;) {
          const open = index.openAt(held, at);
          const match = index.find(held, at);
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
      const json = JSON.stringify(secret);
      const quoted = [`"${name}":${json}`, `"${name}": ${json}`];
      const forms = [
        `${name}=${secret}`,
        `${name}: ${secret}`,
        ...quoted,
        ...quoted.map((form) => JSON.stringify(form).slice(1, -1)),
      ];
      for (const form of forms) if (form.length >= shortestForm) this.#index.add(form, label);
    }
  }

  #copy(value: unknown, key: string): unknown {
    if (typeof value === 'string') {
      const label = this.#shortByField.get(key.toLowerCase())?.get(value);
      return label === undefined ? this.text(value) : mark(label);
    }
    if (Array.isArray(value)) return value.map((item) => this.#copy(item, key));
    if (typeof value !== 'object' || value === null) return value;
    if (typeof (value as { toJSON?: unknown }).toJSON === 'function') {
      return this.#copy((value as { toJSON(): unknown }).toJSON(), key);
    }
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [this.text(name), this.#copy(inner, name)]),
    );
  }
}

const mark = (label: string): string => `[redacted:${label}]`;
