import { AlfredError } from '../../src/kernel/errors.ts';

export const noSuchVm = (): AlfredError => new AlfredError('E_NOT_FOUND', 'There is no such VM of yours');
