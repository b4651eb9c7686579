/** An entry of a person's on a VM's bill: what is added to it, or taken off. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { FleetEntry, Totals } from '../../src/contract/fleet.ts';
import { ActForm } from '../ui/act-form.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { say } from '../ui/toast.ts';
import { api } from './api.ts';
import { monthName } from './months.ts';

const numbers = [
  ['executions', 'Executions'],
  ['durationMs', 'Duration in ms'],
  ['tokens', 'Tokens'],
] as const satisfies [keyof Totals, string][];

export function CorrectDialog({ vm, name, onClose }: { vm: FleetEntry; name: string; onClose(): void }) {
  const queries = useQueryClient();
  const [day, setDay] = useState(() => new Date().toISOString().slice(0, 10));
  const [note, setNote] = useState('');
  const [values, setValues] = useState<Totals>({ executions: 0, durationMs: 0, tokens: 0 });
  const correct = useMutation({
    mutationFn: () => api.correctBill({ body: { vmId: vm.vmId, day, note: note.trim(), ...values } }),
    onSuccess: async ({ billedIn }) => {
      say('The bill is corrected', `It stands with ${monthName(billedIn)}.`);
      onClose();
      await queries.invalidateQueries({ queryKey: ['fleet'] });
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Correct the bill of ${name}`}
      lead="An entry of its own, on record: with the month of its day, and when that is closed with this one. A number below zero takes something off."
    >
      <ActForm act={correct} verb="Correct it">
        <Field label="Day" hint="In UTC. It is billed to whoever had the VM that day.">
          {(props) => (
            <Input
              {...props}
              type="date"
              required
              value={day}
              onChange={({ target }) => setDay(target.value)}
            />
          )}
        </Field>
        <div className="grid gap-3 sm:grid-cols-3">
          {numbers.map(([key, label]) => (
            <Field key={key} label={label}>
              {(props) => (
                <Input
                  {...props}
                  type="number"
                  step={1}
                  required
                  value={values[key]}
                  onChange={({ target }) => setValues({ ...values, [key]: target.valueAsNumber })}
                />
              )}
            </Field>
          ))}
        </div>
        <Field label="Why" hint="Letters, digits, spaces and . _ -">
          {(props) => (
            <Input {...props} maxLength={60} value={note} onChange={({ target }) => setNote(target.value)} />
          )}
        </Field>
      </ActForm>
    </Dialog>
  );
}
