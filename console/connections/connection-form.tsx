/** Changes what a connection starts or calls. Its secrets are kept, entered anew, or dropped with a warning before anything is saved. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import type { Connection } from '../../src/contract/connections.ts';
import { api } from '../api/api.ts';
import { ApiError } from '../api/client.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input, Select, TextArea } from '../ui/field.tsx';
import { Plus, TriangleAlert, X } from '../ui/icons.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { say } from '../ui/toast.tsx';
import { type ConnectionDraft, draftOf, type Entry, entryPartOf, patchOf } from './connection-draft.ts';

const labels = {
  command: 'Program',
  url: 'Address',
  baseUrl: 'Address of the API',
} as const;

export function ConnectionForm({ connection, onClose }: { connection: Connection; onClose(): void }) {
  const [draft, setDraft] = useState(() => draftOf(connection));
  const [warnings, setWarnings] = useState<string[]>([]);
  const id = useId();
  const queries = useQueryClient();
  const change = (part: Partial<ConnectionDraft>) => {
    setDraft({ ...draft, ...part });
    setWarnings([]);
  };
  const save = useMutation({
    mutationFn: async () => {
      const body = { config: patchOf(connection, draft) };
      // What was warned of already is meant.
      if (warnings.length === 0) {
        const { warnings: said = [] } = await api.updateConnection({
          params: { name: connection.name },
          query: { preview: 'true' },
          body,
        });
        if (said.length > 0) return said;
      }
      await api.updateConnection(
        { params: { name: connection.name }, body },
        { etag: `"${connection.updatedAt}"` },
      );
      return [];
    },
    onSuccess: async (said) => {
      setWarnings(said);
      if (said.length > 0) return;
      await queries.invalidateQueries({ queryKey: ['connections'] });
      say(`${connection.name} was changed`);
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
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
      title={`Change ${connection.name}`}
      lead="Secrets stay sealed: leave them empty to keep them."
      width="lg"
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            Leave it as it is
          </Button>
          <Button
            type="submit"
            form={id}
            look={warnings.length > 0 ? 'danger' : 'primary'}
            busy={save.isPending}
            disabled={!isChanged}
          >
            {warnings.length > 0 ? 'Save all the same' : 'Save'}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="space-y-4">
        {Object.entries(draft.texts).map(([field, text]) => (
          <Field key={field} label={labels[field as keyof typeof labels]} error={errorOf(`/config/${field}`)}>
            {(props) => (
              <Input
                {...props}
                value={text}
                spellCheck={false}
                onChange={({ target }) => change({ texts: { ...draft.texts, [field]: target.value } })}
                className="font-mono"
              />
            )}
          </Field>
        ))}
        {draft.args === undefined ? null : (
          <Field label="Arguments" hint="One a line." error={errorOf('/config/args')}>
            {(props) => (
              <TextArea
                {...props}
                value={draft.args}
                spellCheck={false}
                onChange={({ target }) => change({ args: target.value })}
                className="font-mono text-[13px]"
              />
            )}
          </Field>
        )}
        <Entries
          entries={draft.entries}
          part={entryPartOf(connection.type)}
          errorOf={errorOf}
          onChange={(entries) => change({ entries })}
        />
        {Object.entries(draft.auth).map(([name, value]) => (
          <Field key={name} label={`Sign-in: ${name}`} error={errorOf(`/config/auth/${name}`)}>
            {(props) => (
              <SecretInput
                {...props}
                value={value}
                onValue={(typed) => change({ auth: { ...draft.auth, [name]: typed } })}
              />
            )}
          </Field>
        ))}
        {draft.sandbox === undefined ? null : (
          <Field label="What it may reach" error={errorOf('/config/sandbox')}>
            {(props) => (
              <Select
                {...props}
                value={draft.sandbox}
                onChange={({ target }) => change({ sandbox: target.value })}
              >
                <option value="default">what you may, but not Alfred’s own folder</option>
                <option value="strict">only the folders and the network that it was given</option>
                <option value="off">everything that you may, the vault’s key among it</option>
              </Select>
            )}
          </Field>
        )}
        {draft.allowPrivateNetwork === undefined ? null : (
          <label className="flex items-start gap-2.5">
            <input
              type="checkbox"
              checked={draft.allowPrivateNetwork}
              onChange={({ target }) => change({ allowPrivateNetwork: target.checked })}
              className="mt-0.5 size-4 accent-accent"
            />
            <span>
              It is on this machine or in my own network
              <span className="block text-[13px] text-ink-2">
                Without this, such addresses are refused: a skill could be led to call what is not meant for
                it.
              </span>
            </span>
          </label>
        )}
        {warnings.map((warning) => (
          <p
            key={warning}
            role="alert"
            className="flex gap-2 rounded-lg border border-wait/40 bg-wait-soft px-3 py-2 text-wait"
          >
            <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" /> {warning}
          </p>
        ))}
        {save.error ? <ProblemNote error={save.error} /> : null}
      </form>
    </Dialog>
  );
}

const partWords = {
  env: 'environment',
  headers: 'header',
  secrets: 'named in the command or address',
} as const;

function Entries({
  entries,
  part,
  errorOf,
  onChange,
}: {
  entries: Entry[];
  part: Entry['part'];
  errorOf(pointer: string): string | undefined;
  onChange(entries: Entry[]): void;
}) {
  const put = (place: number, change: Partial<Entry>) =>
    onChange(entries.map((entry, index) => (index === place ? { ...entry, ...change } : entry)));
  return (
    <fieldset className="space-y-2">
      <legend className="mb-1.5 font-medium">
        {part === 'env' ? 'Environment and secrets' : 'Headers and secrets'}
      </legend>
      {entries.map((entry, place) => {
        const error = entry.name === '' ? undefined : errorOf(`/config/${entry.part}/${entry.name}`);
        const name = entry.name === '' ? 'new' : entry.name;
        return entry.isRemoved ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows keep their places, and new ones have no name yet
          <p key={place} className="flex items-center gap-3 text-[13px] text-ink-2">
            <s className="font-mono">{entry.name}</s> is removed when you save.
            <Button look="quiet" size="sm" onClick={() => put(place, { isRemoved: false })}>
              Keep it
            </Button>
          </p>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <div key={place}>
            <div className="flex flex-wrap items-center gap-2">
              {entry.kind === 'new' ? (
                <Input
                  aria-label="Name"
                  placeholder={part === 'env' ? 'API_TOKEN' : 'Authorization'}
                  value={entry.name}
                  spellCheck={false}
                  onChange={({ target }) => put(place, { name: target.value.trim() })}
                  className="w-48! font-mono"
                />
              ) : (
                <span className="w-48 font-mono text-[13px] break-all" title={partWords[entry.part]}>
                  {entry.name}
                </span>
              )}
              <span className="min-w-40 flex-1">
                {entry.kind === 'plain' ? (
                  <Input
                    aria-label={`Value of ${name}`}
                    value={entry.value}
                    onChange={({ target }) => put(place, { value: target.value })}
                    className="font-mono"
                  />
                ) : (
                  <SecretInput
                    aria-label={`Value of ${name}`}
                    isNew={entry.kind === 'new'}
                    value={entry.value}
                    onValue={(value) => put(place, { value })}
                  />
                )}
              </span>
              <Button
                look="quiet"
                size="icon"
                aria-label={`Remove ${name}`}
                onClick={() =>
                  entry.kind === 'new'
                    ? onChange(entries.filter((_, index) => index !== place))
                    : put(place, { isRemoved: true })
                }
              >
                <X className="size-4" />
              </Button>
            </div>
            {error ? <p className="mt-1 text-[13px] text-bad">{error}</p> : null}
          </div>
        );
      })}
      <Button
        size="sm"
        icon={<Plus className="size-4" />}
        onClick={() => onChange([...entries, { part, name: '', kind: 'new', value: '', isRemoved: false }])}
      >
        {part === 'env' ? 'Add a variable' : 'Add a header'}
      </Button>
    </fieldset>
  );
}

/** Typed once and never shown. */
function SecretInput({
  value,
  onValue,
  isNew = false,
  ...rest
}: {
  value: string;
  onValue(value: string): void;
  isNew?: boolean;
  id?: string;
  'aria-label'?: string;
  'aria-describedby'?: string | undefined;
  'aria-invalid'?: boolean;
}) {
  return (
    <Input
      {...rest}
      type="password"
      autoComplete="new-password"
      placeholder={isNew ? 'sealed when you save' : 'sealed, and kept'}
      value={value}
      onChange={({ target }) => onValue(target.value)}
    />
  );
}
