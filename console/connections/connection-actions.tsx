/** What can be done with a connection: tried, asked for its tools, changed, removed. */
import { useState } from 'react';
import type { Connection } from '../../src/contract/connections.ts';
import { Button } from '../ui/button.tsx';
import { Pencil, RefreshCw, Stethoscope } from '../ui/more-icons.tsx';
import { onDemand } from '../ui/on-demand.tsx';
import { t } from '../words/t.ts';
import { RemoveConnection, type usersOf } from './connection-users.tsx';

const RenameConnection = onDemand(async () => (await import('./rename-connection.tsx')).RenameConnection);
const ConnectionForm = onDemand(async () => (await import('./connection-form.tsx')).ConnectionForm);

export function ConnectionActions({
  connection,
  test,
  discover,
  users,
}: {
  connection: Connection;
  test: { isPending: boolean; mutate(): void };
  discover: { isPending: boolean; mutate(): void };
  users: ReturnType<typeof usersOf>;
}) {
  const { approved } = connection;
  const [isChanging, setChanging] = useState(false);
  const [isRenaming, setRenaming] = useState(false);
  return (
    <>
      <Button
        icon={<Stethoscope className="size-4" />}
        busy={test.isPending}
        disabled={!approved}
        onClick={() => test.mutate()}
      >
        {t('Test')}
      </Button>
      <Button
        icon={<RefreshCw className="size-4" />}
        busy={discover.isPending}
        disabled={!approved}
        onClick={() => discover.mutate()}
      >
        {t('Look for tools')}
      </Button>
      <Button icon={<Pencil className="size-4" />} onClick={() => setChanging(true)}>
        {t('Change')}
      </Button>
      <Button onClick={() => setRenaming(true)}>{t('Rename')}</Button>
      <RemoveConnection connection={connection} users={users} />
      {isRenaming ? (
        <RenameConnection name={connection.name} users={users} onClose={() => setRenaming(false)} />
      ) : null}
      {isChanging ? (
        <ConnectionForm
          connection={connection}
          onClose={() => setChanging(false)}
          onSaved={() => test.mutate()}
        />
      ) : null}
    </>
  );
}
