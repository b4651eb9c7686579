import { recordAudit } from '../audit/record-audit.ts';
import { lockRow, signRow } from '../connections/connection-row.ts';
import type { ConnectionDeps, ConnectionPool } from '../connections/pool/pool.ts';
import type { ConnectionRenamed } from '../contract/connections.ts';
import { formatToolName, parseToolName } from '../contract/tool-name.ts';
import type { Transaction } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import { validationError } from '../kernel/validate.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import { saveSkill } from './save-skill.ts';
import { definitionOf, lockSkill } from './skill-row.ts';
import { patchedDefinition } from './update-skill.ts';

type Names = { from: string; to: string };

/**
 * Calls a connection otherwise. Skills and conversations that choose its tools follow in the same transaction, each skill as a new version;
 * what does not follow (texts that name it, proposals, what ran before) is told. Its secrets, approval and tools stay as they are.
 *
 * @throws AlfredError E_NOT_FOUND, E_ROW_ALTERED, E_CONFLICT when the name is taken; E_IN_USE while a run that may use it is under way;
 *   E_UNKNOWN_TOOL when an active skill could not be saved as it is
 */
export async function renameConnection(
  deps: ConnectionDeps & { pool: ConnectionPool },
  name: string,
  to: string,
  actor: string,
): Promise<ConnectionRenamed> {
  const { db, pool, log } = deps;
  if (name === to)
    throw validationError('The connection', [{ field: '/to', message: 'is its name already' }]);
  const names = { from: name, to };
  const renamed = await db.transaction(async (tx) => {
    const row = await lockRow(tx, name);
    if ((await tx.connection.count({ where: { name: to } })) > 0) throw nameTaken(to);
    await refuseWhileRunning(tx, name);
    await signRow(tx, await tx.connection.update({ where: { id: row.id }, data: { name: to } }));
    const approvedHash = row.approvedHash && Buffer.from(row.approvedHash).toString('hex');
    // The verifier holds what is there against the last act about each name.
    await recordAudit(tx, { action: 'connection.removed', actor, subject: name, data: { renamedTo: to } });
    await recordAudit(tx, {
      action: 'connection.changed',
      actor,
      subject: to,
      data: { renamedFrom: name, active: row.isActive, approved: approvedHash !== null, approvedHash },
    });
    const skills = await followInSkills(deps, tx, names, actor);
    const conversations = await followInConversations(tx, names, actor);
    return { name: to, skills, conversations, warnings: await toldOf(tx, names) };
  });
  log.info({ connection: name, to, actor }, 'connection renamed');
  await pool.evict(name);
  return renamed;
}

const nameTaken = (name: string): AlfredError =>
  new AlfredError('E_CONFLICT', `There is a connection "${name}" already.`, {
    remedy: 'Choose another name.',
    fields: [{ field: '/to', message: 'is taken' }],
  });

/** A run goes by the names that it began with. @throws AlfredError E_IN_USE */
async function refuseWhileRunning(tx: Transaction, name: string): Promise<void> {
  const skills = await tx.skill.findMany({
    where: { connectionNames: { has: name } },
    select: { id: true },
  });
  const running = await tx.execution.count({
    where: {
      completedAt: null,
      OR: [{ skillId: { in: skills.map(({ id }) => id) } }, { skillSlug: 'chat' }],
    },
  });
  if (running === 0) return;
  const what = running === 1 ? 'A run that may use it is' : `${running} runs that may use it are`;
  throw new AlfredError('E_IN_USE', `${what} under way, by the name that "${name}" has now.`, {
    remedy: 'Wait for their end, or cancel them; then rename it.',
  });
}

const follow = (tool: string, { from, to }: Names): string => {
  const parsed = parseToolName(tool);
  return parsed?.connection === from ? formatToolName({ ...parsed, connection: to }) : tool;
};

/** @returns the slugs of those that follow */
async function followInSkills(
  { vault }: Pick<ConnectionDeps, 'vault'>,
  tx: Transaction,
  names: Names,
  actor: string,
): Promise<string[]> {
  const users = await tx.skill.findMany({
    where: { connectionNames: { has: names.from } },
    select: { slug: true },
    orderBy: { slug: 'asc' },
  });
  for (const { slug } of users) {
    const current = await lockSkill(tx, slug);
    rowGuardOf(tx).check('skills', current);
    const steps = definitionOf(current).steps.map((step) => ({
      ...step,
      allowedTools: step.allowedTools.map((tool) => follow(tool, names)),
    }));
    const definition = patchedDefinition(vault, current, { steps });
    const note = `the connection ${names.from} is called ${names.to}`;
    // It may do what it could, by another name.
    await saveSkill(vault, tx, { id: current.id, current, definition, actor, mayLoosen: true, note });
  }
  return users.map(({ slug }) => slug);
}

/** @returns how many follow */
async function followInConversations(tx: Transaction, names: Names, actor: string): Promise<number> {
  const prefix = `${formatToolName({ connection: names.from, tool: '' })}%`;
  const users = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM conversations
    WHERE EXISTS (SELECT FROM unnest(tools || unasked) AS tool WHERE tool LIKE ${prefix}) ORDER BY id FOR UPDATE`;
  const guard = rowGuardOf(tx);
  for (const { id } of users) {
    const row = await tx.conversation.findUniqueOrThrow({ where: { id } });
    // One that somebody else changed may use nothing, by any name.
    if (!guard.isIntact('conversations', row)) continue;
    const { hasOwnTools, model, effort } = row;
    const tools = row.tools.map((tool) => follow(tool, names));
    const unasked = row.unasked.map((tool) => follow(tool, names));
    const chosen = { hasOwnTools, tools, unasked, model, effort };
    const mac = guard.sign('conversations', { id, ...chosen });
    await tx.conversation.update({ where: { id }, data: { tools, unasked, mac } });
    const data = { hasOwnTools, tools, unasked, model };
    await recordAudit(tx, { action: 'conversation.changed', actor, subject: id, data });
  }
  return users.length;
}

/** What still says the old name, in sentences. */
async function toldOf(tx: Transaction, { from }: Names): Promise<string[]> {
  const word = new RegExp(`(?<![\\w-])${from}(?![\\w-])`);
  const [skills, proposals] = await Promise.all([
    tx.skill.findMany({ select: { slug: true, description: true, steps: true }, orderBy: { slug: 'asc' } }),
    tx.proposal.findMany({ where: { status: 'open' }, select: { slug: true, definition: true } }),
  ]);
  const inTexts = skills.filter(({ description, steps }) =>
    word.test(`${description} ${JSON.stringify(steps)}`),
  );
  const prefix = formatToolName({ connection: from, tool: '' });
  const proposed = proposals.filter(({ definition }) => JSON.stringify(definition).includes(prefix));
  return [
    ...(inTexts.length === 0
      ? []
      : [
          `Texts that say "${from}" stay as they are, in ${inTexts.map(({ slug }) => slug).join(', ')}: read them.`,
        ]),
    ...(proposed.length === 0
      ? []
      : [
          `Proposals that wait name its tools by the old name, for ${proposed.map(({ slug }) => slug).join(', ')}: edit them before you accept them.`,
        ]),
  ];
}
