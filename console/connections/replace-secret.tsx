/** Puts another value in the place of one secret of a connection, and leaves all else. */
import { type ReactNode, useId, useState } from 'react';
import type { Connection } from '../../src/contract/connections.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Select } from '../ui/field.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { t } from '../words/t.ts';
import { partWords } from './connection-entries.tsx';
import { Warning } from './connection-form.tsx';
import { SecretInput } from './secret-input.tsx';
import { type SecretField, secretFieldsOf } from './secrets-of.ts';
import { useNewSecret } from './use-new-secret.ts';

/** Which of them, where it has several, is chosen in the dialog; the field for the value has the focus all the same. */
export function ReplaceSecretOf({
  connection,
  onClose,
  onSaved,
}: {
  connection: Connection;
  onClose(): void;
  onSaved(): void;
}) {
  const fields = secretFieldsOf(connection);
  const [picked, setPicked] = useState(0);
  const field = fields[picked];
  if (field === undefined) return null;
  return (
    <ReplaceSecret connection={connection} field={field} onClose={onClose} onSaved={onSaved}>
      {fields.length === 1 ? null : (
        <Field label={t('Which one')}>
          {(props) => (
            <Select {...props} value={picked} onChange={({ target }) => setPicked(Number(target.value))}>
              {fields.map(({ part, name }, index) => (
                <option key={`${part} ${name}`} value={index}>
                  {name} · {part === 'auth' ? t('to sign in') : partWords[part]}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
    </ReplaceSecret>
  );
}

export function ReplaceSecret({
  connection,
  field,
  children,
  onClose,
  onSaved,
}: {
  connection: Connection;
  field: SecretField;
  /** What stands above the field. */
  children?: ReactNode;
  onClose(): void;
  /** The connection may be tried with it. */
  onSaved(): void;
}) {
  const id = useId();
  const { value, setValue, warnings, save, submit } = useNewSecret(connection, field, (isApproved) => {
    onClose();
    if (isApproved) onSaved();
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('Replace {name}', { name: field.name })}
      lead={t(
        'The new value takes the place of the one that is sealed now. The connection is tried with it at once.',
      )}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('Leave it as it is')}
          </Button>
          <Button type="submit" form={id} look="primary" busy={save.isPending} disabled={value === ''}>
            {warnings.length > 0 ? t('Save all the same') : t('Save')}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="space-y-4">
        {children}
        <Field label={t('New value')}>
          {(props) => <SecretInput {...props} data-begin isNew value={value} onValue={setValue} />}
        </Field>
        {warnings.map((warning) => (
          <Warning key={warning}>{warning}</Warning>
        ))}
        {save.error ? <ProblemNote error={save.error} /> : null}
      </form>
    </Dialog>
  );
}
