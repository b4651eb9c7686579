/** By which programs are let in that ask by OAuth: part of routes.ts. */
import type { Route } from './operation.ts';

export const appRoutes = {
  // Programs look these up before they have anything to show; none says more than the address that was asked.
  readResourceMetadata: {
    method: 'GET',
    path: '/.well-known/oauth-protected-resource/mcp',
    access: 'public',
  },
  readRootResourceMetadata: {
    method: 'GET',
    path: '/.well-known/oauth-protected-resource',
    access: 'public',
  },
  readAuthorizationMetadata: {
    method: 'GET',
    path: '/.well-known/oauth-authorization-server',
    access: 'public',
  },
  // Nothing is kept of it.
  registerApp: { method: 'POST', path: '/oauth/register', access: 'public' },
  // By the code, the refresh token, the token itself.
  issueAppTokens: { method: 'POST', path: '/oauth/token', access: 'public' },
  revokeAppToken: { method: 'POST', path: '/oauth/revoke', access: 'public' },
  // A person's word: a session and the owner's token have every scope.
  lookAtApp: { method: 'POST', path: '/api/v1/apps/look', access: 'every-scope' },
  decideOnApp: { method: 'POST', path: '/api/v1/apps/decide', access: 'every-scope' },
  listApps: { method: 'GET', path: '/api/v1/apps', access: 'admin' },
  revokeApp: { method: 'DELETE', path: '/api/v1/apps/:id', access: 'admin' },
} as const satisfies Record<string, Route>;
