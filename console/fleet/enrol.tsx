/** A token for one VM, shown once, and what to do with it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CoreUser } from '../../src/contract/core-people.ts';
import type { FleetEntry } from '../../src/contract/fleet.ts';
import { ActForm } from '../ui/act-form.tsx';
import { Button } from '../ui/button.tsx';
import { CopyButton, ShownOnce } from '../ui/copy.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input, Select } from '../ui/field.tsx';
import { dayTime } from '../ui/format.ts';
import { api } from './api.ts';

type Enrolment = Awaited<ReturnType<typeof api.createEnrolment>>;

export function EnrolDialog({
  open,
  onClose,
  users,
  replaces,
}: {
  open: boolean;
  onClose(): void;
  /** Whose it may become; empty for a user, whose VMs are their own. */
  users: readonly CoreUser[];
  /** The VM that it takes the place of. */
  replaces?: FleetEntry;
}) {
  const queries = useQueryClient();
  const [label, setLabel] = useState('');
  const [userId, setUserId] = useState('');
  const enrol = useMutation({
    mutationFn: () =>
      api.createEnrolment({
        body: replaces
          ? { replaces: replaces.vmId }
          : { label: label.trim(), ...(userId === '' ? {} : { userId }) },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['enrolments'] }),
  });
  const close = () => {
    enrol.reset();
    setLabel('');
    setUserId('');
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={replaces ? `Replace ${replaces.label || replaces.vmId.slice(-8)}` : 'Enrol a VM'}
      lead={
        replaces
          ? 'The new VM takes its name and its customer. When it enrols, the old one is retired; its bills stay.'
          : 'The VM makes its own secret; Core is sent a hash of it, and the token below.'
      }
    >
      {enrol.data ? (
        <Made enrolment={enrol.data} onDone={close} />
      ) : (
        <ActForm act={enrol} verb="Make a token">
          {replaces ? null : (
            <Field label="Name" hint="Yours alone: it is Core’s, and never sent to the VM. May be empty.">
              {(props) => (
                <Input
                  {...props}
                  maxLength={60}
                  placeholder="Vance Bern"
                  value={label}
                  onChange={(event) => setLabel(event.target.value)}
                />
              )}
            </Field>
          )}
          {users.length > 0 ? (
            <Field label="For" hint="This user sees its totals, and may open it.">
              {(props) => (
                <Select {...props} value={userId} onChange={(event) => setUserId(event.target.value)}>
                  <option value="">nobody yet</option>
                  {users
                    .filter(({ suspended }) => !suspended)
                    .map(({ id, login }) => (
                      <option key={id} value={id}>
                        {login}
                      </option>
                    ))}
                </Select>
              )}
            </Field>
          ) : null}
        </ActForm>
      )}
    </Dialog>
  );
}

function Made({ enrolment: { token, expiresAt }, onDone }: { enrolment: Enrolment; onDone(): void }) {
  const command = `npx alfred core link ${location.origin}`;
  return (
    <div className="space-y-4">
      <ShownOnce text={token}>
        <p className="text-[13px] text-ink-2">Good once, until {dayTime(expiresAt)}.</p>
      </ShownOnce>
      <div className="space-y-1">
        <p>On the VM, in Alfred’s folder; it asks for the token:</p>
        <div className="flex items-center justify-between gap-3 rounded-lg bg-sunken px-3 py-1">
          <code className="min-w-0 font-mono text-[13px] break-all">{command}</code>
          <CopyButton text={command} />
        </div>
        <p className="text-[13px] text-ink-2">
          Or in its console, under Core. A VM that is provisioned anew takes both as{' '}
          <code>ALFRED_CORE_URL</code> and <code>ALFRED_ENROLLMENT_TOKEN</code>.
        </p>
      </div>
      <Button onClick={onDone}>Done</Button>
    </div>
  );
}
