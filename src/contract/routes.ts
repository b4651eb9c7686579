/**
 * Every operation of the API: where it is and who may call it. Its shapes stand in operations/ under the same names; the console,
 * which must stay small, takes its addresses from here alone.
 */
import { appRoutes } from './app-routes.ts';
import type { Scope } from './common.ts';
import { loginRoutes } from './login-routes.ts';
import type { Route } from './operation.ts';

export const routes = {
  readHealth: { method: 'GET', path: '/healthz', access: 'public' },
  readReadiness: { method: 'GET', path: '/readyz', access: 'public' },
  readMetrics: { method: 'GET', path: '/metrics', access: 'metrics' },
  // By its own signature (triggers/senders/verify-delivery.ts).
  deliverWebhook: { method: 'POST', path: '/hooks/:slug', access: 'public' },
  tryWebhook: { method: 'GET', path: '/hooks/:slug', access: 'public' },

  signIn: { method: 'POST', path: '/api/v1/session', access: 'public' },
  showSignInWays: { method: 'GET', path: '/api/v1/session/ways', access: 'public' },
  beginPasskeySignIn: { method: 'POST', path: '/api/v1/session/challenge', access: 'public' },
  showSession: { method: 'GET', path: '/api/v1/session', access: 'signed-in' },
  signOut: { method: 'DELETE', path: '/api/v1/session', access: 'signed-in' },
  // The session that a link opens has every scope, and nobody gives away what they have not.
  createSignInLink: { method: 'POST', path: '/api/v1/session/links', access: 'every-scope' },
  listSessions: { method: 'GET', path: '/api/v1/sessions', access: 'admin' },
  endSession: { method: 'DELETE', path: '/api/v1/sessions/:id', access: 'admin' },
  endSessions: { method: 'DELETE', path: '/api/v1/sessions', access: 'admin' },
  // Who adds a way in, or takes one away, must be as the owner.
  listPasskeys: { method: 'GET', path: '/api/v1/passkeys', access: 'admin' },
  beginPasskey: { method: 'POST', path: '/api/v1/passkeys/challenge', access: 'every-scope' },
  addPasskey: { method: 'POST', path: '/api/v1/passkeys', access: 'every-scope' },
  renamePasskey: { method: 'PATCH', path: '/api/v1/passkeys/:id', access: 'every-scope' },
  removePasskey: { method: 'DELETE', path: '/api/v1/passkeys/:id', access: 'every-scope' },
  setPassword: { method: 'PUT', path: '/api/v1/password', access: 'every-scope' },
  removePassword: { method: 'DELETE', path: '/api/v1/password', access: 'every-scope' },
  listTokens: { method: 'GET', path: '/api/v1/tokens', access: 'admin' },
  createToken: { method: 'POST', path: '/api/v1/tokens', access: 'admin' },
  revokeToken: { method: 'DELETE', path: '/api/v1/tokens/:id', access: 'admin' },

  ...appRoutes,

  listConnections: { method: 'GET', path: '/api/v1/connections', access: 'read' },
  createConnection: { method: 'POST', path: '/api/v1/connections', access: 'write' },
  importConnections: { method: 'POST', path: '/api/v1/connections/import', access: 'write' },
  exportConnections: { method: 'GET', path: '/api/v1/connections/export', access: 'read' },
  getConnection: { method: 'GET', path: '/api/v1/connections/:name', access: 'read' },
  updateConnection: { method: 'PATCH', path: '/api/v1/connections/:name', access: 'write' },
  // Skills that use it are saved anew.
  renameConnection: { method: 'POST', path: '/api/v1/connections/:name/rename', access: 'write' },
  removeConnection: { method: 'DELETE', path: '/api/v1/connections/:name', access: 'write' },
  testConnection: { method: 'POST', path: '/api/v1/connections/:name/test', access: 'write' },
  discoverTools: { method: 'POST', path: '/api/v1/connections/:name/discover', access: 'write' },
  approveConnection: {
    method: 'POST',
    path: '/api/v1/connections/:name/approve',
    access: 'connections:approve',
  },
  ...loginRoutes,
  // Nobody is asked about a call by hand: who makes one must be who could approve it.
  callTool: { method: 'POST', path: '/api/v1/connections/:name/tools/:tool', access: 'admin' },

  listSkills: { method: 'GET', path: '/api/v1/skills', access: 'read' },
  createSkill: { method: 'POST', path: '/api/v1/skills', access: 'write' },
  getSkill: { method: 'GET', path: '/api/v1/skills/:slug', access: 'read' },
  updateSkill: { method: 'PATCH', path: '/api/v1/skills/:slug', access: 'write' },
  removeSkill: { method: 'DELETE', path: '/api/v1/skills/:slug', access: 'write' },
  listSkillVersions: { method: 'GET', path: '/api/v1/skills/:slug/versions', access: 'read' },
  restoreSkillVersion: {
    method: 'POST',
    path: '/api/v1/skills/:slug/versions/:version/restore',
    access: 'write',
  },
  runSkill: { method: 'POST', path: '/api/v1/skills/:slug/run', access: 'run', core: 'start' },
  cancelSkillRuns: { method: 'POST', path: '/api/v1/skills/:slug/cancel', access: 'run' },
  exportSkill: { method: 'GET', path: '/api/v1/skills/:slug/export', access: 'read' },
  // Skills as tools of an MCP server; whoever may only run is given what came of their own runs.
  callMcp: { method: 'POST', path: '/mcp', access: 'run' },
  followMcp: { method: 'GET', path: '/mcp', access: 'run' },
  endMcpSession: { method: 'DELETE', path: '/mcp', access: 'run' },
  listSenders: { method: 'GET', path: '/api/v1/webhook-senders', access: 'read' },
  showHook: { method: 'GET', path: '/api/v1/skills/:slug/hook', access: 'read' },
  // Who may sign a delivery could as well give the hook another secret.
  sampleDelivery: { method: 'POST', path: '/api/v1/skills/:slug/hook/sample', access: 'write' },
  // Shows a secret, until the first delivery: who may write could set another.
  showHandshake: { method: 'POST', path: '/api/v1/skills/:slug/hook/handshake', access: 'write' },
  testHook: { method: 'POST', path: '/api/v1/skills/:slug/hook/test', access: 'write' },
  importSkill: { method: 'POST', path: '/api/v1/skills/import', access: 'write' },
  // A draft, or the tools of a live one, wants more (acts).
  tryStep: { method: 'POST', path: '/api/v1/skills/:slug/tries', access: 'run' },
  listTemplates: { method: 'GET', path: '/api/v1/templates', access: 'read' },

  listUpcoming: { method: 'GET', path: '/api/v1/schedules/upcoming', access: 'read' },
  previewSchedule: { method: 'POST', path: '/api/v1/schedules/preview', access: 'read' },

  listExecutions: { method: 'GET', path: '/api/v1/executions', access: 'read' },
  exportExecutions: { method: 'GET', path: '/api/v1/executions/export', access: 'read' },
  // What the owner has read, thinks of it and looks for is the owner's own word.
  readExecutions: { method: 'POST', path: '/api/v1/executions/read', access: 'every-scope' },
  unreadExecutions: { method: 'POST', path: '/api/v1/executions/unread', access: 'every-scope' },
  markExecution: { method: 'PATCH', path: '/api/v1/executions/:id/mark', access: 'every-scope' },
  readExecutionTotals: { method: 'GET', path: '/api/v1/executions/totals', access: 'read' },
  cancelExecutions: { method: 'POST', path: '/api/v1/executions/cancel', access: 'run' },
  retryExecutions: { method: 'POST', path: '/api/v1/executions/retry', access: 'run' },
  listSavedFilters: { method: 'GET', path: '/api/v1/filters', access: 'read' },
  saveFilter: { method: 'PUT', path: '/api/v1/filters/:name', access: 'every-scope' },
  removeSavedFilter: { method: 'DELETE', path: '/api/v1/filters/:name', access: 'every-scope' },
  getExecution: { method: 'GET', path: '/api/v1/executions/:id', access: 'read' },
  followExecution: { method: 'GET', path: '/api/v1/executions/:id/events', access: 'read' },
  followNews: { method: 'GET', path: '/api/v1/events', access: 'read' },
  // Gone for good.
  purgeExecution: { method: 'DELETE', path: '/api/v1/executions/:id/payload', access: 'admin' },
  cancelExecution: { method: 'POST', path: '/api/v1/executions/:id/cancel', access: 'run' },
  replayExecution: { method: 'POST', path: '/api/v1/executions/:id/replay', access: 'run' },
  compareReplay: { method: 'GET', path: '/api/v1/executions/:id/comparison', access: 'read' },
  retryExecution: { method: 'POST', path: '/api/v1/executions/:id/retry', access: 'run' },
  getExecutionStatus: {
    method: 'GET',
    path: '/api/v1/executions/:id/status',
    access: 'read',
    core: 'status',
  },
  readStatus: { method: 'GET', path: '/api/v1/status', access: 'read', core: 'status' },
  listApprovals: { method: 'GET', path: '/api/v1/approvals', access: 'read' },
  getApproval: { method: 'GET', path: '/api/v1/approvals/:id', access: 'read' },
  // A person's word: no token that starts runs may let its own calls through.
  decideApproval: { method: 'POST', path: '/api/v1/approvals/:id', access: 'admin' },
  // By the token of a link that was sent in a notice: for that one call, and without a session.
  lookAtApprovalLink: { method: 'POST', path: '/api/v1/approval-links/look', access: 'public' },
  decideByApprovalLink: { method: 'POST', path: '/api/v1/approval-links/decide', access: 'public' },
  readStats: { method: 'GET', path: '/api/v1/stats', access: 'read' },

  listConversations: { method: 'GET', path: '/api/v1/conversations', access: 'read' },
  createConversation: { method: 'POST', path: '/api/v1/conversations', access: 'run' },
  getConversation: { method: 'GET', path: '/api/v1/conversations/:id', access: 'read' },
  updateConversation: { method: 'PATCH', path: '/api/v1/conversations/:id', access: 'run' },
  // Gone for good.
  removeConversation: { method: 'DELETE', path: '/api/v1/conversations/:id', access: 'admin' },
  sendMessage: { method: 'POST', path: '/api/v1/conversations/:id/messages', access: 'run' },
  takeBackMessage: {
    method: 'DELETE',
    path: '/api/v1/conversations/:id/messages/:messageId',
    access: 'run',
  },
  stopAnswer: { method: 'POST', path: '/api/v1/conversations/:id/stop', access: 'run' },
  followConversation: { method: 'GET', path: '/api/v1/conversations/:id/events', access: 'read' },
  getAttachment: {
    method: 'GET',
    path: '/api/v1/conversations/:id/attachments/:attachmentId',
    access: 'read',
  },

  listProposals: { method: 'GET', path: '/api/v1/proposals', access: 'read' },
  createProposal: { method: 'POST', path: '/api/v1/proposals', access: 'write' },
  getProposal: { method: 'GET', path: '/api/v1/proposals/:id', access: 'read' },
  rehearseProposal: { method: 'POST', path: '/api/v1/proposals/:id/rehearse', access: 'run' },
  // A person's word: a session and the owner's token have every scope.
  editProposal: { method: 'PATCH', path: '/api/v1/proposals/:id', access: 'every-scope' },
  decideProposal: { method: 'POST', path: '/api/v1/proposals/:id', access: 'every-scope' },

  readBudget: { method: 'GET', path: '/api/v1/budget', access: 'read' },
  runDoctor: { method: 'GET', path: '/api/v1/doctor', access: 'read' },
  readStop: { method: 'GET', path: '/api/v1/stop-all', access: 'read' },
  // Who may cancel one run may cancel all; to let them begin again is the owner's.
  stopAll: { method: 'POST', path: '/api/v1/stop-all', access: 'run' },
  goOn: { method: 'DELETE', path: '/api/v1/stop-all', access: 'admin' },

  // What a setting says is no secret; changing one can redirect the model's traffic.
  listConfig: { method: 'GET', path: '/api/v1/config', access: 'read' },
  getConfig: { method: 'GET', path: '/api/v1/config/:key', access: 'read' },
  putConfig: { method: 'PUT', path: '/api/v1/config/:key', access: 'admin' },
  deleteConfig: { method: 'DELETE', path: '/api/v1/config/:key', access: 'admin' },
  listSettings: { method: 'GET', path: '/api/v1/settings', access: 'read' },
  readBackups: { method: 'GET', path: '/api/v1/backups', access: 'read' },
  readNotices: { method: 'GET', path: '/api/v1/notices', access: 'read' },
  listChannels: { method: 'GET', path: '/api/v1/notice-channels', access: 'read' },
  // Its first reader has it made.
  readPushKey: { method: 'GET', path: '/api/v1/push-key', access: 'admin' },
  // Where what happens here is told.
  createChannel: { method: 'POST', path: '/api/v1/notice-channels', access: 'admin' },
  updateChannel: { method: 'PATCH', path: '/api/v1/notice-channels/:name', access: 'admin' },
  removeChannel: { method: 'DELETE', path: '/api/v1/notice-channels/:name', access: 'admin' },
  testChannel: { method: 'POST', path: '/api/v1/notice-channels/:name/test', access: 'admin' },
  showVault: { method: 'GET', path: '/api/v1/vault', access: 'read' },
  // A person's word, as of what a stolen key would open.
  rotateKeys: { method: 'POST', path: '/api/v1/vault/rotation', access: 'every-scope' },
  cancelKeyRotation: { method: 'DELETE', path: '/api/v1/vault/rotation', access: 'every-scope' },
  // It names whoever did anything.
  listAudit: { method: 'GET', path: '/api/v1/audit', access: 'admin' },
  verifyAudit: { method: 'GET', path: '/api/v1/audit/verify', access: 'admin' },
  acceptRestore: { method: 'POST', path: '/api/v1/audit/restores', access: 'admin' },
  succeedAuditKey: { method: 'POST', path: '/api/v1/audit/key', access: 'admin' },
  listSecretUses: { method: 'GET', path: '/api/v1/secret-uses', access: 'read' },

  showModel: { method: 'GET', path: '/api/v1/model', access: 'read' },
  testModel: { method: 'POST', path: '/api/v1/model/test', access: 'admin' },

  showCore: { method: 'GET', path: '/api/v1/core', access: 'read' },
  listCoreReports: { method: 'GET', path: '/api/v1/core/reports', access: 'read' },
  previewCoreReport: { method: 'POST', path: '/api/v1/core/preview', access: 'read' },
  reconcileCore: { method: 'POST', path: '/api/v1/core/reconcile', access: 'admin' },
  reportToCore: { method: 'POST', path: '/api/v1/core/report', access: 'write' },
  // Whom this VM answers to.
  linkCore: { method: 'POST', path: '/api/v1/core/link', access: 'admin' },
  unlinkCore: { method: 'DELETE', path: '/api/v1/core/link', access: 'admin' },
  describeApi: { method: 'GET', path: '/api/openapi.json', access: 'public' },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;

/**
 * Acts that are more than the route they come by: without the scope a request is answered with less, or refused. `words` say
 * where in docs/security.md.
 */
export const acts = {
  'see what a run did': { scope: 'read', words: 'in the answer to `?wait`; without it how the run ended' },
  'see what was answered': { scope: 'read', words: 'in the answer to `?wait`; without it the message’s ids' },
  'see what a call is made with': { scope: 'read', words: 'in the answer to a decision' },
  'sign for a hook that gives results': { scope: 'read', words: 'a sample of a delivery, or a test' },
  'approve a connection by saving it': {
    scope: 'connections:approve',
    words: 'without it a change waits for its approval',
  },
  'let a conversation use a tool unasked': {
    scope: 'connections:approve',
    words: 'one that is not read-only',
  },
  'replay a draft': { scope: 'write', words: 'a definition that is sent along, and not saved' },
  'try a step for real': {
    scope: 'connections:approve',
    words: 'a definition that is sent along and not saved, with the tools that it names',
  },
  'loosen a skill': { scope: 'connections:approve', words: 'by whichever way it is saved' },
} as const satisfies Record<string, { scope: Scope; words: string }>;
