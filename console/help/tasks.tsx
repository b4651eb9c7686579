/** What owners do most, in plain words, and where one clicks for it. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Panel } from '../ui/panel.tsx';
import { rich, t } from '../words/t.ts';

/** A word that leads to the page where it is done. */
const to = (place: string, hash?: string) => (words: ReactNode) => (
  <Link
    to={place}
    {...(hash === undefined ? {} : { hash })}
    className="font-medium text-accent hover:underline"
  >
    {words}
  </Link>
);

/** In the order of a day: what came of it, then what it costs, then what is changed. */
const tasks: readonly { task: string; how: ReactNode }[] = [
  {
    task: t('Find what Alfred found out last week'),
    how: rich(
      'Open <link>Executions</link> and type a word of it into the search, or choose the skill and the day. Yesterday is one click from <link2>Home</link2>, and each day before it one more.',
      { link: to('/executions'), link2: to('/') },
    ),
  },
  {
    task: t('See why something failed'),
    how: rich(
      'Open the run, on Home or under <link>Executions</link>. Its first lines say what happened and what to do; the button beside them leads there.',
      { link: to('/executions') },
    ),
  },
  {
    task: t('Allow or refuse a payment'),
    how: rich(
      'Whatever waits for you stands first on <link>Home</link>, with exactly what would be done. Press “Approve this call” or “Deny”.',
      { link: to('/') },
    ),
  },
  {
    task: t('See what it cost'),
    how: rich(
      'Open <link>Costs</link> and choose “This month”: what was spent, by day, by skill, by model and by connection, and how much is left.',
      { link: to('/costs') },
    ),
  },
  {
    task: t('Raise what it may cost'),
    how: rich(
      'For everything together: <link>Settings, Spending</link>. For one skill: open it under <link2>Skills</link2>, press “Edit” and look for “Caps, limits and model”.',
      { link: to('/settings', 'spending'), link2: to('/skills') },
    ),
  },
  {
    task: t('Change the key or password of your mail'),
    how: rich(
      'Open the mail under <link>Connections</link>. “Its keys and secrets” names each; press “Replace” and type the new one. It is tried at once.',
      { link: to('/connections') },
    ),
  },
  {
    task: t('Pause a skill while you are away'),
    how: rich(
      'Open it under <link>Skills</link>. Under “Starts” press “Pause…” and choose the day on which it starts again. “Skip the next” leaves out one time.',
      { link: to('/skills') },
    ),
  },
  {
    task: t('Undo a change'),
    how: rich(
      'Right after it: press “Undo” in the message below. Later: open the skill under <link>Skills</link>, choose an earlier one under “Versions”, and go back to it. Nothing in between is lost.',
      { link: to('/skills') },
    ),
  },
  {
    task: t('See who and what can start something'),
    how: rich(
      '<link>Settings, Who can start runs</link> lists all of it: you, apps, access tokens, schedules and webhooks. Each line leads to where you end it.',
      { link: to('/settings', 'starts') },
    ),
  },
  {
    task: t('Have it on your phone'),
    how: rich(
      '<link>Settings, On your phone</link> shows a code for its camera, or what is missing for that. To be told there when something fails or waits, nothing is missing: add a channel such as ntfy or Telegram under <link2>Notices</link2>.',
      { link: to('/settings', 'phone'), link2: to('/settings', 'notices') },
    ),
  },
];

export const Tasks = () => (
  <Panel title={t('What do you want to do?')} flush>
    <ol className="divide-y divide-line">
      {tasks.map(({ task, how }) => (
        <li key={task} className="px-4 py-3">
          <h3 className="font-medium">{task}</h3>
          <p className="max-w-prose text-ink-2">{how}</p>
        </li>
      ))}
    </ol>
    <p className="border-t border-line px-4 py-3 text-ink-2">
      {t(
        'Whatever it is: press Ctrl K, or “Find”, and type a word. And if something goes wrong, “Stop everything” is on every page: nothing starts by itself until you say so.',
      )}
    </p>
  </Panel>
);
