import type { CoreUser } from '../../src/contract/core-people.ts';
import { Confirm } from '../ui/dialog.tsx';

export const SuspendUser = ({
  user,
  onClose,
  onSuspend,
  busy,
}: {
  user: CoreUser | undefined;
  onClose(): void;
  onSuspend(id: string): void;
  busy: boolean;
}) => (
  <Confirm
    open={user !== undefined}
    onClose={onClose}
    onConfirm={() => (user ? onSuspend(user.id) : undefined)}
    busy={busy}
    title={`Suspend ${user?.login ?? ''}?`}
    verb="Suspend"
    keep="Cancel"
  >
    {user?.role === null
      ? 'They are signed out at once, and can open no VM through Core. Their VMs go on working, reporting and being billed.'
      : 'They are signed out at once, and the tokens that they made are ended. What they did stays under “Who did what”.'}{' '}
    You can let them in again.
  </Confirm>
);
