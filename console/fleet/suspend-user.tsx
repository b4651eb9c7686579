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
  >
    They are signed out at once, can open no VM through Core, and the tokens that they made are ended. Their
    VMs go on working and reporting.
  </Confirm>
);
