/** Filters that were saved under a name, in the terminal. */
import type { SavedFilter } from '../contract/saved-filters.ts';
import type { Api } from './api.ts';
import type { Context } from './context.ts';
import { CliProblem, usageProblem } from './problem.ts';

/** @throws CliProblem E_NOT_FOUND */
export async function readSaved(api: Api, name: string): Promise<SavedFilter['filter']> {
  const { items } = await api.listSavedFilters();
  const found = items.find((each) => each.name === name.trim());
  if (found !== undefined) return found.filter;
  const others = items.map((each) => `"${each.name}"`).join(', ');
  throw new CliProblem('E_NOT_FOUND', `There is no saved filter "${name}"`, {
    remedy: others === '' ? 'save one with alfred execution list … --save NAME' : `there are ${others}`,
  });
}

/** @throws a usage problem where nothing is looked for */
export async function saveFilter(
  context: Context,
  api: Api,
  name: string,
  filter: SavedFilter['filter'],
): Promise<void> {
  if (Object.keys(filter).length === 0)
    throw usageProblem('--save needs something to look for', 'such as --status failed --from 7d');
  await api.saveFilter({ params: { name }, body: { filter } });
  context.note(context.err.dim(`saved: alfred execution list --saved "${name}"`));
}
