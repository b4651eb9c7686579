/** Starts a skill: a field for each input that its schema or its prompts name; live, or as a rehearsal. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { isRecord } from '../../src/contract/is-record.ts';
import type { Skill } from '../../src/contract/skills.ts';
import { api } from '../api/api.ts';
import { ApiError } from '../api/client.ts';
import { executionQuery, executionsQuery, modelQuery, skillQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { ChoiceCards } from '../ui/choice-cards.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { own } from '../ui/own.ts';
import { ProblemNote } from '../ui/problem.tsx';
import { Ago } from '../ui/time.tsx';
import { locale } from '../words/language.ts';
import { rich, t } from '../words/t.ts';
import { InputControl } from './input-control.tsx';
import { type InputField, inputFieldsOf, textOfValue, textProblem, typedValue } from './input-fields.ts';

type Mode = 'live' | 'rehearsal';

/** As it stands in a list is enough. */
type ShownSkill = Omit<Skill, 'files'>;

export function RunDialog({ skill, open, onClose }: { skill: ShownSkill; open: boolean; onClose(): void }) {
  const model = useQuery(modelQuery);
  const canBeLive = model.data?.rehearsal === false;
  const fields = inputFieldsOf(skill);
  const last = useLastInput(skill, open && fields.length > 0);
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [chosen, setMode] = useState<Mode>('live');
  const [isTried, setTried] = useState(false);
  const mode: Mode = canBeLive ? chosen : 'rehearsal';
  const textOf = (field: InputField): string => own(texts, field.name) ?? last?.texts(field) ?? field.initial;
  // Without a model the VM rehearses by itself, and says so on the execution.
  const start = useStart(skill, canBeLive ? mode : 'live');
  const refused = start.error instanceof ApiError ? (start.error.problem.errors ?? []) : [];
  const errorOf = (field: InputField): string | undefined =>
    (isTried ? textProblem(field, textOf(field)) : undefined) ?? refusalOf(field, refused);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (fields.some((field) => textProblem(field, textOf(field)) !== undefined)) return;
    start.mutate(inputOf(fields, textOf));
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t('Run {name}', { name: skill.name })}
      lead={
        canBeLive
          ? undefined
          : t(
              'No model is set, so this is a rehearsal: read-only tools are called, nothing is changed, nothing costs.',
            )
      }
      footer={
        <Button look="primary" type="submit" form="run-skill" busy={start.isPending}>
          {mode === 'live' ? t('Run live') : t('Rehearse')}
        </Button>
      }
    >
      <form id="run-skill" onSubmit={submit} noValidate className="space-y-4">
        {canBeLive ? <Modes mode={mode} model={model.data?.model ?? ''} onMode={setMode} /> : null}
        {fields.length === 0 ? <p className="text-ink-2">{t('It needs nothing to be filled in.')}</p> : null}
        {last && fields.length > 0 ? (
          <FilledIn
            at={last.at}
            onAfresh={() => setTexts(Object.fromEntries(fields.map(({ name, initial }) => [name, initial])))}
          />
        ) : null}
        {fields.map((field) => (
          <RunInput
            key={field.name}
            field={field}
            value={textOf(field)}
            onValue={(text) => setTexts({ ...texts, [field.name]: text })}
            error={errorOf(field)}
          />
        ))}
        {mode === 'live' ? <ToolTokens slug={skill.slug} /> : null}
        {start.error && !isAllOf(fields, refused) ? <ProblemNote error={start.error} /> : null}
      </form>
    </Dialog>
  );
}

/** What the tools of each step take of every request to the model. */
function ToolTokens({ slug }: { slug: string }) {
  const { data } = useQuery(skillQuery(slug));
  const sizes = data?.toolTokens ?? [];
  if (sizes.length === 0) return null;
  return (
    <ul className="space-y-0.5 text-[13px] text-ink-2">
      {sizes.map(({ step, tools, tokens, isCounted, isSearched }) => (
        <li key={step}>
          {sizes.length > 1 ? <>{t('Step {step}:', { step })} </> : null}
          {tokensSaid(isSearched, isCounted, { tools, tokens: tokens.toLocaleString(locale) })}
        </li>
      ))}
    </ul>
  );
}

/** Starts the skill with an input, and goes to see it run. */
function useStart(skill: ShownSkill, mode: Mode) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: Record<string, unknown>) =>
      api.runSkill({ params: { slug: skill.slug }, body: { input, mode } }),
    onSuccess: async (started) => {
      const id = 'executionId' in started ? started.executionId : started.id;
      await queries.invalidateQueries({ queryKey: ['executions'] });
      await navigate({ to: '/executions/$id', params: { id } });
    },
  });
}

/** What was filled in; an empty field is left out. */
const inputOf = (fields: InputField[], textOf: (field: InputField) => string): Record<string, unknown> =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const text = textOf(field);
      return text === '' ? [] : [[field.name, typedValue(field, text)]];
    }),
  );

type Refused = NonNullable<ApiError['problem']['errors']>;

/** Why the server did not take the value of a field; of a value within the value, where it stands in it. */
function refusalOf({ name }: InputField, refused: Refused): string | undefined {
  const place = `/input/${name}`;
  const said = refused.find(({ field: at }) => at === place || at.startsWith(`${place}/`));
  return said && [said.field.slice(place.length + 1), said.message].filter(Boolean).join(': ');
}

/** Whether everything that was refused is said at a field. */
function isAllOf(fields: InputField[], refused: Refused): boolean {
  const named = new Set(fields.map(({ name }) => name));
  return refused.length > 0 && refused.every(({ field }) => named.has(field.split('/')[2] ?? ''));
}

const FilledIn = ({ at, onAfresh }: { at: string; onAfresh(): void }) => (
  <p className="flex flex-wrap items-center justify-between gap-2 text-[13px] text-ink-2">
    <span>{rich('Filled in from the last run: {ago}.', { ago: <Ago at={at} /> })}</span>
    <Button size="sm" look="quiet" onClick={onAfresh}>
      {t('Start afresh')}
    </Button>
  </p>
);

const RunInput = ({
  field,
  value,
  onValue,
  error,
}: {
  field: InputField;
  value: string;
  onValue(text: string): void;
  error: string | undefined;
}) => (
  <Field
    label={
      <>
        {field.title}{' '}
        {field.required ? null : <span className="font-normal text-ink-3">{t('may be empty')}</span>}
      </>
    }
    hint={field.description}
    error={error}
  >
    {(props) => <InputControl field={field} value={value} onValue={onValue} {...props} />}
  </Field>
);

/** What the last run was given, as the VM has it on record: nothing of it is kept in the browser. */
function useLastInput(skill: ShownSkill, isWanted: boolean) {
  const runs = useInfiniteQuery({
    ...executionsQuery({ skill: skill.slug, trigger: 'manual' }, 1),
    enabled: isWanted,
  });
  const latest = runs.data?.pages[0]?.items[0];
  const run = useQuery({
    ...executionQuery(latest?.id ?? ''),
    enabled: isWanted && latest !== undefined && latest.purgedAt === null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const input = run.data?.input;
  if (!run.data || !isRecord(input) || Object.keys(input).length === 0) return undefined;
  return {
    at: run.data.createdAt,
    texts: ({ name, kind }: InputField) =>
      Object.hasOwn(input, name) ? textOfValue(kind, input[name]) : undefined,
  };
}

function Modes({ mode, model, onMode }: { mode: Mode; model: string; onMode(mode: Mode): void }) {
  const modes = [
    [
      'live',
      t('Live'),
      t('{model} is asked. It may use every tool that its steps allow, and it costs.', { model }),
    ],
    [
      'rehearsal',
      t('Rehearsal'),
      t('Read-only tools are called, nothing is changed, nothing costs, nothing is understood.'),
    ],
  ] as const;
  return <ChoiceCards name="mode" legend={t('How it runs')} cards={modes} picked={mode} onPick={onMode} />;
}

function tokensSaid(
  isSearched: boolean,
  isCounted: boolean,
  values: { tools: number; tokens: string },
): string {
  if (isSearched) {
    return isCounted
      ? t(
          '{tools, plural, one {# tool} other {# tools}}, {tokens} tokens: too many for every request, so the model searches them.',
          values,
        )
      : t(
          '{tools, plural, one {# tool} other {# tools}}, about {tokens} tokens: too many for every request, so the model searches them.',
          values,
        );
  }
  return isCounted
    ? t('{tools, plural, one {# tool} other {# tools}}, {tokens} tokens in every request.', values)
    : t('{tools, plural, one {# tool} other {# tools}}, about {tokens} tokens in every request.', values);
}
