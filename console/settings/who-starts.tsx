/** Everybody and everything that may start a run, in one place; each line leads to where that is changed or ended. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ownerTokenName } from '../../src/contract/owner-token.ts';
import { coreQuery, skillsQuery, stopQuery, tokensQuery } from '../api/queries.ts';
import { passkeysQuery, sessionsQuery, signInWaysQuery } from '../api/sign-in-queries.ts';
import { appsQuery } from '../apps/apps-query.ts';
import { sendersQuery } from '../skills/senders-query.ts';
import { cx } from '../ui/cx.ts';
import { Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { t } from '../words/t.ts';
import {
  coreOf,
  handlersOf,
  hooksOf,
  programsOf,
  type Starter,
  schedulesOf,
  sleepersOf,
} from './starters.ts';

export function WhoStarts() {
  const [tokens, apps, skills] = [useQuery(tokensQuery), useQuery(appsQuery), useQuery(skillsQuery)];
  const senders = useQuery(sendersQuery).data ?? [];
  const core = useQuery(coreQuery).data;
  const isStopped = useQuery(stopQuery).data?.stopped;
  const people = usePeople();
  const error = tokens.error ?? apps.error ?? skills.error;
  const isHere = tokens.data && apps.data && skills.data;
  return (
    <Panel id="starts" title={t('Who can start runs')} flush>
      <p className="px-4 pt-4 text-ink-2">
        {t(
          'Everybody and everything that can start a run here. Each line leads to where you change or end it.',
        )}
      </p>
      {isStopped ? (
        <p className="px-4 pt-2 font-medium text-bad">
          {t('Everything is stopped now: nothing of this starts but what you start by hand.')}
        </p>
      ) : null}
      {error ? <ProblemNote error={error} /> : null}
      {isHere || error ? null : <SkeletonRows rows={4} />}
      {isHere ? (
        <div className="space-y-2 pt-2 pb-3">
          <Group title={t('You')} lines={people} />
          <Group
            title={t('Other programs and people')}
            lines={[...programsOf(apps.data, tokens.data, Date.now()), ...coreOf(core)]}
            none={t('Nobody: no app was let in, and no access token starts anything.')}
          />
          <Group
            title={t('Schedules')}
            lines={schedulesOf(skills.data, Date.now())}
            none={t('No skill starts by a schedule.')}
          />
          <Group
            title={t('Webhooks')}
            lines={hooksOf(skills.data, senders)}
            none={t('No skill starts when another program calls.')}
          />
          <Group title={t('After a failure')} lines={handlersOf(skills.data)} />
          <Sleepers count={sleepersOf(skills.data)} />
        </div>
      ) : null}
    </Panel>
  );
}

/** The owner, by whichever way. */
function usePeople(): Starter[] {
  const sessions = useQuery(sessionsQuery).data?.length ?? 1;
  const passkeys = useQuery(passkeysQuery).data?.length ?? 0;
  const password = useQuery(signInWaysQuery).data?.password ? 'set' : 'none';
  return [
    {
      key: 'sessions',
      name: t('Whoever is signed in'),
      how: t('{sessions, plural, one {# browser} other {# browsers}}, by hand and in conversations.', {
        sessions,
      }),
      at: { to: '/settings', hash: 'sessions' },
      where: t('Signed in'),
    },
    {
      key: 'signing-in',
      name: t('Whoever can sign in'),
      how: t(
        'By {passkeys, plural, =0 {} one {# passkey, } other {# passkeys, }}{password, select, set {the password, } other {}}{isPlain, select, yes {} other {or }}a link that works once.',
        { passkeys, password, isPlain: passkeys === 0 && password === 'none' ? 'yes' : 'no' },
      ),
      at: { to: '/settings', hash: 'signing-in' },
      where: t('Signing in'),
    },
    {
      key: 'machine',
      name: t('Your account on the machine that Alfred runs on'),
      how: t('Commands there have the owner’s own token, {name}.', { name: ownerTokenName }),
      at: { to: '/help/security', search: { section: 'who-gets-in' } },
      where: t('Help'),
    },
  ];
}

/** @param none what is said where there is no line; undefined: then the group is not there */
function Group({ title, lines, none }: { title: string; lines: readonly Starter[]; none?: ReactNode }) {
  if (lines.length === 0 && none === undefined) return null;
  return (
    <section>
      <h3 className="px-4 pt-2 pb-1 font-medium">{title}</h3>
      {lines.length === 0 ? <p className="px-4 pb-1 text-[13px] text-ink-2">{none}</p> : null}
      <ul className="max-h-96 divide-y divide-line overflow-y-auto">
        {lines.map((line) => (
          <li key={line.key}>
            <Line line={line} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const Line = ({ line: { name, how, isOpen = false, at, where } }: { line: Starter }) => (
  <Link {...at} className="flex items-center justify-between gap-4 px-4 py-2 hover:bg-hover">
    <span className="min-w-0">
      <span className="block break-words">{name}</span>
      <span className={cx('block text-[13px] break-words', isOpen ? 'text-wait' : 'text-ink-2')}>{how}</span>
    </span>
    <span className="shrink-0 text-[13px] font-medium whitespace-nowrap text-accent">{where}</span>
  </Link>
);

const Sleepers = ({ count }: { count: number }) =>
  count === 0 ? null : (
    <p className="px-4 pt-1 text-[13px] text-ink-2">
      {t(
        '{count, plural, one {One draft has} other {# drafts have}} a schedule or a webhook, and {count, plural, one {starts} other {start}} nothing until {count, plural, one {it is} other {they are}} active.',
        { count },
      )}
    </p>
  );
