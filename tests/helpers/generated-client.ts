/**
 * A client as somebody else would have it: types that openapi-typescript generates from a server's own document, in a folder of their
 * own, and a program that uses them by openapi-fetch, compiled under `strict`.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { installation } from '../../src/kernel/installation.ts';

const run = promisify(execFile);
const packages = path.join(installation, 'node_modules');

const strict = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--lib', 'es2024,dom'];

/**
 * Generates the types, compiles the program and runs it against the server.
 *
 * @param document the server's OpenAPI document
 * @param program imports `./api.d.ts` and `openapi-fetch`; it is given the server's address and a token
 * @param mistakes lines behind the program that must not compile: were one to, the document would say too little
 * @returns what the program printed
 * @throws Error with what the compiler or the program said
 */
export async function useGeneratedClient(
  document: unknown,
  { program, mistakes }: { program: string; mistakes: readonly string[] },
  { url, token }: { url: string; token: string },
): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alfred-client-'));
  const node = async (...args: string[]): Promise<string> => {
    const { stdout } = await run(process.execPath, args, { cwd: folder }).catch((error: unknown) => {
      const { stdout: out = '', stderr: err = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`${out}${err}`, { cause: error });
    });
    return stdout;
  };
  try {
    await symlink(packages, path.join(folder, 'node_modules'));
    const refused = mistakes.map((line) => `// @ts-expect-error\n${line}\n`).join('');
    const files = {
      'package.json': '{ "private": true, "type": "module" }\n',
      'node.d.ts': 'declare const process: { argv: string[] };\n',
      'api.json': JSON.stringify(document),
      'client.ts': program,
      'mistakes.ts': `${program}\n${refused}`,
    };
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
    await node(path.join(packages, 'openapi-typescript/bin/cli.js'), 'api.json', '--output', 'api.d.ts');
    const compiler = path.join(packages, '.bin/tsc');
    await node(compiler, ...strict, '--allowImportingTsExtensions', 'client.ts', 'mistakes.ts', 'node.d.ts');
    return await node('client.ts', url, token);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
