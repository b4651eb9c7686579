/** A new skill: from a template, from a SKILL.md, or from nothing. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Skill } from '../../src/contract/skills.ts';
import type { Template } from '../../src/contract/templates.ts';
import { triggers } from '../../src/contract/trigger-types.ts';
import { api } from '../api/api.ts';
import { templatesQuery } from '../api/queries.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { Select } from '../ui/field.tsx';
import { dayTime } from '../ui/format.ts';
import { Check, Plug } from '../ui/icons.tsx';
import { PenLine } from '../ui/more-icons.tsx';
import { PageHead, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Prose } from '../ui/prose.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { WayBack } from '../ui/way-back.tsx';
import { t, told } from '../words/t.ts';
import { ImportSkill } from './skill-import.tsx';
import { Tag } from './skills.tsx';

export function NewSkillPage() {
  const templates = useQuery(templatesQuery);
  return (
    <>
      <WayBack to="/skills">{t('Skills')}</WayBack>
      <PageHead
        title={t('New skill')}
        lead={t(
          'Begin with a template and make it yours. What a template still needs, it says. A SKILL.md, or its folder, can be dropped here.',
        )}
        actions={
          <>
            <ImportSkill />
            <Link to="/skills/write" className={buttonClass()}>
              <PenLine aria-hidden="true" className="size-4" /> {t('Write one')}
            </Link>
          </>
        }
      />
      {templates.isPending ? <SkeletonRows rows={4} className="h-28" /> : null}
      {templates.error ? <ProblemNote error={templates.error} /> : null}
      <div className="space-y-6">
        {templates.data === undefined ? null : <Templates templates={templates.data} />}
      </div>
    </>
  );
}

/** Those that run at once come before those for which something is to be connected. */
function Templates({ templates }: { templates: readonly Template[] }) {
  const ready = templates.filter((template) => missingOf(template).length === 0);
  const others = templates.filter((template) => missingOf(template).length > 0);
  return [
    { title: t('Ready to use'), of: ready },
    { title: t('Once something is connected'), of: others },
  ].map(({ title, of }) =>
    of.length === 0 ? null : (
      <section key={title} className="space-y-3">
        <h2 className="font-semibold">{title}</h2>
        <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
          {of.map((template) => (
            <li key={template.id}>
              <TemplateCard template={template} />
            </li>
          ))}
        </ul>
      </section>
    ),
  );
}

/** What it uses of which nothing is there. */
const missingOf = ({ connections }: Template): Wanted[] =>
  connections.filter(({ exists, fits }) => !exists && fits.length === 0);

/** What it does from now on, unasked. */
const startsWords = ({ nextRunAt }: Pick<Skill, 'nextRunAt'>): string | undefined =>
  nextRunAt === null
    ? undefined
    : t('It starts by itself: {next}, and so on. Its page has the pause.', { next: dayTime(nextRunAt) });

function TemplateCard({ template }: { template: Template }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({});
  const inPlace = (wanted: Wanted): string => chosen[wanted.name] ?? wanted.fits[0] ?? wanted.name;
  const use = useMutation({
    mutationFn: () => {
      const connections = Object.fromEntries(template.connections.map((one) => [one.name, inPlace(one)]));
      return api.createSkill({ body: { from: template.id, connections } });
    },
    onSuccess: async (skill) => {
      await queries.invalidateQueries({ queryKey: ['skills'] });
      say(
        t('{name} was made', { name: skill.name }),
        skill.isActive ? startsWords(skill) : (skill.warnings?.[0] ?? t('It is a draft.')),
      );
      await navigate({ to: '/skills/$slug', params: { slug: skill.slug } });
    },
    onError: sayProblem,
  });
  return (
    <article className="flex h-full flex-col gap-3 rounded-xl border border-line bg-surface p-4">
      <div className="space-y-1">
        <h3 className="text-[15px] font-semibold">{template.name}</h3>
        <p className="text-ink-2">{template.description}</p>
      </div>
      <figure className="rounded-lg border border-line bg-sunken px-3 py-2.5 text-[13px]">
        <figcaption className="mb-1 text-xs text-ink-2">{t('What it may give you')}</figcaption>
        <Prose text={template.sample} />
      </figure>
      <p className="mt-auto flex flex-wrap gap-1.5 text-[13px] text-ink-2">
        <Tag>{told(triggers[template.triggerType].words)}</Tag>
        <Tag>{t('{stepCount, plural, one {# step} other {# steps}}', { stepCount: template.stepCount })}</Tag>
        {template.needsAccount ? <Tag>{t('needs an account')}</Tag> : null}
      </p>
      {template.connections.length === 0 ? (
        <p className="text-[13px] text-ink-2">{t('Needs no connection.')}</p>
      ) : (
        <ul className="space-y-1 text-[13px]" aria-label={t('What it needs')}>
          {template.connections.map((wanted) => (
            <WantedConnection
              key={wanted.name}
              wanted={wanted}
              chosen={inPlace(wanted)}
              onChoose={(name) => setChosen({ ...chosen, [wanted.name]: name })}
            />
          ))}
        </ul>
      )}
      {missingOf(template).length === 0 ? null : (
        <p className="text-[13px] text-ink-2">{t('It is a draft until that is connected.')}</p>
      )}
      <Button busy={use.isPending} onClick={() => use.mutate()} className="self-start">
        {t('Use this template')}
      </Button>
    </article>
  );
}

type Wanted = Template['connections'][number];

/** What a template uses, and which of the owner's connections takes its place: the latest that has the tools for it. */
function WantedConnection({
  wanted: { why, exists, fits },
  chosen,
  onChoose,
}: {
  wanted: Wanted;
  chosen: string;
  onChoose(name: string): void;
}) {
  const isThere = exists || fits.length > 0;
  return (
    <li className="space-y-1">
      <p className="flex gap-2">
        {isThere ? (
          <Check
            aria-label={t('is there')}
            className="mt-0.5 size-3.5 shrink-0 text-good"
            strokeWidth={2.6}
          />
        ) : (
          <Plug aria-label={t('to be connected')} className="mt-0.5 size-3.5 shrink-0 text-wait" />
        )}
        <span className="min-w-0">
          <span className="font-medium">{chosen}</span>
          <span className="text-ink-2">
            {isThere ? t(', is there') : ''}: {why}
          </span>
        </span>
      </p>
      {fits.length > 1 ? (
        <Select
          aria-label={t('Connection that {why}', { why })}
          value={chosen}
          onChange={({ target }) => onChoose(target.value)}
        >
          {fits.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </Select>
      ) : null}
    </li>
  );
}
