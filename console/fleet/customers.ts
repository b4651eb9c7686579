import type { CoreUser } from '../../src/contract/core-people.ts';

/** To whom a VM can go: customers who may sign in, and whoever has it already. */
export const customersAmong = (users: readonly CoreUser[], ownerId: string | null = null): CoreUser[] =>
  users.filter(({ id, role, suspended }) => (role === null && !suspended) || id === ownerId);
