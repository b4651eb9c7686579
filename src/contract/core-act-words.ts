/** An act at Core as a person reads it: ids by their names, where they have one. */
import type { CoreAct } from './core-people.ts';

/** What somebody did, in words that follow who did it. */
const did: Readonly<Record<string, string>> = {
  'token.replaced': 'took a new admin-token',
  'token.created': 'made a token',
  'token.ended': 'ended a token',
  'user.created': 'added a user',
  'user.changed': 'changed a user',
  'user.removed': 'removed a user',
  'user.invited': 'invited a user',
  'user.reset': 'made a link for another password',
  'password.set': 'set a password',
  'passkey.added': 'added a passkey',
  'passkey.removed': 'removed a passkey',
  'enrolment.created': 'made an enrolment token',
  'enrolment.withdrawn': 'withdrew an enrolment token',
  'vm.enrolled': 'enrolled',
  'vm.changed': 'changed a VM',
  'vm.retired': 'retired a VM',
  'vm.copied': 'reported twice',
  'month.closed': 'closed a month',
  'bill.corrected': 'corrected a bill',
  'backup.created': 'made a backup',
  'backup.failed': 'could not make a backup',
  'backup.restored': 'was restored from a backup',
};

/** What is said of data, in place of the names of fields. */
const fields: Readonly<Record<string, string>> = {
  ownerId: 'customer',
  customerNumber: 'customer number',
  label: 'name',
  vmId: 'VM',
};

export type ActWords = { who: string; did: string; what: string; how: string };

/** @param names of ids, as Core says them with the acts */
export function actWords(
  { actor, action, subject, data }: Pick<CoreAct, 'actor' | 'action' | 'subject' | 'data'>,
  names: Readonly<Record<string, string>>,
): ActWords {
  const call = (id: string): string => names[id] ?? (/^[0-9a-f-]{36}$/.test(id) ? id.slice(-8) : id);
  const [kind = '', id] = actor.split(':');
  const whoIs = id === undefined ? (kind === 'file' ? 'admin-token' : kind) : call(id);
  const isOwn = id !== undefined && id === subject;
  return {
    who: kind === 'vm' ? `VM ${whoIs}` : whoIs,
    did: did[action] ?? action,
    what: subject === null || isOwn ? '' : call(subject),
    how: Object.entries(data)
      .map(([field, value]) => `${fields[field] ?? field} ${value === null ? 'nobody' : call(String(value))}`)
      .join(', '),
  };
}
