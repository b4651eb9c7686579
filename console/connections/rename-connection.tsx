/** A connection is called otherwise; the skills that use it follow, and are named before. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { api } from '../api/api.ts';
import { ApiError } from '../api/client.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { say } from '../ui/toast.ts';
import { t } from '../words/t.ts';
import type { usersOf } from './connection-users.tsx';

export function RenameConnection({
  name,
  users,
  onClose,
}: {
  name: string;
  users: ReturnType<typeof usersOf>;
  onClose(): void;
}) {
  const [to, setTo] = useState(name);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const rename = useMutation({
    mutationFn: () => api.renameConnection({ params: { name }, body: { to: to.trim() } }),
    onSuccess: async (renamed) => {
      onClose();
      const followed =
        renamed.skills.length === 0
          ? undefined
          : t('{skills, plural, one {# skill} other {# skills}} went along.', {
              skills: renamed.skills.length,
            });
      say(
        t('{name} is {renamed} now', { name, renamed: renamed.name }),
        [followed, ...renamed.warnings].filter(Boolean).join(' ') || undefined,
      );
      await navigate({ to: '/connections/$name', params: { name: renamed.name }, replace: true });
      await queries.invalidateQueries();
    },
  });
  const wrong = rename.error instanceof ApiError ? (rename.error.problem.errors ?? []) : [];
  const wrongName = wrong.find(({ field }) => field === '/to')?.message;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('Rename {name}', { name })}
      lead={t('Its secrets, its approval and its tools stay as they are.')}
    >
      <form onSubmit={submit} className="space-y-4">
        <Field label={t('New name')} hint={t('Lower-case letters, digits, hyphens.')} error={wrongName}>
          {(props) => (
            <Input
              {...props}
              required
              maxLength={40}
              spellCheck={false}
              autoCapitalize="none"
              value={to}
              onChange={({ target }) => setTo(target.value)}
            />
          )}
        </Field>
        {users.length === 0 ? null : (
          <p className="text-ink-2">
            {t('{names} {count, plural, one {goes} other {go}} along, as a new version.', {
              names: users.map((user) => user.name).join(', '),
              count: users.length,
            })}
          </p>
        )}
        {rename.error && wrongName === undefined ? <ProblemNote error={rename.error} /> : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('Keep the name')}</Button>
          <Button type="submit" look="primary" busy={rename.isPending} disabled={to.trim() === name}>
            {t('Rename')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
