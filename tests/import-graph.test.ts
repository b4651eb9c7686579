/** Imports point up one list only (docs/architecture.md), and the vault's `open` has few, named callers. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const source = path.resolve(import.meta.dirname, '../src');

const order = [
  'contract',
  'kernel',
  'database',
  'vault',
  'audit',
  'queue',
  'config',
  'connections',
  'skills',
  'executions',
  'runner',
  'triggers',
  'core-link',
  'http',
  'cli',
];

/** Who may turn a ciphertext back into a secret (security.md). */
const mayOpen = [
  /^vault\//,
  /^connections\//,
  /^runner\/model-proxy[^/]*\.ts$/,
  /^triggers\/webhook[^/]*\.ts$/,
  /^triggers\/deliver-notices\.ts$/,
  /^core-link\//,
  /^audit\/signing-key\.ts$/,
];

type Import = { from: string; to: string };

const isTest = (file: string) => file.endsWith('.test.ts');

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);

const imports: Import[] = files
  .filter((file) => !isTest(file))
  .flatMap((file) => {
    const text = readFileSync(path.join(source, file), 'utf8');
    const targets = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => match[1] ?? '');
    return targets
      .map((target) => path.relative(source, path.resolve(source, path.dirname(file), target)))
      .filter((target) => !target.startsWith('..'))
      .map((to) => ({ from: file, to }));
  });

const folderOf = (file: string) => (file.includes('/') ? (file.split('/')[0] ?? '') : '');
const rank = (file: string) => {
  const folder = folderOf(file);
  return folder === '' ? order.length : order.indexOf(folder);
};

describe('the import graph', () => {
  it('knows every folder', () => {
    expect(files.map(folderOf).filter((folder) => folder !== '' && !order.includes(folder))).toEqual([]);
  });

  it('points up the list only', () => {
    // The command line starts the VM, and so reaches the composition root (src/*.ts) beneath it.
    const wrong = imports.filter(({ from, to }) => rank(to) > rank(from) && folderOf(from) !== 'cli');
    expect(wrong).toEqual([]);
  });

  it('keeps the contract free of everything but zod', () => {
    const outside = files
      .filter((file) => file.startsWith('contract/') && !isTest(file))
      .flatMap((file) => [...readFileSync(path.join(source, file), 'utf8').matchAll(/from '([^.'][^']*)'/g)])
      .map((match) => match[1]);
    expect([...new Set(outside)]).toEqual(['zod']);
  });

  it('lets only the connections, the model proxy, webhooks and the Core link open a secret', () => {
    const openers = imports
      .filter(({ to }) => to === 'vault/open.ts' || to === 'vault/open-leaves.ts')
      .map(({ from }) => from)
      .filter((from) => !mayOpen.some((pattern) => pattern.test(from)));
    expect(openers).toEqual([]);
  });

  it('lets nobody write a row that directs or admits without a word about its MAC', () => {
    // Whether it is the right one, the verifier sees; what it does not sign, it says here that it need not.
    const writes =
      /\.(connection|accessToken|session|signInLink|approval|skill|skillVersion|stepSession)\.(create|createMany|update|upsert)\(/;
    const silent = files
      .filter((file) => !isTest(file))
      .filter((file) => {
        const text = readFileSync(path.join(source, file), 'utf8');
        return writes.test(text) && !/\b(signRow|signedToken|rowGuardOf|sign)\(/.test(text);
      });
    expect(silent).toEqual([]);
  });

  it('reads the settings in the open through the list of their MACs', () => {
    const readers = files
      .filter((file) => !isTest(file) && !file.startsWith('vault/'))
      .filter((file) => {
        const text = readFileSync(path.join(source, file), 'utf8');
        const reads = /\.config\.(findMany|findUnique|findFirst)\w*\(|FROM config\b/.test(text);
        return reads && !/\b(provedTexts|findAltered|readPlain)\(/.test(text);
      });
    // Both open what is sealed to its place, and read nothing else.
    expect(readers).toEqual(['audit/signing-key.ts', 'core-link/auth-secret.ts']);
  });

  it('reads the environment in one module', () => {
    const readers = files
      .filter((file) => !isTest(file))
      .filter((file) => /process\.env\b/.test(readFileSync(path.join(source, file), 'utf8')));
    // The command line hands the environment to readSettings; nothing else looks at it.
    expect(readers.filter((file) => !file.startsWith('cli/') && file !== 'kernel/settings.ts')).toEqual([]);
  });

  it('lets Core stand on the contract, the kernel, the database, and what both servers need of HTTP', () => {
    const core = path.resolve(source, '../core');
    const wrong = readdirSync(core, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !isTest(file))
      .flatMap((file) =>
        [...readFileSync(path.join(core, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)]
          .map((match) => path.relative(source, path.resolve(core, path.dirname(file), match[1] ?? '')))
          .filter((to) => !to.startsWith('..'))
          .filter(
            (to) =>
              !/^(contract|kernel|database)\/|^http\/(validator|built-pages|page-headers|access\/(same-origin|hosts))\.ts$/.test(
                to,
              ),
          )
          .map((to) => ({ file, to })),
      );
    expect(wrong).toEqual([]);
  });
});
