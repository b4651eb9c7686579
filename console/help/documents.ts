/** The documentation that comes with this VM, in the words of its files. */

export type DocumentName = keyof typeof documents;

/** In the order in which people need them. */
export const documents = {
  operations: {
    title: 'Operations',
    about:
      'Every setting, money, schedules, webhooks, notices, backups, and what to do when something is wrong',
  },
  security: {
    title: 'Security',
    about: 'What this defends against, who gets in, what is sealed and what is on record',
  },
  architecture: {
    title: 'How it is built',
    about: 'The words, one execution from end to end, and where the walls are',
  },
  skills: { title: 'Skills that were tried', about: 'Skills of others, and what became of each here' },
  servers: { title: 'MCP servers that were tried', about: 'What each needs, and what to know of it' },
  apis: { title: 'APIs that were tried', about: 'OpenAPI documents, and how many tools each makes' },
  providers: { title: 'Sign-ins of services', about: 'What to register where, to sign in to a service' },
  senders: { title: 'Senders of webhooks', about: 'How each signs, and what to enter there' },
  'mcp-clients': { title: 'Alfred in other programs', about: 'Skills as tools of an MCP client' },
  endings: { title: 'How runs end', about: 'Every code of an error, and what to do' },
} as const;

const files = import.meta.glob<string>('../../docs/*.md', { query: '?raw', import: 'default' });

export const isDocument = (name: string): name is DocumentName => Object.hasOwn(documents, name);

/** The text of one. @throws Error where its file cannot be had */
export async function readDocument(name: DocumentName): Promise<string> {
  const load = files[`../../docs/${name}.md`];
  if (load === undefined) throw new Error(`There is no document ${name}`);
  return await load();
}
