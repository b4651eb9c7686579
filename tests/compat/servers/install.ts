/** Installs a server into a folder of its own, without running anything of it, and finds the program that npx would start. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Trial } from './trial.ts';

export type Installed = { program: string; folder: string; diskMiB: number };

const manifest = z.object({ bin: z.union([z.string(), z.record(z.string(), z.string())]) });

/** @throws Error when npm cannot install it, or it has no program */
export function install(scratch: string, trial: Trial): Installed {
  const at = trial.package.lastIndexOf('@');
  const name = trial.package.slice(0, at);
  const folder = path.join(scratch, trial.package.replaceAll(/[@/]/g, '_'));
  const home = path.join(folder, 'node_modules', name);
  if (!existsSync(path.join(home, 'package.json'))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), '{"private": true}');
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
    execFileSync('npm', ['install', ...quiet, '--cache', path.join(scratch, 'npm'), trial.package], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  const { bin } = manifest.parse(JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8')));
  const short = name.split('/').at(-1) ?? name;
  const program = typeof bin === 'string' ? bin : (bin[trial.bin ?? short] ?? Object.values(bin).at(0));
  if (program === undefined) throw new Error(`${trial.package} has no program`);
  const [size = '0'] = execFileSync('du', ['-smD', folder], { encoding: 'utf8' }).split('\t');
  return { program: path.join(home, program), folder, diskMiB: Number(size) };
}
