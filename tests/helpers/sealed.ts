/** A database with a value in every place that is sealed, and a row in every table that is signed. */
import { recordAudit } from '../../src/audit/record-audit.ts';
import { openSigningKey } from '../../src/audit/signing-key.ts';
import { putConfig } from '../../src/config/put-config.ts';
import { createConnection } from '../../src/connections/create-connection.ts';
import { channelInputSchema } from '../../src/contract/channels.ts';
import { connectionInputSchema } from '../../src/contract/connection-types.ts';
import { skillDefinitionSchema } from '../../src/contract/skills.ts';
import type { Database } from '../../src/database/client.ts';
import { createSession } from '../../src/http/access/sessions.ts';
import { createSignInLink } from '../../src/http/access/sign-in-links.ts';
import { createToken } from '../../src/http/access/tokens.ts';
import { sha256 } from '../../src/kernel/hash.ts';
import { newId } from '../../src/kernel/ids.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { createChannel } from '../../src/notices/create-channel.ts';
import { createSkill } from '../../src/skills/create-skill.ts';
import { rowGuardOf } from '../../src/vault/row-guard.ts';
import type { Vault } from '../../src/vault/vault.ts';
import { insertFinishedExecution } from './rows.ts';
import { signAll } from './signed.ts';

const owner = { actor: 'owner', mayApprove: true };
const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });

/** Fills it. @returns the secrets by the labels under which they are redacted; there are more that the VM made itself */
export async function sealEverything(
  db: Database,
  vault: Vault & { home: string },
): Promise<Map<string, string>> {
  const secrets = new Map([
    ['first_token', 'first-token-of-the-house'],
    ['anthropic_api_key', 'sk-ant-of-the-house-1'],
    ['mail.Authorization', 'Bearer of-the-house-2'],
    ['notes.API_KEY', 'of-the-house-3 "ä\\'],
    ['notice phone.url', 'https://notices.example/of-the-house-5'],
    ['door.trigger_secret', `whsec_${Buffer.from('of the house, number four').toString('base64')}`],
  ]);
  const secret = (label: string) => secrets.get(label) ?? '';
  for (const key of ['first_token', 'anthropic_api_key']) await putConfig({ db, vault }, key, secret(key));
  await putConfig({ db, vault }, 'timezone', 'Europe/Berlin');
  const config = { url: secret('notice phone.url') };
  await createChannel(
    { db, vault },
    channelInputSchema.parse({ name: 'phone', kind: 'webhook', config }),
    'owner',
  );
  const deps = { db, vault, log, home: vault.home };
  for (const input of [
    {
      name: 'mail',
      type: 'mcp_http',
      config: { url: 'https://mail.example/mcp', headers: { Authorization: secret('mail.Authorization') } },
    },
    {
      name: 'notes',
      type: 'mcp_stdio',
      config: { command: 'node', env: { API_KEY: secret('notes.API_KEY') } },
    },
  ]) {
    await createConnection(deps, connectionInputSchema.parse(input), owner);
  }
  const definition = skillDefinitionSchema.parse({
    slug: 'door',
    name: 'Door',
    steps: [{ id: 1, prompt: 'Who is it?', allowedTools: [] }],
    triggerType: 'webhook',
    triggerConfig: { secret: secret('door.trigger_secret') },
  });
  await createSkill({ db, vault }, definition, { actor: 'owner', mayLoosen: true });
  await openSigningKey({ db, vault });
  await addRows(db);
  return secrets;
}

async function addRows(db: Database): Promise<void> {
  const { prisma } = db;
  await createSession(db);
  await createSignInLink({ db }, 'http://localhost');
  const passkey = {
    ...{ id: newId(), credentialId: new Uint8Array(16), publicKey: new Uint8Array(77), rpId: 'localhost' },
    ...{ counter: 7n, canBeBackedUp: false, createdAt: new Date() },
  };
  const mac = rowGuardOf(prisma).sign('passkeys', passkey);
  await prisma.passkey.create({ data: { ...passkey, name: 'phone', isBackedUp: false, mac } });
  const password = { id: newId(), hash: '$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$a2V5', createdAt: new Date() };
  await prisma.password.create({
    data: { ...password, mac: rowGuardOf(prisma).sign('passwords', password) },
  });
  const by = { scopes: new Set(['read'] as const), actor: 'owner' };
  await createToken({ db }, { name: 'ci', scopes: ['read'] }, by);
  const { id: executionId } = await insertFinishedExecution(db);
  const step = { executionId, stepId: 1 };
  await prisma.executionStep.create({ data: { ...step, status: 'done', output: 'It was the post.' } });
  await prisma.stepSession.create({ data: { ...step, sessionId: newId(), entries: '[]' } });
  const approvalId = newId();
  await prisma.approval.create({
    data: {
      ...step,
      id: approvalId,
      toolUseId: 'toolu_1',
      connection: 'mail',
      tool: 'send',
      arguments: '{}',
      argumentsHash: sha256('{}'),
      expiresAt: new Date(),
    },
  });
  await recordAudit(prisma, { action: 'approval.requested', actor: 'system', subject: approvalId });
  const conversationId = newId();
  await prisma.conversation.create({ data: { id: conversationId, createdBy: 'owner' } });
  const messageId = newId();
  await prisma.message.create({
    data: { id: messageId, conversationId, turn: 1, role: 'user', text: 'Who was it?', executionId },
  });
  await prisma.conversationSummary.create({
    data: {
      id: newId(),
      conversationId,
      untilId: messageId,
      untilTurn: 1,
      executionId,
      text: 'Somebody asked who it was.',
      messages: 1,
    },
  });
  await prisma.proposal.create({
    data: { id: newId(), slug: 'post', definition: {}, origin: {}, createdBy: 'owner' },
  });
  await signAll(db);
}

/** A process that works on the database, as its row says. @returns its id */
export async function insertWorker(
  db: Database,
  { pid, ...data }: { pid: number; host: string | null; keys: number | null; rootKey: string | null },
): Promise<string> {
  const id = newId();
  await db.prisma.worker.create({ data: { id, kind: 'worker', process: `${pid}:1`, ...data } });
  return id;
}
