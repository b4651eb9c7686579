/** The settings as docs/operations.md has them (scripts/written-tables.ts). */
import { type InternalEntry, internalEntries } from './internal-entries.ts';
import { settings } from './known-keys.ts';
import type { Setting } from './setting.ts';

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
