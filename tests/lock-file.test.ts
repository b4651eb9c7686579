/** What `npm ci` insists on, seen before a fresh clone does. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

type Package = { resolved?: string; optionalDependencies?: Record<string, string> };
const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, Package>;
};
const packages = Object.entries(lock.packages);

it('names no registry', () => {
  expect(packages.filter(([, { resolved }]) => resolved !== undefined).map(([place]) => place)).toEqual([]);
});

it('has every package that another may want on its platform', () => {
  // A version whose platform packages were not all published is left out of the lock file without a word, and npm ci then refuses it.
  const missing = packages.flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter(
        (name) =>
          !packages.some(
            ([other]) => other === `node_modules/${name}` || other.endsWith(`/node_modules/${name}`),
          ),
      )
      .map((name) => `${name}, wanted by ${place || 'us'}`),
  );
  expect(missing).toEqual([]);
});
