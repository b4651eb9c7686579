/**
 * The rows that decide where a secret goes, what is started, or who gets in, and which of their columns do. Each carries a
 * MAC under a key of the keyring over just these (row-guard.ts): changed by anybody else they can deny, and never direct.
 * What a row of these tables says beside them is shown and counted, and decides nothing of the kind.
 *
 * Names are those of the client; `config` has no column for a MAC: its plain rows stand in a list of their own
 * (plain-rows.ts).
 */
import { fieldsWith, skillFieldNames } from '../contract/skill-fields.ts';
import type { Prisma } from '../database/client.ts';

/** The tables, by the name that a MAC and an error have for them, with what the client gives of each. */
export type GuardedRows = {
  config: Prisma.ConfigGetPayload<object>;
  connections: Prisma.ConnectionGetPayload<object>;
  access_tokens: Prisma.AccessTokenGetPayload<object>;
  sessions: Prisma.SessionGetPayload<object>;
  sign_in_links: Prisma.SignInLinkGetPayload<object>;
  passkeys: Prisma.PasskeyGetPayload<object>;
  app_grants: Prisma.AppGrantGetPayload<object>;
  app_tokens: Prisma.AppTokenGetPayload<object>;
  passwords: Prisma.PasswordGetPayload<object>;
  skills: Prisma.SkillGetPayload<object>;
  skill_versions: Prisma.SkillVersionGetPayload<object>;
  executions: Prisma.ExecutionGetPayload<object>;
  execution_steps: Prisma.ExecutionStepGetPayload<object>;
  approvals: Prisma.ApprovalGetPayload<object>;
  step_sessions: Prisma.StepSessionGetPayload<object>;
  conversations: Prisma.ConversationGetPayload<object>;
  messages: Prisma.MessageGetPayload<object>;
  conversation_summaries: Prisma.ConversationSummaryGetPayload<object>;
  proposals: Prisma.ProposalGetPayload<object>;
  notice_channels: Prisma.NoticeChannelGetPayload<object>;
  approval_links: Prisma.ApprovalLinkGetPayload<object>;
};

export type GuardedTable = keyof GuardedRows;

type Guard<Row> = {
  /** Its primary key: no MAC is good for another row. */
  id: readonly (keyof Row & string)[];
  columns: readonly (keyof Row & string)[];
  /**
   * Those of `columns` that came after rows were signed: a MAC is over one of them only where it is not null, so that the
   * rows from before stay good. Who puts a value into it, or takes one out, breaks the MAC all the same.
   */
  later?: readonly (keyof Row & string)[];
  /** What the owner calls a row. */
  name: keyof Row & string;
};

export const guardedRows = {
  config: { id: ['key'], columns: ['value'], name: 'key' },
  connections: {
    id: ['id'],
    // `tools` beside the catalogue: while both say that nothing was found yet, the next discovery is taken as it is.
    columns: [
      ...['name', 'type', 'config', 'tools', 'toolCatalog', 'isActive'],
      ...['approvedHash', 'approvedPart', 'approvedWalls'],
    ] as const,
    later: ['approvedWalls'],
    name: 'name',
  },
  // Whoever is revoked, closed or used loses its MAC: setting the time back to null lets nobody in again.
  access_tokens: {
    id: ['id'],
    columns: ['name', 'tokenHash', 'scopes', 'createdAt', 'expiresAt', 'skills'],
    later: ['skills'],
    name: 'id',
  },
  // The passkey too: who takes it away ends the sessions that came by it.
  sessions: {
    id: ['id'],
    columns: ['tokenHash', 'createdAt', 'expiresAt', 'way', 'passkeyId'],
    later: ['way', 'passkeyId'],
    name: 'id',
  },
  sign_in_links: { id: ['id'], columns: ['codeHash', 'createdAt', 'expiresAt'], name: 'id' },
  passwords: { id: ['id'], columns: ['hash', 'createdAt'], name: 'id' },
  // The count too: one that is set back hides a copy of the key.
  passkeys: {
    id: ['id'],
    columns: ['credentialId', 'publicKey', 'rpId', 'counter', 'canBeBackedUp', 'createdAt'],
    name: 'id',
  },
  // `expiresAt` and `lastUsedAt` of a grant are for people: its tokens have ends of their own.
  app_grants: {
    id: ['id'],
    columns: ['clientId', 'name', 'redirectUri', 'resource', 'skills', 'createdAt'],
    name: 'id',
  },
  // With the time of its use: what was used once is told from what was not.
  app_tokens: {
    id: ['id'],
    columns: ['grantId', 'kind', 'tokenHash', 'challenge', 'createdAt', 'expiresAt', 'usedAt'],
    name: 'id',
  },
  skills: {
    id: ['id'],
    columns: [...skillFieldNames, 'triggerSecret', 'isSystem', 'version'],
    later: fieldsWith('isLater'),
    name: 'slug',
  },
  skill_versions: { id: ['skillId', 'version'], columns: ['definition', 'contentHash'], name: 'skillId' },
  // What an execution starts with; its input, and the definition of a draft, by their hashes, as retention empties them.
  executions: {
    id: ['id'],
    columns: [
      ...['skillSlug', 'skillVersion', 'skillHash', 'mode', 'model', 'actor'],
      ...['trigger', 'triggerDetail', 'retryOf', 'inputHash', 'replayOf'],
    ] as const,
    later: ['replayOf'],
    name: 'id',
  },
  // Of a step that is done: what it said goes into the prompts of those behind it.
  execution_steps: { id: ['executionId', 'stepId'], columns: ['output'], name: 'executionId' },
  approvals: {
    id: ['id'],
    columns: [
      ...['executionId', 'stepId', 'toolUseId', 'connection', 'tool', 'argumentsHash'],
      ...['status', 'decidedBy', 'decidedAt', 'note', 'usedAt', 'createdAt', 'expiresAt'],
    ] as const,
    name: 'id',
  },
  step_sessions: { id: ['executionId', 'stepId'], columns: ['sessionId', 'entries'], name: 'executionId' },
  // What a conversation may use, and which model answers.
  conversations: { id: ['id'], columns: ['hasOwnTools', 'tools', 'unasked', 'model', 'effort'], name: 'id' },
  // What was said goes into the requests of the turns behind it.
  messages: {
    id: ['id'],
    columns: ['conversationId', 'turn', 'role', 'parentId', 'text', 'content'],
    name: 'id',
  },
  // What stands in their place, where they have become long.
  conversation_summaries: {
    id: ['id'],
    columns: ['conversationId', 'untilId', 'untilTurn', 'text'],
    name: 'id',
  },
  // What becomes a skill when a person accepts it.
  proposals: {
    id: ['id'],
    columns: ['slug', 'definition', 'origin', 'baseVersion', 'tools'],
    later: ['tools'],
    name: 'id',
  },
  // One that is used loses its MAC.
  approval_links: {
    id: ['id'],
    columns: ['approvalId', 'channel', 'tokenHash', 'createdAt', 'expiresAt'],
    name: 'id',
  },
  // Where what happens here is told, and how much of it.
  notice_channels: {
    id: ['id'],
    columns: ['name', 'kind', 'config', 'secrets', 'rules', 'isActive'],
    name: 'name',
  },
} as const satisfies { [Table in GuardedTable]: Guard<GuardedRows[Table]> };

/** What of a row its MAC is over: its key and the columns that count. */
export type Covered<Table extends GuardedTable> = Pick<
  GuardedRows[Table],
  Extract<
    (typeof guardedRows)[Table]['id'][number] | (typeof guardedRows)[Table]['columns'][number],
    keyof GuardedRows[Table]
  >
>;
