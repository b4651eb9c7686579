/** Another value for one secret of a connection, from the first letter typed until it is sealed. */
import { type FormEvent, useState } from 'react';
import type { Connection } from '../../src/contract/connections.ts';
import { useSave } from './connection-form.tsx';
import type { SecretField } from './secrets-of.ts';

/** @param onSaved is told whether the connection may be started with it */
export function useNewSecret(
  connection: Connection,
  { part, name }: SecretField,
  onSaved: (isApproved: boolean) => void,
) {
  const [value, setValue] = useState('');
  const [warnings, setWarnings] = useState<string[]>([]);
  const save = useSave(connection, warnings, { onWarned: setWarnings, onSaved });
  return {
    value,
    setValue,
    warnings,
    save,
    submit: (event: FormEvent) => {
      event.preventDefault();
      save.mutate({ [part]: { [name]: value } });
    },
  };
}
