/** What owners do most, in plain words, and where one clicks for it. */
import { Link, useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { cx } from '../ui/cx.ts';
import { Panel } from '../ui/panel.tsx';
import { usePlaceInPage } from '../ui/use-place-in-page.ts';
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
export const tasks: readonly {
  /** As an address names it: `/help#undo`. */
  id: string;
  task: string;
  /** Other words that people look for it by. */
  also: string;
  /** Where it is done, or where that begins. */
  place: { to: string; hash?: string };
  how: ReactNode;
}[] = [
  {
    id: 'found',
    task: t('Find what Alfred found out last week'),
    also: t('search result found out yesterday last week day summary letter'),
    place: { to: '/executions' },
    how: rich(
      'Open <link>Executions</link> and type a word of it into the search, or choose the skill and the day. Yesterday is one click from <link2>Home</link2>, and each day before it one more.',
      { link: to('/executions'), link2: to('/') },
    ),
  },
  {
    id: 'failed',
    task: t('See why something failed'),
    also: t('why error failed problem broken wrong'),
    place: { to: '/executions' },
    how: rich(
      'Open the run, on Home or under <link>Executions</link>. Its first lines say what happened and what to do; the button beside them leads there.',
      { link: to('/executions') },
    ),
  },
  {
    id: 'approve',
    task: t('Allow or refuse a payment'),
    also: t('approve approval deny refuse allow payment pay waits'),
    place: { to: '/' },
    how: rich(
      'Whatever waits for you stands first on <link>Home</link>, with exactly what would be done. Press “Approve” or “Deny”.',
      { link: to('/') },
    ),
  },
  {
    id: 'cost',
    task: t('See what it cost'),
    also: t('cost costs spent bill money price month invoice'),
    place: { to: '/costs' },
    how: rich(
      'Open <link>Costs</link>: what this month cost, by day, by skill, by model and by connection, and how much is left. The arrows beside the month’s name lead to those before.',
      { link: to('/costs') },
    ),
  },
  {
    id: 'cap',
    task: t('Raise what it may cost'),
    also: t('cap limit budget raise more money stopped'),
    place: { to: '/settings', hash: 'spending' },
    how: rich(
      'For everything together: <link>Settings, Spending</link>. For one skill: open it under <link2>Skills</link2>, press “Edit” and look for “Caps, limits and model”.',
      { link: to('/settings', 'spending'), link2: to('/skills') },
    ),
  },
  {
    id: 'key',
    task: t('Change the key or password of your mail'),
    also: t('key password secret mail token replace change login'),
    place: { to: '/connections' },
    how: rich(
      'Open the mail under <link>Connections</link>. “Its keys and secrets” names each; press “Replace” and type the new one. It is tried at once.',
      { link: to('/connections') },
    ),
  },
  {
    id: 'pause',
    task: t('Pause a skill while you are away'),
    also: t('pause holiday vacation away rest skip stop resume'),
    place: { to: '/skills' },
    how: rich(
      'Open it under <link>Skills</link>. Under “Starts” press “Pause…” and choose the day on which it starts again. “Skip the next” leaves out one time, and “Resume” ends the pause.',
      { link: to('/skills') },
    ),
  },
  {
    id: 'undo',
    task: t('Undo a change'),
    also: t('undo revert back version restore mistake history'),
    place: { to: '/skills' },
    how: rich(
      'Right after it: press “Undo” in the message below. Later: open the skill under <link>Skills</link>, choose the latest one under “Versions”, and press “Undo this change”; or choose an earlier one, and go back to it. Nothing in between is lost.',
      { link: to('/skills') },
    ),
  },
  {
    id: 'starts',
    task: t('See who and what can start something'),
    also: t('who access start trigger permission'),
    place: { to: '/settings', hash: 'starts' },
    how: rich(
      '<link>Settings, Who can start runs</link> lists all of it: you, apps, access tokens, schedules and webhooks. Each line leads to where you end it.',
      { link: to('/settings', 'starts') },
    ),
  },
  {
    id: 'phone',
    task: t('Have it on your phone'),
    also: t('phone mobile app notify QR'),
    place: { to: '/settings', hash: 'phone' },
    how: rich(
      '<link>Settings, On your phone</link> shows a code for its camera, or what is missing for that. To be told there when something fails or waits, nothing is missing: add a channel such as ntfy or Telegram under <link2>Notices</link2>.',
      { link: to('/settings', 'phone'), link2: to('/settings', 'notices') },
    ),
  },
];

export function Tasks() {
  usePlaceInPage();
  const asked = useRouterState({ select: ({ location }) => location.hash });
  return (
    <Panel title={t('What do you want to do?')} flush>
      <ol className="divide-y divide-line">
        {tasks.map(({ id, task, how }) => (
          <li key={id} id={id} className={cx('scroll-mt-4 px-4 py-3', id === asked && 'bg-accent-soft')}>
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
}
