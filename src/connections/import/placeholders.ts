/** What stands in an imported text for a value that its author did not give away. */

/** `${input:id}` of VS Code, `${env:NAME}`, `${NAME}` and `${NAME:-default}` of a shell. */
const reference = /\$\{(?:input:|env:)?([A-Za-z_][\w.-]*)(?::-[^}]*)?\}/g;

/** Those, `<your-key>` of a README, and words such as `your-api-key`. */
const placeholder = /\$\{(?:(?:input|env):[^}]+|[A-Za-z_][\w.-]*(?::-[^}]*)?)\}|<[^<>\s]{2,60}>|^your[-_ ]/i;

export const isPlaceholder = (value: string): boolean => placeholder.test(value);

/** True when `value` is nothing but a placeholder. */
export const isWholePlaceholder = (value: string): boolean =>
  /^(?:\$\{[^{}]+\}|<[^<>\s]{2,60}>|your[-_][\w-]{2,60})$/i.test(value);

const nameOf = (id: string): string => id.replace(/[^A-Za-z0-9_]+/g, '_');

/** `text` with every reference as `${NAME}`, the one form that arguments and addresses of a connection know. */
export const asReferences = (text: string): string =>
  text.replace(reference, (_whole, id: string) => referenceTo(nameOf(id)));

/** The names of references in texts that went through `asReferences`. */
export const referencesIn = (texts: readonly string[]): string[] => [
  ...new Set(texts.flatMap((text) => [...text.matchAll(reference)].map(([, id = '']) => nameOf(id)))),
];

/** @param name made into one that an entry of `secrets` may have */
export const referenceTo = (name: string): string => `\${${nameOf(name).replace(/^(?=\d)/, '_') || 'VALUE'}}`;
