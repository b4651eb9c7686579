/** A field for another value of the one secret of a connection that does not work, where that is told: nothing to press before it. */
import { type FormEvent, useState } from 'react';
import type { Connection } from '../../src/contract/connections.ts';
import { Button } from '../ui/button.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { t } from '../words/t.ts';
import { useSave, Warning } from './connection-form.tsx';
import { SecretInput } from './secret-input.tsx';
import type { SecretField } from './secrets-of.ts';
import { useTry } from './use-try.ts';

export function NewKey({
  connection,
  field: { part, name },
}: {
  connection: Connection;
  field: SecretField;
}) {
  const [value, setValue] = useState('');
  const [warnings, setWarnings] = useState<string[]>([]);
  const test = useTry(connection.name);
  const save = useSave(connection, warnings, {
    onWarned: setWarnings,
    onSaved: (isApproved) => {
      setValue('');
      if (isApproved) test.mutate();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ [part]: { [name]: value } });
  };
  return (
    <form onSubmit={submit} className="space-y-2 px-4 pb-3 sm:pl-11">
      <div className="flex items-center gap-2">
        <SecretInput
          aria-label={t('Another {key} of {name}', { key: name, name: connection.name })}
          hint={t('Another {key}', { key: name })}
          value={value}
          onValue={setValue}
        />
        <Button type="submit" busy={save.isPending || test.isPending} disabled={value === ''}>
          {warnings.length > 0 ? t('Save all the same') : t('Save and try')}
        </Button>
      </div>
      {warnings.map((warning) => (
        <Warning key={warning}>{warning}</Warning>
      ))}
      {save.error ? <ProblemNote error={save.error} /> : null}
    </form>
  );
}
