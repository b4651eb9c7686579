/** The key of a connection in a list: opens the dialog that takes another value for a secret, ready to be typed into. */
import { useState } from 'react';
import type { Connection } from '../../src/contract/connections.ts';
import { Button } from '../ui/button.tsx';
import { KeyRound } from '../ui/icons.tsx';
import { onDemand } from '../ui/on-demand.tsx';
import { t } from '../words/t.ts';
import { secretFieldsOf } from './secrets-of.ts';
import { useTry } from './use-try.ts';

const ReplaceSecretOf = onDemand(async () => (await import('./replace-secret.tsx')).ReplaceSecretOf);

/** Nothing, where it has no secret that can be typed anew. */
export function ReplaceKey({ connection }: { connection: Connection }) {
  const { name } = connection;
  const [isOpen, setOpen] = useState(false);
  // As on its own page: it is tried with the new one at once.
  const test = useTry(name);
  if (secretFieldsOf(connection).length === 0) return null;
  const label = t('Replace a secret of {name}', { name });
  return (
    <>
      <Button
        look="quiet"
        size="icon"
        aria-label={label}
        title={label}
        className="size-11 sm:size-9"
        icon={<KeyRound className="size-4" />}
        onClick={() => setOpen(true)}
      />
      {isOpen ? (
        <ReplaceSecretOf
          connection={connection}
          onClose={() => setOpen(false)}
          onSaved={() => test.mutate()}
        />
      ) : null}
    </>
  );
}
