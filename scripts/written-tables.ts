/** The tables of documents that the code knows better: `npm run tables` writes them, tests/docs.test.ts holds them. */
import { settingsText } from '../src/config/settings-text.ts';
import { scopesText } from '../src/http/access/scopes-text.ts';
import { apisText } from './apis-text.ts';
import { providerStepsText, providersText } from './providers-text.ts';
import { senderStepsText, sendersText } from './senders-text.ts';
import { serversText, serversThatNeedMoreText } from './servers-text.ts';
import { skillsText } from './skills-text.ts';

/** What stands in a document between `<!-- name: npm run tables -->` and `<!-- /name -->`. */
export type WrittenTable = { document: string; name: string; text(): string };

export const writtenTables: readonly WrittenTable[] = [
  { document: 'docs/operations.md', name: 'settings', text: settingsText },
  { document: 'docs/security.md', name: 'scopes', text: scopesText },
  { document: 'docs/apis.md', name: 'apis', text: apisText },
  { document: 'docs/servers.md', name: 'servers', text: serversText },
  { document: 'docs/servers.md', name: 'servers-more', text: serversThatNeedMoreText },
  { document: 'docs/providers.md', name: 'providers', text: providersText },
  { document: 'docs/providers.md', name: 'provider-steps', text: providerStepsText },
  { document: 'docs/skills.md', name: 'skills', text: skillsText },
  { document: 'docs/senders.md', name: 'senders', text: sendersText },
  { document: 'docs/senders.md', name: 'sender-steps', text: senderStepsText },
];

/**
 * `document` with the table as the code has it.
 *
 * @throws Error when the document has no place for it
 */
export function withTable(document: string, { name, text }: WrittenTable): string {
  const from = `<!-- ${name}: npm run tables -->\n`;
  const to = `<!-- /${name} -->`;
  const [before, rest] = document.split(from);
  const [, after] = rest?.split(to) ?? [];
  if (before === undefined || after === undefined) throw new Error(`The document has no place for ${name}`);
  return `${before}${from}${text()}\n${to}${after}`;
}
