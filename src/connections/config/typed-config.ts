/** A connection's config with its type, and what is read out of it without opening a secret. */
import type { z } from 'zod';
import {
  type ConnectionType,
  type ConnectionTypes,
  connectionTypes,
} from '../../contract/connection-types.ts';

/** What a config of this type holds. */
export type ConfigOf<T extends ConnectionType> = z.output<ConnectionTypes[T]['config']>;

/** Its secrets may be open or sealed: that depends on where it stands. */
export type TypedConfig<T extends ConnectionType = ConnectionType> = {
  [P in T]: { type: P; config: ConfigOf<P> };
}[T];

/** @throws ZodError when `config` is not what its type has */
export const parseConfig = (type: ConnectionType, config: unknown): TypedConfig =>
  // Its type's own schema says that they belong together.
  ({ type, config: connectionTypes[type].config.parse(config) }) as TypedConfig;

/** `${NAME}` in an argument or an address stands for `secrets.NAME`. */
const placeholder = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** What stands for the home in arguments, variables and folders of programs: one that moves takes along what is in it. */
export const homePlaceholder = '${ALFRED_HOME}';

/** `text` with the home in its place. */
export const homeIn = (text: string, home: string): string => text.replaceAll(homePlaceholder, () => home);

/** The names that `texts` hold placeholders for, each once. */
export const placeholdersIn = (texts: readonly string[]): string[] => [
  ...new Set(texts.flatMap((text) => [...text.matchAll(placeholder)].map(([, name = '']) => name))),
];

/**
 * `text` with its placeholders filled.
 *
 * @param secretOf the secret of that name; throws when there is none
 */
export const fillPlaceholders = (text: string, secretOf: (name: string) => string): string =>
  text.replace(placeholder, (_whole, name: string) => secretOf(name));
