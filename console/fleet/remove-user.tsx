import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CoreUser } from '../../src/contract/core-people.ts';
import { Confirm } from '../ui/dialog.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { api } from './api.ts';

/** Removes a user who has no VM, after asking. */
export function RemoveUser({ user, onDone }: { user: CoreUser | undefined; onDone(): void }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: (id: string) => api.removeUser({ params: { id } }),
    onSuccess: () => say('The user is removed', 'Their bills stay.'),
    onError: sayProblem,
    onSettled: async () => {
      onDone();
      await queries.invalidateQueries({ queryKey: ['users'] });
    },
  });
  return (
    <Confirm
      open={user !== undefined}
      onClose={onDone}
      onConfirm={() => (user ? remove.mutate(user.id) : undefined)}
      busy={remove.isPending}
      title={`Remove ${user?.login ?? ''}?`}
      verb="Remove"
      keep="Cancel"
    >
      They can sign in no more, for good, and are in no list. Their bills and what they did stay on record.
    </Confirm>
  );
}
