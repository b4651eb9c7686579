/**
 * Names of a tool's arguments as the model sees them. Of a tool with an argument called `$filter`, `a b` or `x[]` the model
 * would hear nothing at all: the Agent SDK leaves it out, as the Messages API would refuse the request. Only the names of
 * the arguments themselves matter to both; what lies within an argument may be called anything.
 */

import { isPropertyName, PropertyNames } from '../connections/property-names.ts';
import { isRecord } from '../contract/is-record.ts';

type Schema = Record<string, unknown>;

export type ShownArguments = {
  inputSchema: Schema;
  /** The server's name of each argument that the model sees by another. */
  realNames: ReadonlyMap<string, string>;
};

/** The schema with names that the model may be shown; the same schema where all are. */
export function showArguments(inputSchema: Schema): ShownArguments {
  const names = new Set<string>();
  rename(inputSchema, (name) => {
    names.add(name);
    return name;
  });
  const given = [...names];
  const shown = new PropertyNames(given.filter(isPropertyName));
  const byName = new Map(
    given.filter((name) => !isPropertyName(name)).map((name) => [name, shown.take(name, 'argument')]),
  );
  if (byName.size === 0) return { inputSchema, realNames: new Map() };
  return {
    inputSchema: rename(inputSchema, (name) => byName.get(name) ?? name),
    realNames: new Map([...byName].map(([name, other]) => [other, name])),
  };
}

/** The arguments as the server is to receive them. */
export const realArguments = (
  { realNames }: Pick<ShownArguments, 'realNames'>,
  args: Record<string, unknown>,
): Record<string, unknown> =>
  realNames.size === 0
    ? args
    : Object.fromEntries(Object.entries(args).map(([name, value]) => [realNames.get(name) ?? name, value]));

/** Keywords whose schemas speak of the same object (JSON Schema 2020-12, 10.2). */
const lists = new Set(['allOf', 'anyOf', 'oneOf']);
const schemas = new Set(['not', 'if', 'then', 'else']);
/** What goes by the names of arguments; a value is a list of names, or a schema of the same object. */
const byArgument = new Set(['dependentRequired', 'dependentSchemas', 'dependencies']);

/** A copy of `schema` in which each argument is called what `other` says. */
function rename(schema: Schema, other: (name: string) => string): Schema {
  const again = (value: unknown) => (isRecord(value) ? rename(value, other) : value);
  const listed = (value: unknown) =>
    Array.isArray(value)
      ? value.map((name: unknown) => (typeof name === 'string' ? other(name) : name))
      : again(value);
  const keyed = (value: unknown, inner: (value: unknown) => unknown) =>
    isRecord(value)
      ? Object.fromEntries(Object.entries(value).map(([name, one]) => [other(name), inner(one)]))
      : value;
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      if (keyword === 'properties') return [keyword, keyed(value, (one) => one)];
      if (keyword === 'required') return [keyword, listed(value)];
      if (byArgument.has(keyword)) return [keyword, keyed(value, listed)];
      if (lists.has(keyword) && Array.isArray(value)) return [keyword, value.map(again)];
      if (schemas.has(keyword)) return [keyword, again(value)];
      return [keyword, value];
    }),
  );
}
