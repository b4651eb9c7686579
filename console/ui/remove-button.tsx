/** Removes what a page is about, once somebody has said yes, and goes back to the list that it was in. */
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { t } from '../words/t.ts';
import { Button } from './button.tsx';
import { Confirm } from './dialog.tsx';
import { Trash2 } from './more-icons.tsx';
import { say, sayProblem } from './toast.ts';

export function RemoveButton({
  label,
  title,
  children,
  remove,
  list,
  queryKey,
  said,
  isBlocked = false,
}: {
  label: string;
  title: string;
  /** What goes with it, and what stays. */
  children: ReactNode;
  remove(): Promise<unknown>;
  list: '/connections' | '/skills';
  /** Of what is out of date then. */
  queryKey: QueryKey;
  /** What is said when it is done, in one line or two. */
  said: [title: string, more?: string];
  /** Something stands in the way, which `children` name: nothing can be said yes to. */
  isBlocked?: boolean;
}) {
  const [isAsking, setAsking] = useState(false);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const removal = useMutation({
    mutationFn: remove,
    onSuccess: async () => {
      await navigate({ to: list });
      await queries.invalidateQueries({ queryKey });
      say(...said);
    },
    onError: (error) => {
      setAsking(false);
      sayProblem(error);
    },
  });
  return (
    <>
      <Button look="quiet" size="icon" aria-label={label} onClick={() => setAsking(true)}>
        <Trash2 className="size-4" />
      </Button>
      <Confirm
        open={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => removal.mutate()}
        busy={removal.isPending}
        title={title}
        {...(isBlocked ? { keep: t('Close') } : { verb: t('Remove') })}
      >
        {children}
      </Confirm>
    </>
  );
}
