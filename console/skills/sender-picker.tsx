/** Who calls a webhook: a sender by its name, found by typing. */
import { useState } from 'react';
import type { WebhookSender } from '../../src/contract/webhooks.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { SearchInput } from '../ui/search-input.tsx';
import { t } from '../words/t.ts';

/** One choice of the list. */
export type SenderChoice = Pick<WebhookSender, 'auth' | 'title' | 'also' | 'words'>;

/** What is no sender with a name. */
export const unnamed: readonly SenderChoice[] = [
  {
    auth: 'custom',
    title: t('Another sender'),
    also: ['custom'],
    words: t('signed by a scheme that you write down'),
  },
  {
    auth: 'none',
    title: t('Anybody'),
    also: ['none', 'unsigned'],
    words: t('not at all: whoever knows the address may start it'),
  },
];

/** Those that begin with what was typed first. */
function sendersLike(text: string, choices: readonly SenderChoice[]): SenderChoice[] {
  const wanted = text.trim().toLowerCase();
  const rank = ({ auth, title, also }: SenderChoice): number => {
    const names = [title, auth, ...also].map((name) => name.toLowerCase());
    if (names.some((name) => name.startsWith(wanted))) return 0;
    return names.some((name) => name.includes(wanted)) ? 1 : 2;
  };
  return choices.filter((choice) => rank(choice) < 2).sort((one, other) => rank(one) - rank(other));
}

export function SenderPicker({
  choices,
  auth,
  error,
  onPick,
}: {
  choices: readonly SenderChoice[];
  auth: string;
  error: string | undefined;
  onPick(auth: string): void;
}) {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState('');
  const picked = choices.find((choice) => choice.auth === auth);
  const found = sendersLike(text, choices);
  return (
    <fieldset className="space-y-2 sm:col-span-2">
      <legend className="font-medium">{t('Who calls it')}</legend>
      {isOpen ? (
        <>
          <SearchInput label={t('Find a sender')} text={text} onText={setText} />
          <div className="grid max-h-72 gap-1 overflow-y-auto rounded-lg border border-line p-1 sm:grid-cols-2">
            {found.map((choice) => (
              <label
                key={choice.auth}
                className={cx(
                  'flex gap-2.5 rounded-md px-2.5 py-2 hover:bg-sunken has-focus-visible:outline-2 has-focus-visible:outline-accent',
                  choice.auth === auth && 'bg-accent-soft',
                )}
              >
                <input
                  type="radio"
                  name="sender"
                  checked={choice.auth === auth}
                  onChange={() => onPick(choice.auth)}
                  onClick={() => choice.auth === auth && setOpen(false)}
                  className="mt-0.5 size-4 shrink-0 accent-accent"
                />
                <span className="min-w-0">
                  <span className="block font-medium">{choice.title}</span>
                  <span className="block truncate text-[13px] text-ink-2">{aboutOf(choice)}</span>
                </span>
              </label>
            ))}
            {found.length === 0 ? (
              <p className="px-2.5 py-2 text-ink-2">
                {t(
                  'No sender of that name. Many can send a bearer token; “Another sender” takes any signature.',
                )}
              </p>
            ) : null}
          </div>
          <Button size="sm" onClick={() => setOpen(false)}>
            {t('Done')}
          </Button>
        </>
      ) : (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <span className="min-w-0">
            <span className="font-medium">{picked?.title ?? auth}</span>{' '}
            <span className="text-ink-2">{picked?.words}</span>
          </span>
          <Button size="sm" onClick={() => setOpen(true)}>
            {t('Choose the sender')}
          </Button>
        </div>
      )}
      {error === undefined ? null : <p className="text-[13px] text-bad">{error}</p>}
    </fieldset>
  );
}

const aboutOf = ({ also, words }: SenderChoice): string => (also.length === 0 ? words : also.join(', '));
