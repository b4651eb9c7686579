/** The documents of the repository, what they quote, and the sources that they speak of. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

export const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** A piece of text and where it stands, as `file:line`. */
export type Quote = { text: string; at: string };

/** What is written for those who read the repository; skills and samples have other readers. */
export const documents: readonly string[] = globSync(['*.md', 'docs/**/*.md', 'findings/*.md'], {
  cwd: root,
}).toSorted();

const folders = '{.ci,bench,bin,console,core,deploy,findings,prisma,scripts,src,tests}';

/** Every source, tests among them. */
export const sources: readonly string[] = globSync(
  [
    `${folders}/**/*.{cjs,html,js,json,mjs,prisma,service,sh,sql,ts,tsx,yaml,yml}`,
    'deploy/Caddyfile.core',
    'deploy/Dockerfile',
    '*.ts',
    '*.json',
  ],
  { cwd: root },
)
  .filter((file) => file !== 'package-lock.json')
  .toSorted();

export const isTest = (file: string): boolean => /\.test\.tsx?$/.test(file) || file.startsWith('tests/');

/** The lines of a document; those between fences are a block's. */
function linesOf(document: string): (Quote & { isBlock: boolean })[] {
  let isBlock = false;
  return read(document)
    .split('\n')
    .flatMap((text, index) => {
      const isFence = text.startsWith('```');
      if (isFence) isBlock = !isBlock;
      return isFence ? [] : [{ text, at: `${document}:${index + 1}`, isBlock }];
    });
}

const lines = documents.flatMap(linesOf);

/** The lines between fences. */
export const blocks: readonly Quote[] = lines.filter(({ isBlock }) => isBlock);

/** The lines of the text itself. */
export const prose: readonly Quote[] = lines.filter(({ isBlock }) => !isBlock);

/** What stands between backquotes in the text. */
export const quotes: readonly Quote[] = prose.flatMap(({ text, at }) =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, quoted = '']) => ({ text: quoted, at })),
);
