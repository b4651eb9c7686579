/**
 * What went wrong, as the console says it. The API's texts are for programs and terminals too: here a code decides what to do
 * next and where, so that no command line, no JSON pointer and no log stands between a person and their button.
 */
import type { ErrorCode, Problem } from '../../src/contract/errors.ts';
import { ApiError } from '../api/client.ts';
import { meaningOf, t, told } from '../words/t.ts';
import { own } from './own.ts';

type Remedy = { words: string; to?: string; link?: string };

export type ProblemWords = {
  /** One line. */
  said: string;
  /** What more was told, as it came: a program's output mostly. */
  log: string | undefined;
  /** Each wrong field by the name that people know it by. */
  fields: { name: string; message: string }[];
  remedy: Remedy | undefined;
};

const connections = { to: '/connections', link: t('Open connections') };
const settings = { to: '/settings', link: t('Open settings') };
const vault = { to: '/vault', link: t('Open the vault') };
const approve: Remedy = {
  words: t('Look at the connection and approve it, then try again.'),
  ...connections,
};
const model: Remedy = { words: t('Check the key, the address and the name of the model.'), ...settings };

const remedies: Partial<Record<ErrorCode, Remedy>> = {
  E_NOT_RUNNING: { words: t('This page carries on by itself as soon as the server is back.') },
  E_NOT_READY: { words: t('The server is still starting. Try again in a moment.') },
  E_PRECONDITION: {
    words: t('It was changed in another window meanwhile. Reload the page to see how it is now.'),
  },
  E_STOPPED: { words: t('Everything is stopped. Press “Go on” at the top of the page first.') },
  E_SKILL_INACTIVE: {
    words: t('Make the skill active in its editor first.'),
    to: '/skills',
    link: t('Open skills'),
  },
  E_NOT_APPROVED: approve,
  E_TOOL_CHANGED: approve,
  E_CONNECTION_INACTIVE: { words: t('Switch the connection on, then try again.'), ...connections },
  E_NEEDS_LOGIN: { words: t('Sign in to the service on the page of the connection.'), ...connections },
  E_UNKNOWN_TOOL: { words: t('Choose among the tools that the connection offers now.'), ...connections },
  E_MODEL_AUTH: model,
  E_MODEL_NOT_FOUND: model,
  E_MODEL_UNREACHABLE: model,
  E_DISK_FULL: { words: t('Make room on the disk, or keep less in the settings.'), ...settings },
  E_ROW_ALTERED: {
    words: t('Something other than Alfred changed the database. The audit log says what Alfred did.'),
    ...vault,
  },
  E_ALREADY_LINKED: { words: t('End the present link first.'), to: '/core', link: t('Open Core') },
  E_NOT_LINKED: { words: t('Link this server to a Core first.'), to: '/core', link: t('Open Core') },
  E_NOT_REPLAYABLE: { words: t('Run it again instead, or replay a later run.') },
};

/** Only for terminals: a command, or a name in backticks. */
export const isForTerminals = (text: string): boolean => /npx alfred|: alfred |`/.test(text);

const longestLine = 200;

export function wordsOf(error: unknown): ProblemWords {
  if (!(error instanceof ApiError)) return { ...lineOf(messageOf(error)), fields: [], remedy: undefined };
  const { problem } = error;
  const fields = (problem.errors ?? []).map(({ field, message }) => ({
    name: fieldName(field),
    message: told(plain(message)),
  }));
  return { ...saidOf(problem), fields, remedy: remedyOf(problem) };
}

/** In another language than the server's: what its code means, and beneath it what the server said. */
function saidOf(problem: Problem): Pick<ProblemWords, 'said' | 'log'> {
  const detail = plain(detailOf(problem));
  const meaning = problem.errors?.length ? undefined : meaningOf(problem.code);
  return meaning === undefined ? lineOf(told(detail)) : { said: meaning, log: detail };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Of what failed its schema the API tells the fields in the sentence too: they are shown beneath it. */
function detailOf({ code, detail, errors }: Problem): string {
  if (code !== 'E_VALIDATION' || !errors?.length) return detail;
  return errors.every(({ field }) => detail.includes(`${field || 'it'}: `))
    ? t('Something here needs another look:')
    : detail;
}

/** What to do next; of what the server says, what can be done on a page. */
export function remedyOf({
  code = '',
  remedy,
}: {
  code?: string | undefined;
  remedy?: string | undefined;
}): Remedy | undefined {
  const here = own(remedies, code);
  if (here !== undefined) return here;
  return remedy === undefined || isForTerminals(remedy) ? undefined : { words: remedy };
}

/** The first line, and all of it where that is more than a line. */
function lineOf(text: string): Pick<ProblemWords, 'said' | 'log'> {
  const [first = ''] = text.trim().split('\n');
  const said = first.length > longestLine ? `${first.slice(0, longestLine).trimEnd()}…` : first;
  return { said, log: said === text.trim() ? undefined : text.trim() };
}

/** Without the backticks of a terminal. */
export const plain = (text: string): string => text.replace(/`([^`\n]+)`/g, '“$1”');

/** `/steps/0/allowedTools` as `Step 1, allowed tools`; of the whole, nothing. */
export function fieldName(pointer: string): string {
  const parts = pointer.split('/').slice(1);
  const words = parts.flatMap((part, index) => {
    if (/^\d+$/.test(part)) return [];
    const next = parts[index + 1] ?? '';
    return /^\d+$/.test(next) ? [`${wordsIn(part).replace(/s$/, '')} ${Number(next) + 1}`] : [wordsIn(part)];
  });
  const text = words.join(', ');
  return text === '' ? '' : `${text[0]?.toUpperCase()}${text.slice(1)}`;
}

const wordsIn = (name: string): string =>
  name
    .replace(/[_-]/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
