/** The provider's own tokens: for people and programs, each with a role and an end. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type CoreRole, coreRoles } from '../../src/contract/core-people.ts';
import { ActForm } from '../ui/act-form.tsx';
import { Button } from '../ui/button.tsx';
import { ShownOnce } from '../ui/copy.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { Field, Select, TextField } from '../ui/field.tsx';
import { dayTime } from '../ui/format.ts';
import { Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { api } from './api.ts';
import { tokensQuery } from './queries.ts';

const roleWords: Readonly<Record<CoreRole, string>> = {
  operator: 'operator: everything that Core does',
  billing: 'billing: bills, months, customer numbers',
  support: 'support: enrol, rename, suspend',
  metrics: 'metrics: /metrics, for Prometheus',
};

export function Tokens() {
  const tokens = useQuery(tokensQuery);
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: (id: string) => api.endToken({ params: { id } }),
    onSuccess: () => say('The token is ended', 'So is all that was opened or made with it.'),
    onError: sayProblem,
    onSettled: async () => {
      setAsked(undefined);
      await queries.invalidateQueries({ queryKey: ['tokens'] });
    },
  });
  const [asked, setAsked] = useState<{ id: string; name: string }>();
  return (
    <Panel title="Tokens">
      {tokens.error ? <ProblemNote error={tokens.error} /> : null}
      {tokens.isPending ? <SkeletonRows rows={2} /> : null}
      <ul className="mb-4 divide-y divide-line">
        {tokens.data?.map(({ id, name, role, isFile, expiresAt }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-3 py-2">
            <span className="min-w-0">
              <span className="block truncate font-medium">{name}</span>
              <span className="text-[13px] text-ink-2">
                {role}, {expiresAt === null ? 'as long as its file is there' : `until ${dayTime(expiresAt)}`}
              </span>
            </span>
            {isFile ? null : (
              <Button size="sm" onClick={() => setAsked({ id, name })}>
                End
              </Button>
            )}
          </li>
        ))}
      </ul>
      <NewToken />
      <Confirm
        open={asked !== undefined}
        onClose={() => setAsked(undefined)}
        onConfirm={() => (asked ? end.mutate(asked.id) : undefined)}
        busy={end.isPending}
        title={`End ${asked?.name ?? ''}?`}
        verb="End the token"
      >
        Whoever uses it is let in no more, for good, and so is what was opened or made with it.
      </Confirm>
    </Panel>
  );
}

function NewToken() {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<CoreRole>('billing');
  const create = useMutation({
    mutationFn: () => api.createToken({ body: { name: name.trim(), role } }),
    onSuccess: async () => {
      setName('');
      await queries.invalidateQueries({ queryKey: ['tokens'] });
    },
  });
  return (
    <ActForm act={create} verb="Make a token" look="plain" className="space-y-3 border-t border-line pt-4">
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="New token’s name"
          hint="Who or what it is for. It is good for 90 days."
          required
          maxLength={60}
          value={name}
          onText={setName}
        />
        <Field label="Role">
          {(props) => (
            <Select {...props} value={role} onChange={({ target }) => setRole(target.value as CoreRole)}>
              {coreRoles.map((one) => (
                <option key={one} value={one}>
                  {roleWords[one]}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      {create.data ? <ShownOnce text={create.data.token} /> : null}
    </ActForm>
  );
}
