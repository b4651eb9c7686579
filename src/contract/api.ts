/** The API: each operation with its route and its shape, by its name. Server, document and clients are made from it. */
import { approvalsApi } from './api/approvals.ts';
import { auditApi } from './api/audit.ts';
import { budgetApi } from './api/budget.ts';
import { configApi } from './api/config.ts';
import { connectionsApi } from './api/connections.ts';
import { coreApi } from './api/core.ts';
import { executionsApi } from './api/executions.ts';
import { healthApi } from './api/health.ts';
import { modelApi } from './api/model.ts';
import { sessionApi } from './api/session.ts';
import { skillsApi } from './api/skills.ts';
import { statusApi } from './api/status.ts';
import { tokensApi } from './api/tokens.ts';
import { vaultApi } from './api/vault.ts';
import { webhooksApi } from './api/webhooks.ts';
import type { Endpoint } from './endpoint.ts';
import type { RouteName } from './routes.ts';

export const api = {
  ...approvalsApi,
  ...auditApi,
  ...budgetApi,
  ...configApi,
  ...connectionsApi,
  ...coreApi,
  ...executionsApi,
  ...healthApi,
  ...modelApi,
  ...sessionApi,
  ...skillsApi,
  ...statusApi,
  ...tokensApi,
  ...vaultApi,
  ...webhooksApi,
} satisfies Record<RouteName, Endpoint>;

export type Api = typeof api;
