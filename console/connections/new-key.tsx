/** A field for another value of the one secret of a connection that does not work, where that is told: nothing to press before it. */
import type { Connection } from '../../src/contract/connections.ts';
import { Button } from '../ui/button.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { t } from '../words/t.ts';
import { Warning } from './connection-form.tsx';
import { SecretInput } from './secret-input.tsx';
import type { SecretField } from './secrets-of.ts';
import { useNewSecret } from './use-new-secret.ts';
import { useTry } from './use-try.ts';

export function NewKey({ connection, field }: { connection: Connection; field: SecretField }) {
  const test = useTry(connection.name);
  const { value, setValue, warnings, save, submit } = useNewSecret(connection, field, (isApproved) => {
    setValue('');
    if (isApproved) test.mutate();
  });
  return (
    <form onSubmit={submit} className="space-y-2 px-4 pb-3 sm:pl-11">
      <div className="flex items-center gap-2">
        <SecretInput
          aria-label={t('Another {key} of {name}', { key: field.name, name: connection.name })}
          hint={t('Another {key}', { key: field.name })}
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
