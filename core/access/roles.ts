/** What the provider's own tokens may do. The operator's may do everything that Core does; nobody's opens a VM. */
import type { CoreRole } from '../../src/contract/core-people.ts';
import { AlfredError } from '../../src/kernel/errors.ts';
import type { Person } from './people.ts';

/** Which roles may do each act, beside the operator. */
const alsoMay = {
  'enrol VMs': ['support'],
  // To replace a VM retires the one before, which is the operator's alone.
  'replace VMs': [],
  'rename VMs': ['support'],
  'suspend VMs': ['support'],
  'see who has VMs here': ['billing', 'support'],
  'set customer numbers': ['billing'],
  'close months': ['billing'],
  'correct bills': ['billing'],
  'hand over and retire VMs': [],
  'change users': [],
  'make and end tokens': [],
  'read the audit log': [],
  'read metrics': ['metrics'],
  'see alerts': ['billing', 'support'],
  'test alerts': ['support'],
} as const satisfies Record<string, readonly Exclude<CoreRole, 'operator'>[]>;

type Act = keyof typeof alsoMay;

const mayDo = ({ role }: Person, act: Act): boolean =>
  role === 'operator' || (role !== null && (alsoMay[act] as readonly string[]).includes(role));

/** @throws AlfredError E_FORBIDDEN for a user, and for a token whose role is another */
export function requireRole(person: Person, act: Act): void {
  if (mayDo(person, act)) return;
  const others = alsoMay[act].map((role) => ` or a ${role} token`).join('');
  throw new AlfredError('E_FORBIDDEN', `To ${act} needs the operator's token${others}`);
}
