/**
 * What an object holds under a name that comes from outside: a secret, a field, a code. Each object has a `constructor` and more from
 * its prototype, which nobody put there.
 */
export const own = <Value>(object: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined;
