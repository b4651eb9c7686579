import { listItems } from '../contract/list-items.ts';
import type { Api } from './api.ts';
import { CliProblem } from './problem.ts';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const recent = 200;

/**
 * Resolves what was typed to a proposal's id: a whole one, the end of one, or `last`.
 *
 * @throws CliProblem E_NOT_FOUND when it fits none, or several, of the latest
 */
export async function resolveProposalId(api: Api, typed: string): Promise<string> {
  const text = typed.toLowerCase().replace(/^…/, '');
  if (uuid.test(text)) return text;
  const items = await listItems(api.listProposals, {}, { max: text === 'last' ? 1 : recent });
  const fitting = items.filter(({ id }) => text === 'last' || (text.length >= 4 && id.endsWith(text)));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only.id;
  throw new CliProblem(
    'E_NOT_FOUND',
    fitting.length > 1 ? `${fitting.length} proposals end with ${typed}` : `There is no proposal ${typed}`,
    { remedy: 'see them with alfred proposal list; give a whole id, the end of one, or last' },
  );
}
