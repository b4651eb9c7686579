/** A token for one VM, shown once, and what to do with it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CoreUser } from '../../src/contract/core-people.ts';
import type { FleetEntry } from '../../src/contract/fleet.ts';
import { ActForm } from '../ui/act-form.tsx';
import { Button } from '../ui/button.tsx';
import { CopyField, ShownOnce } from '../ui/copy.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input, Select } from '../ui/field.tsx';
import { dayTime } from '../ui/format.ts';
import { api } from './api.ts';
import { customersAmong } from './customers.ts';

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
      isKept={enrol.data !== undefined}
      width="lg"
      title={replaces ? `Replace ${replaces.label || replaces.vmId.slice(-8)}` : 'Enrol a VM'}
      lead={
        replaces
          ? 'You get a token for the new VM, which takes its name and its customer. When that enrols, the old one is retired; until then nothing changes. Its bills stay.'
          : 'You get a token, good once, that the VM enrols with. It makes its own secret, of which Core is sent a hash.'
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
            <Field label="For" hint="The customer. They see its totals, and may open it.">
              {(props) => (
                <Select {...props} value={userId} onChange={(event) => setUserId(event.target.value)}>
                  <option value="">nobody yet</option>
                  {customersAmong(users).map(({ id, login, customerNumber }) => (
                    <option key={id} value={id}>
                      {customerNumber === '' ? login : `${login} (${customerNumber})`}
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
        <CopyField text={command} />
        <p className="text-[13px] text-ink-2">
          Or in its console, under Core. A VM that is provisioned anew takes both as{' '}
          <code>ALFRED_CORE_URL</code> and <code>ALFRED_ENROLLMENT_TOKEN</code>.
        </p>
      </div>
      <Button onClick={onDone}>Done</Button>
    </div>
  );
}
