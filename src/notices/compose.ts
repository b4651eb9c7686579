/** The message that a channel is given of a notice: as much of it as its owner lets out, and no secret. */
import type { ChannelRules } from '../contract/channels.ts';
import type { Database } from '../database/client.ts';
import { findExecution } from '../executions/find-execution.ts';
import type { Settings } from '../kernel/settings.ts';
import type { Notice } from '../queue/queue.ts';
import type { Vault } from '../vault/vault.ts';
import { aboutRun } from './about-run.ts';
import { aboutVm } from './about-vm.ts';
import { oneLine } from './cut-text.ts';
import type { Message } from './message.ts';

export type ComposeDeps = {
  db: Database;
  vault: Vault;
  settings: Pick<Settings, 'publicUrl'>;
};

/**
 * Words for a person and for a program.
 *
 * @throws AlfredError E_NOT_FOUND where what it tells of is gone
 */
export async function compose(
  deps: ComposeDeps,
  notice: Notice,
  { content }: Pick<ChannelRules, 'content'>,
): Promise<Message> {
  const { db, vault, settings } = deps;
  // Secrets that another process saved meanwhile must be known, to be redacted.
  await vault.upToDate();
  const said =
    'executionId' in notice
      ? await aboutRun(db, notice, await findExecution(db.prisma, notice.executionId))
      : aboutVm(notice);
  const { publicUrl } = settings;
  const page = publicUrl === undefined ? undefined : `${publicUrl}${said.page}`;
  const words = {
    happened: { title: said.bare, text: '' },
    headline: { title: said.title, text: said.headline },
    whole: { title: said.title, text: said.text },
  }[content];
  const body = {
    type: said.type,
    timestamp: notice.at,
    data: { ...said.data[content], ...(page === undefined ? {} : { url: page }) },
  };
  const { redactor } = vault;
  return {
    ...{
      id: notice.noticeId,
      at: notice.at,
      page,
      path: said.page,
      links: [],
      thread: said.thread,
      isUrgent: said.isUrgent,
    },
    title: oneLine(redactor.text(words.title)),
    text: redactor.text(words.text),
    body: redactor.value(body),
  };
}
