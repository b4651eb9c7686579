/** VMs of a Core, as its operator names them in a command. */
import type { FleetEntry } from '../contract/fleet.ts';
import type { CoreApi } from './core-api.ts';
import { CliProblem } from './problem.ts';

/** What a VM is called where a person reads. */
export const nameOf = ({ label, vmId }: Pick<FleetEntry, 'label' | 'vmId'>): string =>
  label === '' ? vmId.slice(-8) : label;

/**
 * The VM that `text` names: by its whole id, its label, or the end of its id.
 *
 * @throws CliProblem E_NOT_FOUND for none, E_CONFLICT for several
 */
export async function findVm(core: CoreApi, text: string): Promise<FleetEntry> {
  const { items } = await core.readFleet({ query: { q: text.slice(0, 60), limit: 1000 } });
  const lower = text.toLowerCase();
  const whole = items.filter(({ vmId, label }) => vmId === lower || label.toLowerCase() === lower);
  const found =
    whole.length > 0 ? whole : items.filter(({ vmId }) => lower.length >= 4 && vmId.endsWith(lower));
  const [first] = found;
  if (first === undefined) {
    throw new CliProblem('E_NOT_FOUND', `No VM is called ${text}`, { remedy: 'see alfred core vm list' });
  }
  if (found.length === 1) return first;
  throw new CliProblem('E_CONFLICT', `${found.length} VMs are called ${text}`, {
    remedy: `name one by its id: ${found
      .slice(0, 3)
      .map(({ vmId }) => vmId)
      .join(', ')}`,
  });
}

/** The id of the user who signs in as `login`. @throws CliProblem E_NOT_FOUND */
export async function findUser(core: CoreApi, login: string): Promise<string> {
  const { items } = await core.listUsers();
  const found = items.find((one) => one.login === login);
  if (found) return found.id;
  throw new CliProblem('E_NOT_FOUND', `Nobody has the login ${login}`, {
    remedy: 'see alfred core user list',
  });
}
