/** Secrets that are taken out of texts, each by the name that its reference has. */
import { referenceTo } from './placeholders.ts';

/** `--api-key` → `API_KEY`: as entries of a connection's `secrets` are called. */
const entryName = (label: string): string =>
  referenceTo(
    label
      .replace(/([a-z\d])([A-Z])/g, '$1_$2')
      .toUpperCase()
      .replace(/[^A-Z0-9]+/g, '_')
      .slice(0, 60),
  ).slice(2, -1);

export class Lifted {
  readonly secrets = new Map<string, string>();

  /** Keeps `value` and gives the reference that stands in its place. */
  keep(label: string, value: string): string {
    const base = entryName(label);
    let name = base;
    for (let number = 2; this.secrets.has(name) && this.secrets.get(name) !== value; number++)
      name = `${base}_${number}`;
    this.secrets.set(name, value);
    return referenceTo(name);
  }

  /** The reference of a value that is to be filled in: as it is, or named after its label or its own words. */
  ask(label: string | undefined, placeholder: string): string {
    return placeholder.startsWith('${') ? placeholder : referenceTo(entryName(label ?? placeholder));
  }
}
