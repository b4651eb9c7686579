/** The sections of the settings, in their order: the page's own list goes by it, and so does whoever looks for one by typing. */
import { t } from '../words/t.ts';

/** `also`: other words that people look for it by. */
export const sections = [
  { id: 'model', title: t('Model'), also: t('key API key provider address Anthropic Claude') },
  {
    id: 'language',
    title: t('Language and units'),
    also: t('language German English clock hours time currency bytes'),
  },
  { id: 'spending', title: t('Spending'), also: t('cap limit budget money cost dollars raise') },
  { id: 'limits', title: t('Limits and time'), also: t('timeout minutes limit at once') },
  { id: 'chat', title: t('Conversations'), also: t('chat conversation') },
  { id: 'keeping', title: t('What is kept'), also: t('retention delete days history keep') },
  { id: 'backups', title: t('Backups'), also: t('backup restore copy save store S3') },
  {
    id: 'notices',
    title: t('Notices'),
    also: t('notify notification alert mail e-mail push phone Telegram Slack Discord ntfy channel'),
  },
  { id: 'phone', title: t('On your phone'), also: t('phone mobile QR app home screen') },
  {
    id: 'starts',
    title: t('Who can start runs'),
    also: t('who can start things access permission start trigger webhook schedule token'),
  },
  { id: 'signing-in', title: t('Signing in'), also: t('passkey password link login key') },
  { id: 'sessions', title: t('Signed in'), also: t('session browser device sign out access') },
  { id: 'apps', title: t('Apps'), also: t('MCP Claude Code Cursor program OAuth access') },
  { id: 'tokens', title: t('Access tokens'), also: t('token API key script access') },
  { id: 'appearance', title: t('Appearance'), also: t('theme dark light colours') },
] as const;

export type SectionId = (typeof sections)[number]['id'];

/** What stands above a section. */
export const titleOf = (id: SectionId): string => sections.find((one) => one.id === id)?.title ?? id;
