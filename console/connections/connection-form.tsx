/** Changes what a connection starts or calls. Its secrets are kept, entered anew, or dropped with a warning before anything is saved. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { connectionTypes } from '../../src/contract/connection-types.ts';
import type { Connection } from '../../src/contract/connections.ts';
import { api } from '../api/api.ts';
import { ApiError } from '../api/client.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input, Select, TextArea } from '../ui/field.tsx';
import { TriangleAlert } from '../ui/icons.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { say } from '../ui/toast.ts';
import { t, told } from '../words/t.ts';
import { type ConnectionDraft, draftOf, patchOf } from './connection-draft.ts';
import { Entries } from './connection-entries.tsx';
import { SecretInput } from './secret-input.tsx';

export function ConnectionForm({
  connection,
  onClose,
  onSaved,
}: {
  connection: Connection;
  onClose(): void;
  /** It may be started or called as it is now. */
  onSaved(): void;
}) {
  const [draft, setDraft] = useState(() => draftOf(connection));
  const [warnings, setWarnings] = useState<string[]>([]);
  const id = useId();
  const save = useSave(connection, warnings, {
    onWarned: setWarnings,
    onSaved: (isApproved) => {
      onClose();
      if (isApproved) onSaved();
    },
  });
  const change = (part: Partial<ConnectionDraft>) => {
    setDraft({ ...draft, ...part });
    setWarnings([]);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(patchOf(connection, draft));
  };
  const errorOf = (pointer: string): string | undefined =>
    save.error instanceof ApiError
      ? save.error.problem.errors?.find(({ field }) => field.startsWith(pointer))?.message
      : undefined;
  const isChanged = Object.keys(patchOf(connection, draft)).length > 0;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('Change {name}', { name: connection.name })}
      lead={
        connection.approved
          ? t(
              'Secrets stay sealed: leave them empty to keep them. What you save is approved with that, and started so from then on.',
            )
          : t('Secrets stay sealed: leave them empty to keep them.')
      }
      width="lg"
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('Leave it as it is')}
          </Button>
          <Button
            type="submit"
            form={id}
            look={warnings.length > 0 ? 'danger' : 'primary'}
            busy={save.isPending}
            disabled={!isChanged}
          >
            {warnings.length > 0 ? t('Save all the same') : t('Save')}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="space-y-4">
        <Fields type={connection.type} draft={draft} errorOf={errorOf} onChange={change} />
        {warnings.map((warning) => (
          <Warning key={warning}>{warning}</Warning>
        ))}
        {save.error ? <ProblemNote error={save.error} /> : null}
      </form>
    </Dialog>
  );
}

/** Saves what was changed; the first time, what it would be warned of is told instead, if there is anything. */
export function useSave(
  connection: Connection,
  warned: string[],
  { onWarned, onSaved }: { onWarned(warnings: string[]): void; onSaved(isApproved: boolean): void },
) {
  const { name, updatedAt } = connection;
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (config: ReturnType<typeof patchOf>) => {
      const body = { config };
      // What was warned of already is meant.
      if (warned.length === 0) {
        const { warnings = [] } = await api.updateConnection({
          params: { name },
          query: { preview: 'true' },
          body,
        });
        if (warnings.length > 0) return { warnings, isApproved: false };
      }
      const { approved } = await api.updateConnection({ params: { name }, body }, { etag: `"${updatedAt}"` });
      return { warnings: [], isApproved: approved };
    },
    onSuccess: async ({ warnings, isApproved }) => {
      onWarned(warnings);
      if (warnings.length > 0) return;
      await queries.invalidateQueries({ queryKey: ['connections'] });
      say(t('{name} was changed', { name }));
      onSaved(isApproved);
    },
  });
}

export const Warning = ({ children }: { children: string }) => (
  <p role="alert" className="flex gap-2 rounded-lg border border-wait/40 bg-wait-soft px-3 py-2 text-wait">
    <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" /> {children}
  </p>
);

type Part = {
  draft: ConnectionDraft;
  errorOf(pointer: string): string | undefined;
  onChange(part: Partial<ConnectionDraft>): void;
};

function Fields({ type, draft, errorOf, onChange }: Part & { type: Connection['type'] }) {
  const { form, values } = connectionTypes[type];
  return (
    <>
      {Object.entries(form).map(([field, { label }]) => (
        <Field key={field} label={told(label)} error={errorOf(`/config/${field}`)}>
          {(props) => (
            <Input
              {...props}
              value={draft.texts[field] ?? ''}
              spellCheck={false}
              onChange={({ target }) => onChange({ texts: { ...draft.texts, [field]: target.value } })}
              className="font-mono"
            />
          )}
        </Field>
      ))}
      {draft.args === undefined ? null : (
        <Field label={t('Arguments')} hint={t('One a line.')} error={errorOf('/config/args')}>
          {(props) => (
            <TextArea
              {...props}
              value={draft.args}
              spellCheck={false}
              onChange={({ target }) => onChange({ args: target.value })}
              className="font-mono text-[13px]"
            />
          )}
        </Field>
      )}
      <Entries
        entries={draft.entries}
        part={values}
        errorOf={errorOf}
        onChange={(entries) => onChange({ entries })}
      />
      {Object.entries(draft.auth).map(([name, value]) => (
        <Field key={name} label={t('Sign-in: {name}', { name })} error={errorOf(`/config/auth/${name}`)}>
          {(props) => (
            <SecretInput
              {...props}
              value={value}
              onValue={(typed) => onChange({ auth: { ...draft.auth, [name]: typed } })}
            />
          )}
        </Field>
      ))}
      <Reach draft={draft} errorOf={errorOf} onChange={onChange} />
    </>
  );
}

/** What it is let near: files, network. */
function Reach({ draft, errorOf, onChange }: Part) {
  return (
    <>
      {draft.sandbox === undefined ? null : (
        <Field label={t('What it may reach')} error={errorOf('/config/sandbox')}>
          {(props) => (
            <Select
              {...props}
              value={draft.sandbox}
              onChange={({ target }) => onChange({ sandbox: target.value })}
            >
              <option value="default">{t('what you may, but not Alfred’s own folder')}</option>
              <option value="strict">{t('only the folders and the network that it was given')}</option>
              <option value="off">{t('everything that you may, the vault’s key among it')}</option>
            </Select>
          )}
        </Field>
      )}
      {draft.oneAtATime === undefined ? null : (
        <label className="flex items-start gap-2.5">
          <input
            type="checkbox"
            checked={draft.oneAtATime}
            onChange={({ target }) => onChange({ oneAtATime: target.checked })}
            className="mt-0.5 size-4 accent-accent"
          />
          <span>
            {t('One call at a time')}
            <span className="block text-[13px] text-ink-2">
              {t(
                'For a server that loses what it is told at once. Those known to do so are spared without this.',
              )}
            </span>
          </span>
        </label>
      )}
      {draft.allowPrivateNetwork === undefined ? null : (
        <label className="flex items-start gap-2.5">
          <input
            type="checkbox"
            checked={draft.allowPrivateNetwork}
            onChange={({ target }) => onChange({ allowPrivateNetwork: target.checked })}
            className="mt-0.5 size-4 accent-accent"
          />
          <span>
            {t('It is on this machine or in my own network')}
            <span className="block text-[13px] text-ink-2">
              {t(
                'Without this, such addresses are refused: a skill could be led to call what is not meant for it.',
              )}
            </span>
          </span>
        </label>
      )}
    </>
  );
}
