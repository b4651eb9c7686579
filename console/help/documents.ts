/** The documentation that comes with this VM, in the words of its files. */
import { t } from '../words/t.ts';

export type DocumentName = keyof typeof documents;

/** In the order in which people need them. */
export const documents = {
  operations: {
    title: t('Operations'),
    about: t(
      'Every setting, money, schedules, webhooks, notices, backups, and what to do when something is wrong',
    ),
  },
  security: {
    title: t('Security'),
    about: t('What this defends against, who gets in, what is sealed and what is on record'),
  },
  architecture: {
    title: t('How it is built'),
    about: t('The words, one execution from end to end, and where the walls are'),
  },
  skills: { title: t('Skills that were tried'), about: t('Skills of others, and what became of each here') },
  servers: { title: t('MCP servers that were tried'), about: t('What each needs, and what to know of it') },
  apis: { title: t('APIs that were tried'), about: t('OpenAPI documents, and how many tools each makes') },
  providers: {
    title: t('Sign-ins of services'),
    about: t('What to register where, to sign in to a service'),
  },
  senders: { title: t('Senders of webhooks'), about: t('How each signs, and what to enter there') },
  'mcp-clients': { title: t('Alfred in other programs'), about: t('Skills as tools of an MCP client') },
  endings: { title: t('How runs end'), about: t('Every code of an error, and what to do') },
} as const;

const files = import.meta.glob<string>('../../docs/*.md', { query: '?raw', import: 'default' });

export const isDocument = (name: string): name is DocumentName => Object.hasOwn(documents, name);

/** The text of one. @throws Error where its file cannot be had */
export async function readDocument(name: DocumentName): Promise<string> {
  const load = files[`../../docs/${name}.md`];
  if (load === undefined) throw new Error(t('There is no document {name}', { name }));
  return await load();
}
