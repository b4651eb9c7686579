/** What is looked for again, under a name: chosen, kept and forgotten. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { api } from '../api/api.ts';
import { savedFiltersQuery } from '../api/found-queries.ts';
import type { ExecutionFilters } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx';
import { Bookmark, Plus, Trash2 } from '../ui/more-icons.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { t } from '../words/t.ts';

type Given = Record<string, string>;

export function SavedFilters({ filters }: { filters: ExecutionFilters }) {
  const navigate = useNavigate();
  const saved = useQuery(savedFiltersQuery);
  const [isNaming, setNaming] = useState(false);
  const given = Object.fromEntries(Object.entries(filters).filter(([, value]) => value)) as Given;
  const shown = saved.data?.find(({ filter }) => isSame(filter, given));
  const { save, forget } = useSaving();
  return (
    <>
      <Menu label={t('Saved filters')} icon={<Bookmark className="size-4" />}>
        {saved.data?.map(({ name, filter }) => (
          <MenuItem
            key={name}
            icon={<Bookmark />}
            onSelect={() => void navigate({ to: '/executions', search: filter as ExecutionFilters })}
          >
            {name}
          </MenuItem>
        ))}
        {saved.data?.length ? <MenuLine /> : null}
        <MenuItem
          icon={<Plus />}
          disabled={Object.keys(given).length === 0 || shown !== undefined}
          onSelect={() => setNaming(true)}
        >
          {t('Save what is looked for …')}
        </MenuItem>
        {shown === undefined ? null : (
          <MenuItem icon={<Trash2 />} onSelect={() => forget.mutate(shown)}>
            {t('Forget “{name}”', { name: shown.name })}
          </MenuItem>
        )}
      </Menu>
      {isNaming ? (
        <NameDialog
          error={save.error}
          isBusy={save.isPending}
          onClose={() => setNaming(false)}
          onName={(name) => save.mutate({ name, filter: given }, { onSuccess: () => setNaming(false) })}
        />
      ) : null}
    </>
  );
}

function useSaving() {
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries(savedFiltersQuery);
  const save = useMutation({
    mutationFn: ({ name, filter }: { name: string; filter: Given }) =>
      api.saveFilter({ params: { name }, body: { filter } }),
    onSuccess: ({ name }) => say(t('Saved as “{name}”', { name })),
    onSettled,
  });
  const forget = useMutation({
    mutationFn: ({ name }: { name: string; filter: Given }) => api.removeSavedFilter({ params: { name } }),
    onSuccess: (_, one) =>
      say(t('“{name}” is forgotten', { name: one.name }), undefined, () => save.mutate(one)),
    onError: sayProblem,
    onSettled,
  });
  return { save, forget };
}

const isSame = (one: Given, other: Given): boolean =>
  Object.keys({ ...one, ...other }).every((name) => one[name] === other[name]);

function NameDialog({
  error,
  isBusy,
  onClose,
  onName,
}: {
  error: unknown;
  isBusy: boolean;
  onClose(): void;
  onName(name: string): void;
}) {
  const [name, setName] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onName(name.trim());
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('Save what is looked for')}
      lead={t('It stands behind the bookmark from now on, and in the terminal.')}
    >
      <form onSubmit={submit} className="space-y-4">
        <Field label={t('Name')} hint={t('Such as: failed this week')}>
          {(props) => (
            <Input {...props} maxLength={60} value={name} onChange={({ target }) => setName(target.value)} />
          )}
        </Field>
        {error ? <ProblemNote error={error} /> : null}
        <Button type="submit" look="primary" busy={isBusy} disabled={name.trim() === ''}>
          {t('Save')}
        </Button>
      </form>
    </Dialog>
  );
}
