import { AlfredError } from '../../src/kernel/errors.ts';

/** @throws AlfredError E_VALIDATION for a change of nothing */
export function checkChange(change: object): void {
  if (Object.values(change).some((value) => value !== undefined)) return;
  throw new AlfredError('E_VALIDATION', 'The change is empty', {
    fields: [{ field: '', message: 'name what is to change' }],
  });
}
