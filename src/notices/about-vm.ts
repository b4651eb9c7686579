import { headlineOf } from '../executions/headline.ts';
import type { Notice } from '../queue/queue.ts';
import type { RunNotice } from './about-run.ts';
import type { Said } from './said.ts';

type VmNotice = Exclude<Notice, RunNotice>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What a notice says of the VM itself, and of what it stands on. */
export function aboutVm(notice: VmNotice): Said {
  const { detail = {} } = notice;
  const said = wordsOf(notice, detail);
  const { bare, title, text, page, type, data = detail } = said;
  return {
    ...{ bare, title, text, page, type },
    headline: headlineOf(text),
    thread: said.thread ?? notice.event,
    isUrgent: notice.event !== 'budget_near',
    data: { happened: {}, headline: data, whole: data },
  };
}

type Words = Pick<Said, 'bare' | 'title' | 'text' | 'page' | 'type'> & {
  thread?: string;
  data?: Record<string, unknown>;
};

function wordsOf(notice: VmNotice, detail: Record<string, unknown>): Words {
  const error = textOf(detail.error);
  switch (notice.event) {
    case 'needs_login': {
      const { connection: name } = notice;
      return {
        bare: 'A connection wants a sign-in',
        title: `${name} wants a sign-in`,
        text: error === '' ? 'Its sign-in has ended: sign in again, or what uses it fails.' : error,
        page: `/connections/${name}`,
        type: 'connection.needs_login',
        thread: `connection ${name}`,
        data: { name, ...detail },
      };
    }
    case 'channel_failed':
      return {
        bare: 'Another channel of notices takes nothing',
        title: `The channel ${notice.channel} takes nothing`,
        text: error,
        page: '/settings#notices',
        type: 'channel.failed',
        thread: `channel ${notice.channel}`,
        data: { name: notice.channel, ...detail },
      };
    case 'budget_near':
      return {
        bare: 'A budget is nearly spent',
        title: textOf(detail.title),
        text: textOf(detail.text),
        page: '/settings#spending',
        type: 'budget.near',
      };
    case 'model_trouble':
      return {
        bare: 'The model does not answer',
        title: 'The model does not answer',
        text: [error, textOf(detail.remedy)].filter((part) => part !== '').join('\n'),
        page: '/settings#model',
        type: 'model.trouble',
      };
    default: {
      const isFailed = notice.event === 'backup_failed';
      const title = isFailed ? 'A backup failed' : 'A backup is overdue';
      return {
        ...{ bare: title, title },
        text: (isFailed ? [error, lastBackup(detail)] : [lastBackup(detail), error])
          .filter((line) => line !== '')
          .join('\n'),
        page: '/settings#backups',
        type: isFailed ? 'backup.failed' : 'backup.overdue',
        thread: 'backup',
      };
    }
  }
}

/** When a backup was due, and from when the last one is: what would be lost by now. */
function lastBackup({ dueSince, lastAt }: Record<string, unknown>): string {
  const last =
    textOf(lastAt) === '' ? 'None was made yet.' : `The last was made on ${minuteOf(textOf(lastAt))}.`;
  return textOf(dueSince) === '' ? last : `It was due on ${minuteOf(textOf(dueSince))}. ${last}`;
}

/** @param time ISO 8601 in UTC */
const minuteOf = (time: string): string => `${time.slice(0, 10)} at ${time.slice(11, 16)} UTC`;
