/** Why a proposal that was made some time ago cannot be accepted as it stands. */
import { readCatalog } from '../../connections/tools/catalog.ts';
import { parseToolName } from '../../contract/tool-name.ts';
import type { Transaction } from '../../database/client.ts';
import type { SkillRow } from '../../skills/skill-row.ts';
import { type ProposalRow, pinsOf } from './proposal-row.ts';

/** Each reason in a sentence; empty while it is as it was proposed. */
export async function whyStale(
  tx: Transaction,
  row: ProposalRow,
  current: Pick<SkillRow, 'version'> | undefined,
): Promise<string[]> {
  return [...skillNews(row, current), ...(await toolNews(tx, row))];
}

function skillNews(
  { slug, baseVersion }: ProposalRow,
  current: Pick<SkillRow, 'version'> | undefined,
): string[] {
  if (baseVersion === null) {
    return current === undefined ? [] : [`A skill "${slug}" was made since; this would change it.`];
  }
  if (current === undefined) return [`The skill "${slug}" was removed since.`];
  return current.version === baseVersion
    ? []
    : [`The skill "${slug}" changed since: it is version ${current.version} now, and was ${baseVersion}.`];
}

async function toolNews(tx: Transaction, row: ProposalRow): Promise<string[]> {
  const pins = Object.entries(pinsOf(row));
  const connections = [...new Set(pins.flatMap(([name]) => parseToolName(name)?.connection ?? []))];
  const catalog = await readCatalog(tx, connections);
  return pins.flatMap(([name, hash]) => {
    const { connection = '', tool = '' } = parseToolName(name) ?? {};
    const known = catalog.get(connection);
    const found = known?.tools.find((one) => one.name === tool);
    if (known === undefined) return [`The connection "${connection}" was removed since.`];
    if (found === undefined || found.off === 'gone')
      return [`The tool "${tool}" of "${connection}" is gone since.`];
    return found.off === undefined && found.hash === hash
      ? []
      : [`The tool "${tool}" of "${connection}" became another since.`];
  });
}
