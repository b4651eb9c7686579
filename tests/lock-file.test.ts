/** What `npm ci` insists on, and what it would warn of (.npmrc keeps it quiet), seen before a fresh clone does. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { satisfies } from 'semver';
import { describe, expect, it } from 'vitest';

type Package = {
  version?: string;
  resolved?: string;
  integrity?: string;
  link?: true;
  inBundle?: true;
  deprecated?: string;
  engines?: { node?: string };
  optionalDependencies?: Record<string, string>;
};
const root = path.resolve(import.meta.dirname, '..');
const readJson = <T>(file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8')) as T;
const packages = Object.entries(
  readJson<{ packages: Record<string, Package> }>('package-lock.json').packages,
);
const ours = readJson<Package>('bin/node-24/package.json');

it('names no registry', () => {
  const fetched = packages.filter(([, { link, resolved }]) => link !== true && resolved !== undefined);
  expect(fetched.map(([place]) => place)).toEqual([]);
});

it('has a hash of everything that is fetched', () => {
  // npm writes none for what it finds installed when it makes the file anew (docs/decisions/0016).
  const fetched = packages.filter(
    ([place, { link, inBundle }]) => place.includes('node_modules/') && !link && !inBundle,
  );
  expect(fetched.filter(([, { integrity }]) => integrity === undefined).map(([place]) => place)).toEqual([]);
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

describe('the Node.js that comes along', () => {
  it('is installed where the machine has none of its kind, and only there', () => {
    expect(ours.engines).toEqual({ node: '<24.7' });
    expect(packages.find(([place]) => place === 'node_modules/node-24')?.[1]).toMatchObject({ link: true });
  });

  it('is the one of the image', () => {
    const dockerfile = readFileSync(path.join(root, 'deploy/Dockerfile'), 'utf8');
    expect(dockerfile).toContain(`FROM node:${ours.version}-`);
    expect(new Set(Object.values(ours.optionalDependencies ?? {}))).toEqual(new Set([ours.version]));
  });

  it('is new enough for every package', () => {
    const unfit = packages.filter(([, { engines }]) => !satisfies(ours.version ?? '', engines?.node ?? '*'));
    expect(unfit.map(([place, { engines }]) => `${place} wants Node ${engines?.node}`)).toEqual([
      'bin/node-24 wants Node <24.7',
    ]);
  });
});

it('has no package that its authors have given up', () => {
  expect(packages.filter(([, { deprecated }]) => deprecated !== undefined).map(([place]) => place)).toEqual(
    [],
  );
});
