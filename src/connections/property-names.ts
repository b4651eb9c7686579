/** Names of a tool's arguments. The Messages API refuses keys with other characters than these, or longer ones. */
const clean = (text: string): string =>
  text
    .replace(/[^A-Za-z0-9_.-]+/g, '_')
    .replace(/(?<=.)_+$/, '')
    .slice(0, 64) || '_';

/** Whether a tool's argument may be called `name`. */
export const isPropertyName = (name: string): boolean =>
  /^[A-Za-z0-9_.-]{1,64}$/.test(name) && name !== '__proto__';

export class PropertyNames {
  readonly #taken: Set<string>;

  /** @param taken names that are used as they are */
  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  /** `wanted` in characters that are allowed, or with `place` behind it when that is taken already. */
  take(wanted: string, place: string): string {
    const first = clean(wanted);
    for (let attempt = 0; ; attempt++) {
      const end = attempt === 0 ? '' : `_${place}${attempt === 1 ? '' : attempt}`;
      const name = first.slice(0, 64 - end.length) + end;
      if (this.#taken.has(name) || name === '__proto__') continue;
      this.#taken.add(name);
      return name;
    }
  }
}
