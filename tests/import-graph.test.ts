/** Imports point up one list only (docs/architecture.md) and never round, the vault's `open` has few, named callers, and no file is long. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const source = path.resolve(import.meta.dirname, '../src');

const architecture = readFileSync(path.resolve(source, '../docs/architecture.md'), 'utf8');

/** The list that imports point up, as the map has it. */
const map = architecture.split('```')[1] ?? '';
const order = [...map.matchAll(/^ {2}([a-z-]+)\/ /gm)].map((match) => match[1] ?? '');

/** Who may turn a ciphertext back into a secret (security.md). */
const openers = [
  'audit/signing-key.ts',
  'backup/open-place.ts',
  'connections/config/open-leaves.ts',
  'core-link/auth-secret.ts',
  'model/proxy/endpoint.ts',
  'notices/carry-over-webhook.ts',
  'notices/open-channel.ts',
  'triggers/webhook-secret.ts',
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
const rank = (file: string) => order.indexOf(folderOf(file));

const foldersIn = (place: string) =>
  readdirSync(place, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    // Git leaves folders behind that it has emptied.
    .filter((name) => readdirSync(path.join(place, name)).length > 0);

describe('the map', () => {
  it('has every folder of src, and none that is not there', () => {
    expect([...order].sort()).toEqual(foldersIn(source).sort());
    expect(files.filter((file) => folderOf(file) === '')).toEqual([]);
  });

  it('has every folder of the repository that is kept, and of the console', () => {
    const root = path.resolve(source, '..');
    const passing = ['node_modules', 'generated', 'dist'];
    const kept = foldersIn(root).filter((name) => !name.startsWith('.') && !passing.includes(name));
    expect([...map.matchAll(/^([a-z]+)\/ /gm)].map((match) => match[1]).sort()).toEqual(kept.sort());
    const words = map.slice(map.indexOf('\nconsole/'), map.indexOf('\nsamples/'));
    expect(foldersIn(path.join(root, 'console')).filter((name) => !words.includes(`${name}/`))).toEqual([]);
  });
});

describe('the import graph', () => {
  it('points up the list only', () => {
    const wrong = imports.filter(({ from, to }) => rank(to) > rank(from));
    expect(wrong).toEqual([]);
  });

  it('keeps the contract free of everything but zod', () => {
    const outside = files
      .filter((file) => file.startsWith('contract/') && !isTest(file))
      .flatMap((file) => [...readFileSync(path.join(source, file), 'utf8').matchAll(/from '([^.'][^']*)'/g)])
      .map((match) => match[1]);
    expect([...new Set(outside)]).toEqual(['zod']);
  });

  it('lets eight files open a secret, and no other', () => {
    const found = imports
      .filter(({ from, to }) => to === 'vault/open.ts' && !from.startsWith('vault/'))
      .map(({ from }) => from);
    expect(found.sort()).toEqual(openers);
    const wall = /- A secret is opened in (.*?)\n- /s.exec(architecture)?.[1] ?? '';
    const named = [...wall.matchAll(/`([\w/-]+\.ts)`/g)].map(([, file]) => file);
    expect(named.sort()).toEqual(openers);
  });

  it('lets nobody write a row that directs or admits without a word about its MAC', () => {
    // Whether it is the right one, the verifier sees; what it does not sign, it says here that it need not.
    const writes =
      /\.(connection|accessToken|session|signInLink|passkey|password|appGrant|appToken|approval|skill|skillVersion|stepSession|noticeChannel|approvalLink)\.(create|createMany|update|upsert)\(/;
    const silent = files
      .filter((file) => !isTest(file))
      .filter((file) => {
        const text = readFileSync(path.join(source, file), 'utf8');
        return writes.test(text) && !/\b(signRow|writeCatalog|signedToken|rowGuardOf|sign)\(/.test(text);
      });
    expect(silent).toEqual([]);
  });

  it('reads the settings in the open through the list of their MACs', () => {
    const readers = files
      .filter((file) => !isTest(file) && !file.startsWith('vault/'))
      .filter((file) => {
        const text = readFileSync(path.join(source, file), 'utf8');
        const reads = /\.config\.(findMany|findUnique|findFirst)\w*\(|FROM config\b/.test(text);
        return reads && !/\b(provedTexts|valuesOf|findAltered|readPlain)\(/.test(text);
      });
    // They open what is sealed to its place, or the keyring, or seal it anew, or see when it was written, or whether it is the same
    // as when it was read through the list, and read nothing else.
    expect(readers).toEqual([
      'audit/signing-key.ts',
      'chat/turn-ahead.ts',
      'core-link/auth-secret.ts',
      'executions/read-startable.ts',
      'keys/keyring-at-hand.ts',
      'keys/reseal-values.ts',
      'keys/rotate-data-keys.ts',
      'model/trouble.ts',
      'notices/push-key.ts',
    ]);
  });

  it('reads the environment in one module', () => {
    const readers = files
      .filter((file) => !isTest(file))
      .filter((file) => /process\.env\b/.test(readFileSync(path.join(source, file), 'utf8')));
    // The command line hands the environment to readSettings; nothing else looks at it.
    expect(readers.filter((file) => !file.startsWith('cli/') && file !== 'kernel/settings.ts')).toEqual([]);
  });

  it('lets Core stand on the contract, the kernel, the database, and what both programs need of HTTP and of backups', () => {
    const core = path.resolve(source, '../core');
    const wrong = readdirSync(core, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !isTest(file))
      .flatMap((file) =>
        [...readFileSync(path.join(core, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)]
          .map((match) => path.relative(source, path.resolve(core, path.dirname(file), match[1] ?? '')))
          .filter((to) => !to.startsWith('..'))
          .filter((to) => !/^((contract|kernel|processes|database|web)\/|audit\/chain\.ts$)/.test(to))
          // Those of a backup that know nothing of a vault.
          .filter(
            (to) =>
              !/^backup\/(backup-place|backup-standing|folder-place|home-files|home-database|open-backup|prune-backups|s3-client|s3-place|stage|swap-home|write-backup)\.ts$/.test(
                to,
              ),
          )
          .filter((to) => !/^config\/(store-address|values)\.ts$/.test(to))
          .map((to) => ({ file, to })),
      );
    expect(wrong).toEqual([]);
  });
});

/** All that we wrote ourselves, by its path in the repository, with the text of each file. */
const root = path.resolve(source, '..');
const written = new Map(
  ['src', 'core', 'console', 'tests', 'bench', 'scripts', 'bin'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((file) => path.join(folder, file))
      .filter((file) => /\.(ts|tsx|js)$/.test(file) && !/\b(node_modules|dist|generated)\//.test(file))
      .map((file) => [file, readFileSync(path.join(root, file), 'utf8')]),
  ),
);

/** The ways that lead from a file back to itself. */
function cyclesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const seen = new Set<string>();
  const found: string[][] = [];
  const visit = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file);
    if (at >= 0) found.push([...way.slice(at), file]);
    if (at >= 0 || seen.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...way, file]);
    seen.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}

describe('every file', () => {
  it('reaches itself by no import, those of types among them', () => {
    const graph = new Map(
      [...written].map(([file, text]) => {
        const targets = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)];
        return [file, targets.map((target) => path.join(path.dirname(file), target[1] ?? ''))];
      }),
    );
    expect(cyclesIn(graph)).toEqual([]);
    const round = new Map([...graph, ['src/contract/errors.ts', ['src/runner/run-execution.ts']]]);
    expect(cyclesIn(round)).not.toEqual([]);
  });

  it('has at most 250 lines, tests and tables aside', () => {
    const tables = ['tests/helpers/endings.ts'];
    const held = /^(src|core|console|scripts|bin|bench|tests\/helpers|tests\/soak)\//;
    const long = [...written]
      .filter(([file, text]) => held.test(file) && !isTest(file) && text.split('\n').length - 1 > 250)
      .map(([file]) => file);
    expect(long.sort()).toEqual(tables);
  });
});
