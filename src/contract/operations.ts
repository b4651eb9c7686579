/** The API: each operation by its name. Server, policy, document and clients are made from it. */
import type { Admission, Operation } from './operation.ts';
import { approvalsOperations } from './operations/approvals.ts';
import { appsOperations } from './operations/apps.ts';
import { auditOperations } from './operations/audit.ts';
import { budgetOperations } from './operations/budget.ts';
import { channelsOperations } from './operations/channels.ts';
import { configOperations } from './operations/config.ts';
import { connectionsOperations } from './operations/connections.ts';
import { conversationsOperations } from './operations/conversations.ts';
import { coreOperations } from './operations/core.ts';
import { executionsOperations } from './operations/executions.ts';
import { healthOperations } from './operations/health.ts';
import { mcpOperations } from './operations/mcp.ts';
import { modelOperations } from './operations/model.ts';
import { passkeysOperations } from './operations/passkeys.ts';
import { proposalsOperations } from './operations/proposals.ts';
import { sessionOperations } from './operations/session.ts';
import { skillsOperations } from './operations/skills.ts';
import { statusOperations } from './operations/status.ts';
import { tokensOperations } from './operations/tokens.ts';
import { vaultOperations } from './operations/vault.ts';
import { webhooksOperations } from './operations/webhooks.ts';

export const operations = {
  ...approvalsOperations,
  ...appsOperations,
  ...auditOperations,
  ...budgetOperations,
  ...channelsOperations,
  ...configOperations,
  ...connectionsOperations,
  ...conversationsOperations,
  ...coreOperations,
  ...executionsOperations,
  ...healthOperations,
  ...mcpOperations,
  ...modelOperations,
  ...passkeysOperations,
  ...proposalsOperations,
  ...sessionOperations,
  ...skillsOperations,
  ...statusOperations,
  ...tokensOperations,
  ...vaultOperations,
  ...webhooksOperations,
} satisfies Record<string, Operation & Admission>;

export type Operations = typeof operations;
