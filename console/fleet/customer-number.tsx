import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CoreUser } from '../../src/contract/core-people.ts';
import { Input } from '../ui/field.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { api } from './api.ts';
import { readAnew } from './queries.ts';

/** The provider's own number for them, saved when the field is left. */
export function CustomerNumber({ user }: { user: CoreUser }) {
  const queries = useQueryClient();
  const [text, setText] = useState(user.customerNumber);
  const save = useMutation({
    mutationFn: (customerNumber: string) =>
      api.changeUser({ params: { id: user.id }, body: { customerNumber } }),
    onSuccess: (_, number) =>
      say(number === '' ? `${user.login} has no customer number` : `${user.login} is ${number}`, 'Saved.'),
    onError: (error) => {
      setText(user.customerNumber);
      sayProblem(error);
    },
    // It stands beside each of their VMs as well.
    onSettled: () => readAnew(queries),
  });
  return (
    <div className="w-36">
      <Input
        aria-label={`Customer number of ${user.login}`}
        placeholder="Customer no."
        maxLength={40}
        className="h-8 text-[13px]"
        value={text}
        onChange={({ target }) => setText(target.value)}
        onBlur={() => (text.trim() === user.customerNumber ? undefined : save.mutate(text.trim()))}
      />
    </div>
  );
}
