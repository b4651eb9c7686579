/** The form by which somebody is invited. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ActForm } from '../ui/act-form.tsx';
import { Field, Select, TextField } from '../ui/field.tsx';
import { api } from './api.ts';
import { linkFor, type Sent } from './link-sent.tsx';
import { signInWaysQuery } from './queries.ts';

const roleWords = {
  customer: 'customer: their own VMs, and what is billed of them',
  support: 'support: enrols, renames, suspends',
  billing: 'billing: bills, months, customer numbers',
  operator: 'operator: everything that Core does',
} as const;
type Role = keyof typeof roleWords;

export function NewUser({ onLink }: { onLink(sent: Sent): void }) {
  const queries = useQueryClient();
  const ways = useQuery(signInWaysQuery);
  const [login, setLogin] = useState('');
  const [role, setRole] = useState<Role>('customer');
  const [customerNumber, setCustomerNumber] = useState('');
  const create = useMutation({
    mutationFn: async () => {
      const more = role === 'customer' ? { customerNumber: customerNumber.trim() } : { role };
      return await linkFor(await api.createUser({ body: { login, ...more } }));
    },
    onSuccess: async (sent) => {
      onLink(sent);
      setLogin('');
      setRole('customer');
      setCustomerNumber('');
      await queries.invalidateQueries({ queryKey: ['users'] });
    },
  });
  const link = ways.data?.forgotten
    ? 'a mail address is mailed the link'
    : 'you are shown the link and hand it over, as this Core sends no mail';
  return (
    <ActForm act={create} verb="Invite" look="plain" className="space-y-3 border-t border-line pt-4">
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="New user’s login"
          hint={`Lower-case letters, digits and . _ @ + -; ${link}.`}
          required
          maxLength={64}
          autoComplete="off"
          autoCapitalize="none"
          value={login}
          onText={setLogin}
        />
        <Field label="Who they are">
          {(props) => (
            <Select {...props} value={role} onChange={({ target }) => setRole(target.value as Role)}>
              {Object.entries(roleWords).map(([one, words]) => (
                <option key={one} value={one}>
                  {words}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {role === 'customer' ? (
          <TextField
            label="Their customer number"
            hint="Your own number for them, which their bills have. May be empty."
            maxLength={40}
            autoComplete="off"
            value={customerNumber}
            onText={setCustomerNumber}
          />
        ) : null}
      </div>
    </ActForm>
  );
}
