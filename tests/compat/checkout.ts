/** Files of public repositories, each at one commit: from where they are already, or by git. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';

export type Source = {
  /** `owner/name` at GitHub. */
  repository: string;
  commit: string;
};

/**
 * The folder of a repository, with `wanted` of it. What is there already is taken as it is, so that a machine that does not
 * reach GitHub can be given the files in `folder/owner/name`.
 */
export function checkOut(folder: string, { repository, commit }: Source, wanted: readonly string[]): string {
  const place = path.join(folder, repository);
  if (wanted.every((file) => existsSync(path.join(place, file)))) return place;
  mkdirSync(place, { recursive: true });
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', place, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  git('init', '--quiet');
  git('sparse-checkout', 'set', '--no-cone', ...wanted);
  // Only the files that are wanted are fetched, and nothing of the history.
  git('fetch', '--quiet', '--depth=1', '--filter=blob:none', `https://github.com/${repository}`, commit);
  git('checkout', '--quiet', 'FETCH_HEAD');
  return place;
}
