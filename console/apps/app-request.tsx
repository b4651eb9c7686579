/** A program asks to run skills: who it is, where the answer goes, and what it may run, before the owner says yes or no. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { AskingApp } from '../../src/contract/apps.ts';
import { visibleText } from '../../src/contract/visible.ts';
import { api } from '../api/api.ts';
import { withFreshSignIn } from '../sign-in/with-fresh-sign-in.ts';
import { SkillPicks } from '../skills/skill-picks.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { type ChoiceCard, ChoiceCards } from '../ui/choice-cards.tsx';
import { Empty, PageHead, Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { rich, t } from '../words/t.ts';
import { useArmed } from './use-armed.ts';

/** The VM checks it as well: whatever it is told, a page never opens a script. */
const isPlace = (address: string): boolean =>
  URL.canParse(address) && !/^(javascript|data|blob|vbscript|file):$/.test(new URL(address).protocol);

export function AppRequestPage() {
  const { asked } = useSearch({ from: '/oauth/authorize' });
  const request = useQuery({
    queryKey: ['app-request', asked],
    queryFn: () => api.lookAtApp({ body: { query: asked ?? '' } }),
    enabled: asked !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (asked === undefined) {
    return (
      <Empty
        title={t('Programs ask here to run your skills')}
        isPage
        action={
          <Link to="/settings" hash="apps" className={buttonClass()}>
            {t('Apps')}
          </Link>
        }
      >
        {t('None does just now.')}
      </Empty>
    );
  }
  if (request.data) return <Asked asked={asked} app={request.data} />;
  return (
    <>
      <PageHead title={t('A program asks to run your skills')} />
      <div className="max-w-2xl">
        {request.error ? <ProblemNote error={request.error} /> : <SkeletonRows rows={4} />}
      </div>
    </>
  );
}

type Wish = 'all' | 'chosen';

const wishes: readonly ChoiceCard<Wish>[] = [
  ['all', t('Every skill'), t('Those that you make later, too.')],
  ['chosen', t('Chosen skills'), t('These, and nothing else.')],
];

function Asked({ asked, app }: { asked: string; app: AskingApp }) {
  const queries = useQueryClient();
  const [wish, setWish] = useState<Wish>('all');
  const [chosen, setChosen] = useState<string[]>([]);
  const decide = useMutation({
    mutationFn: (decision: 'allow' | 'deny') =>
      withFreshSignIn(() =>
        api.decideOnApp({
          body: {
            query: asked,
            decision,
            ...(decision === 'allow' && wish === 'chosen' ? { skills: chosen } : {}),
          },
        }),
      ),
    onSuccess: async ({ returnTo }) => {
      // In place of this page: to go back is not to be asked again.
      if (isPlace(returnTo)) location.replace(returnTo);
      await queries.invalidateQueries({ queryKey: ['apps'] });
    },
  });
  const isArmed = useArmed();
  const name = visibleText(app.name);
  if (decide.data) return <Answered name={name} isIn={decide.variables === 'allow'} />;
  return (
    <>
      <PageHead
        title={t('{name} asks to run your skills', { name })}
        lead={t('Go on only if you began this yourself, in that program, a moment ago.')}
      />
      <div className="max-w-2xl space-y-5">
        <Who app={app} />
        {app.refused ? (
          <Refused app={app} />
        ) : (
          <form
            className="space-y-5"
            onSubmit={(event) => {
              event.preventDefault();
              if (isArmed) decide.mutate('allow');
            }}
          >
            <ChoiceCards<Wish>
              name="wish"
              legend={t('It may run')}
              isLegendShown
              cards={wishes}
              picked={wish}
              onPick={setWish}
            />
            {wish === 'chosen' ? (
              <SkillPicks legend={t('Which')} chosen={chosen} onChoose={setChosen} />
            ) : null}
            <p className="text-ink-2">
              {t(
                'It starts them, and is told what comes of the runs that it started; nothing else of yours is shown to it. Each run is on record here, with its caps and approvals. You can shut it out at any time, in the settings under Apps.',
              )}
            </p>
            {decide.error ? <ProblemNote error={decide.error} /> : null}
            <div className="flex flex-wrap gap-2">
              <Button
                type="submit"
                look="primary"
                busy={decide.isPending && decide.variables === 'allow'}
                disabled={!isArmed || decide.isPending || (wish === 'chosen' && chosen.length === 0)}
              >
                {t('Let it in')}
              </Button>
              <Button
                busy={decide.isPending && decide.variables === 'deny'}
                disabled={decide.isPending}
                onClick={() => decide.mutate('deny')}
              >
                {t('Turn it away')}
              </Button>
            </div>
          </form>
        )}
      </div>
    </>
  );
}

const places: Record<AskingApp['goesTo'], string> = {
  'this-machine': t('A program on the machine of this browser.'),
  site: t('A web site, which hands it on to the program.'),
  program: t('The program that opens such addresses on this machine.'),
};

const Who = ({ app: { name, publisher, redirectUri, goesTo } }: { app: AskingApp }) => (
  <Panel title={t('Who asks')}>
    <dl className="grid gap-x-6 gap-y-0.5 sm:grid-cols-[9rem_minmax(0,1fr)] sm:gap-y-3">
      <Fact name={t('It calls itself')}>
        <span className="font-medium">{visibleText(name)}</span>
      </Fact>
      <Fact name={t('Vouched for by')}>
        {publisher === null
          ? t('Nobody: any program can take any name.')
          : rich('{publisher}, which publishes a document of it.', {
              publisher: <span className="font-medium">{visibleText(publisher)}</span>,
            })}
      </Fact>
      <Fact name={t('The answer goes to')}>
        <span className="block font-mono text-[13px]">{visibleText(redirectUri)}</span>
        <span className="text-ink-2">{places[goesTo]}</span>
      </Fact>
    </dl>
  </Panel>
);

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt className="text-ink-2">{name}</dt>
    <dd className="mb-2 min-w-0 break-words sm:mb-0">{children}</dd>
  </>
);

/** It is told so by an address of its own; the browser goes there only when a person wants it to. */
const Refused = ({ app: { refused } }: { app: AskingApp }) => (
  <section className="space-y-3 rounded-xl border border-bad/30 bg-bad-soft p-4">
    <h2 className="font-semibold">{t('It cannot be let in')}</h2>
    <p className="break-words">{refused?.message}</p>
    <p className="text-ink-2">
      {t('The program asks in a way that is not taken here. Begin again in it, or tell who makes it.')}
    </p>
    {refused && isPlace(refused.returnTo) ? (
      <a className={buttonClass()} href={refused.returnTo} rel="noreferrer">
        {t('Go back to the program')}
      </a>
    ) : null}
  </section>
);

const Answered = ({ name, isIn }: { name: string; isIn: boolean }) => (
  <Empty
    title={isIn ? t('{name} is let in', { name }) : t('{name} is turned away', { name })}
    isPage
    action={
      <Link to="/settings" hash="apps" className={buttonClass()}>
        {t('Apps')}
      </Link>
    }
  >
    {isIn
      ? t('It has the answer. You can close this page, and go on in the program.')
      : t('It is told so. You can close this page.')}
  </Empty>
);
