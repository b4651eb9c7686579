import { type ConnectionInput, connectionInputSchema } from '../../contract/connection-types.ts';
import type { ConnectionPreview, ImportRequest, ImportResult } from '../../contract/imports.ts';
import { AlfredError, type FieldError } from '../../kernel/errors.ts';
import { fieldErrors } from '../../kernel/validate.ts';
import { normalConfig } from '../config/by-type.ts';
import { configProblems, shortSecrets } from '../config/check-config.ts';
import { createConnection, reservedNames, type Who } from '../create-connection.ts';
import type { ConnectionDeps } from '../pool/pool.ts';
import { configOf, describeCandidate, type Refusal } from './candidate.ts';
import { connectionNameFrom } from './preview.ts';
import { readImport } from './read-import.ts';

/** As many connections as one import may bring. */
const most = 200;

type Proposal = { preview: ConnectionPreview; input: ConnectionInput };

/**
 * Says what a pasted text, file or object would become. With `apply` it is saved, and waits for an approval whoever asks:
 * nothing is started and nothing is dialled by an import. One that cannot be saved is named in `refused`; the others are.
 *
 * @throws AlfredError E_VALIDATION for what holds no connection at all, E_TOO_LARGE for more than 200
 */
export async function importConnections(
  deps: ConnectionDeps,
  request: ImportRequest,
  who: Pick<Who, 'actor'>,
): Promise<ImportResult> {
  const rows = await deps.db.prisma.connection.findMany({ select: { name: true } });
  const { proposals, refused } = propose(request, new Set(rows.map(({ name }) => name)), deps.home);
  const { only } = request;
  const chosen =
    only === undefined ? proposals : proposals.filter(({ preview }) => only.includes(preview.name));
  for (const name of only ?? []) {
    if (!proposals.some(({ preview }) => preview.name === name))
      refused.push({ name, reason: 'the import has no connection of that name' });
  }
  const saved: string[] = [];
  if (request.apply) {
    for (const { preview, input } of chosen) {
      try {
        await createConnection(deps, input, { actor: who.actor, mayApprove: false }, { isComplete: false });
        saved.push(preview.name);
      } catch (error) {
        if (!(error instanceof AlfredError)) throw error;
        refused.push({ name: preview.name, reason: error.message });
      }
    }
    deps.log.info({ actor: who.actor, saved, refused: refused.length }, 'connections imported');
  }
  return { previews: chosen.map(({ preview }) => preview), refused, saved };
}

function propose(
  request: ImportRequest,
  existing: ReadonlySet<string>,
  home: string,
): { proposals: Proposal[]; refused: Refusal[] } {
  const { candidates, apis, refused } = readImport(request);
  if (candidates.length + apis.length > most)
    throw new AlfredError('E_TOO_LARGE', `One import may bring ${most} connections, and this one has more.`);
  const found = [
    ...candidates.map((one) => ({
      importedAs: one.importedAs,
      type: one.target.type,
      config: configOf(one),
      details: describeCandidate(one),
    })),
    ...apis.map((one) => ({ ...one, type: 'http_api' as const })),
  ];
  const taken = new Set([...existing, ...reservedNames]);
  const proposals: Proposal[] = [];
  for (const { importedAs, type, config, details } of found) {
    const name = connectionNameFrom(importedAs, taken);
    const parsed = connectionInputSchema.safeParse({ name, type, config });
    const problems = parsed.success
      ? configProblems(normalConfig(parsed.data), { home, isComplete: false })
      : fieldErrors(parsed.error.issues);
    if (!parsed.success || problems.length > 0) {
      refused.push({ name: importedAs, reason: inWords(problems) });
      continue;
    }
    taken.add(name);
    const warnings = [...details.warnings, ...shortSecrets(normalConfig(parsed.data))];
    const exists = existing.has(connectionNameFrom(importedAs));
    proposals.push({ preview: { name, importedAs, type, ...details, warnings, exists }, input: parsed.data });
  }
  return { proposals, refused };
}

const inWords = (problems: FieldError[]): string =>
  problems
    .slice(0, 3)
    .map(({ field, message }) => `${field} ${message}`)
    .join('; ');
