import { listItems } from '../contract/list-items.ts';
import type { Api } from './api.ts';
import { CliProblem } from './problem.ts';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** UUIDv7 begins with the time, so neighbours differ at the end. */
const shortLength = 8;
const recent = 200;

/** The part of an id that tells recent executions apart. */
export const shortId = (id: string): string => id.slice(-shortLength);

/**
 * Resolves what was typed to an id.
 *
 * @throws CliProblem E_NOT_FOUND when it fits none, or several, of the latest executions
 */
export async function resolveExecutionId(api: Api, typed: string): Promise<string> {
  const text = typed.toLowerCase();
  if (uuid.test(text)) return text;
  if (text === 'last') {
    const [latest] = await listItems(api.listExecutions, {}, { max: 1 });
    if (!latest)
      throw new CliProblem('E_NOT_FOUND', 'Nothing was run yet', { remedy: 'alfred skill run house-report' });
    return latest.id;
  }
  const end = text.replace(/^…/, '');
  const items = /^[0-9a-f-]{4,}$/.test(end) ? await listItems(api.listExecutions, {}, { max: recent }) : [];
  const fitting = items.filter(({ id }) => id.endsWith(end));
  const [only] = fitting;
  if (only && fitting.length === 1) return only.id;
  throw new CliProblem(
    'E_NOT_FOUND',
    fitting.length > 1 ? `${fitting.length} executions end with ${typed}` : `There is no execution ${typed}`,
    { remedy: 'see them with alfred execution list; give a whole id, the end of a recent one, or last' },
  );
}
