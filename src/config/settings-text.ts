/** The settings as docs/operations.md has them (`npm run fix` writes it, a test holds it). */
import { type InternalEntry, internalEntries } from './internal-entries.ts';
import { type Setting, settings } from './known-keys.ts';

/** The lines around what is written. */
export const settingsMarks = { from: '<!-- settings: npm run fix -->', to: '<!-- /settings -->' } as const;

const defaultText = ({ otherwise, default: given }: Setting): string =>
  otherwise ?? (typeof given === 'string' ? `\`${given}\`` : '');

export const settingsText = (): string =>
  [
    '| setting | where nothing is set | counts | |',
    '| --- | --- | --- | --- |',
    ...Object.entries<Setting>(settings).map(
      ([key, setting]) =>
        `| \`${key}\` | ${defaultText(setting)} | ${setting.unit ?? ''} | ${setting.words} |`,
    ),
    '',
    'What the VM keeps there itself, and nobody sets or removes by hand:',
    '',
    '| entry | |',
    '| --- | --- |',
    ...Object.entries<InternalEntry>(internalEntries).map(([key, { words }]) => `| \`${key}\` | ${words} |`),
  ].join('\n');

/** @throws Error when the document has no place for it */
export function withSettings(document: string): string {
  const [before, rest] = document.split(`${settingsMarks.from}\n`);
  const [, after] = rest?.split(`\n${settingsMarks.to}`) ?? [];
  if (before === undefined || after === undefined) throw new Error('The document has no place for settings');
  return `${before}${settingsMarks.from}\n${settingsText()}\n${settingsMarks.to}${after}`;
}
