/** The model: its key, sealed at once; which one, and where it is asked. Saved, then tried live. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { api } from '../api/api.ts';
import { modelQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { duration, money } from '../ui/format.ts';
import { ProblemNote } from '../ui/problem.tsx';
import { Verdict } from '../ui/verdict.tsx';
import { t } from '../words/t.ts';
import { usePutConfig } from './put-config.ts';

export function ModelForm({
  isShort = false,
  onWorks,
  children,
}: {
  /** Whether only the key is shown, and the rest folded away, as for somebody who sees the form for the first time. */
  isShort?: boolean;
  onWorks?(message: string): void;
  /** Stands beside the buttons. */
  children?: ReactNode;
}) {
  const model = useQuery(modelQuery);
  const queries = useQueryClient();
  const put = usePutConfig();
  const [key, setKey] = useState('');
  const [name, setName] = useState<string>();
  const [url, setUrl] = useState<string>();
  const test = useMutation({
    mutationFn: () => api.testModel(),
    onSuccess: ({ ok, rehearsal, message }) => (ok && !rehearsal ? onWorks?.(message) : undefined),
    // Other places show whether the model answers, too.
    onSettled: () => queries.invalidateQueries({ queryKey: modelQuery.queryKey }),
  });
  const save = (event: FormEvent) => {
    event.preventDefault();
    // The address goes first, as another address drops the key.
    const entries = [
      ...(url === undefined ? [] : [{ key: 'model_base_url', value: url }]),
      ...(key === '' ? [] : [{ key: 'anthropic_api_key', value: key }]),
      ...(name === undefined ? [] : [{ key: 'model', value: name }]),
    ];
    put.mutate(entries, {
      onSuccess: () => {
        setKey('');
        test.mutate();
      },
    });
  };
  const where = (
    <Where name={name} url={url} hasKey={key !== ''} model={model.data} onName={setName} onUrl={setUrl} />
  );
  return (
    <form onSubmit={save} className="space-y-4">
      <KeyField value={key} isSealed={model.data?.hasApiKey === true} onValue={setKey} />
      {isShort ? (
        <details>
          <summary className="text-[13px] text-ink-2">{t('Another model, or another address')}</summary>
          <div className="pt-3">{where}</div>
        </details>
      ) : (
        where
      )}
      {put.error ? <ProblemNote error={put.error} /> : null}
      <div className="flex flex-wrap gap-2">
        <Button
          look="primary"
          type="submit"
          busy={put.isPending}
          disabled={key === '' && name === undefined && url === undefined}
        >
          {t('Save and try')}
        </Button>
        {isShort && !model.data?.hasApiKey ? null : (
          <Button busy={test.isPending} onClick={() => test.mutate()}>
            {t('Try the model')}
          </Button>
        )}
        {children}
      </div>
      {test.error ? <ProblemNote error={test.error} /> : null}
      {test.data ? <Outcome test={test.data} /> : null}
    </form>
  );
}

type Model = Awaited<ReturnType<typeof api.showModel>>;

const KeyField = ({
  value,
  isSealed,
  onValue,
}: {
  value: string;
  isSealed: boolean;
  onValue(key: string): void;
}) => (
  <Field
    label={t('API key')}
    hint={
      isSealed
        ? t('One is sealed in the vault. Type another to replace it; it is never shown again.')
        : t('Sealed at once and never shown again. Without one, everything is rehearsed.')
    }
  >
    {(props) => (
      <Input
        {...props}
        type="password"
        autoComplete="off"
        value={value}
        onChange={({ target }) => onValue(target.value)}
      />
    )}
  </Field>
);

/** Which model, and where it is asked. */
function Where({
  name,
  url,
  hasKey,
  model,
  onName,
  onUrl,
}: {
  /** The name as it was typed; undefined while it stays as it is. */
  name: string | undefined;
  url: string | undefined;
  /** One was typed. */
  hasKey: boolean;
  model: Model | undefined;
  onName(name: string): void;
  onUrl(url: string): void;
}) {
  // Nothing can be typed until the present name is known: it would be put into the middle of what was typed.
  const isUnknown = model === undefined;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        label={t('Model')}
        hint={
          hasKey && name === undefined && model?.rehearsal
            ? t('With your key it becomes the usual one by itself. Type a name to have another.')
            : t('“rehearsal” is the built-in one.')
        }
      >
        {(props) => (
          <Input
            {...props}
            disabled={isUnknown}
            value={name ?? model?.model ?? ''}
            onChange={({ target }) => onName(target.value)}
          />
        )}
      </Field>
      <Field
        label={t('Address')}
        hint={
          model?.hasApiKey
            ? t(
                'Any server that speaks Anthropic’s Messages API. The sealed key is for this address alone: another one needs its own.',
              )
            : t('Any server that speaks Anthropic’s Messages API.')
        }
      >
        {(props) => (
          <Input
            {...props}
            type="url"
            disabled={isUnknown}
            value={url ?? model?.baseUrl ?? ''}
            onChange={({ target }) => onUrl(target.value)}
          />
        )}
      </Field>
    </div>
  );
}

/** What the model said when it was tried. */
const Outcome = ({ test }: { test: Awaited<ReturnType<typeof api.testModel>> }) => (
  <Verdict test={test}>
    {test.model}, {duration(test.durationMs)}
    {test.rehearsal || test.costUsd === null ? '' : `, ${money(test.costUsd)}`}
  </Verdict>
);
