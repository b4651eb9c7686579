/** Signing in to the servers of connections, and out: part of routes.ts. */
import type { Route } from './operation.ts';

export const loginRoutes = {
  // Whoever signs in decides in whose name the connection acts.
  beginLogin: { method: 'POST', path: '/api/v1/connections/:name/login', access: 'connections:approve' },
  cancelLogin: { method: 'DELETE', path: '/api/v1/connections/:name/login', access: 'connections:approve' },
  offerLogin: { method: 'GET', path: '/api/v1/connections/:name/login', access: 'connections:approve' },
  beginDeviceLogin: {
    method: 'POST',
    path: '/api/v1/connections/:name/login/device',
    access: 'connections:approve',
  },
  getDeviceLogin: {
    method: 'GET',
    path: '/api/v1/connections/:name/login/device',
    access: 'connections:approve',
  },
  cancelDeviceLogin: {
    method: 'DELETE',
    path: '/api/v1/connections/:name/login/device',
    access: 'connections:approve',
  },
  finishLogin: {
    method: 'POST',
    path: '/api/v1/connections/:name/login/finish',
    access: 'connections:approve',
  },
  finishAnyLogin: { method: 'POST', path: '/api/v1/logins/finish', access: 'connections:approve' },
  logOut: { method: 'POST', path: '/api/v1/connections/:name/logout', access: 'write' },
  // Authorization servers read it; it says nothing but this VM's public address.
  readClientDocument: { method: 'GET', path: '/oauth/client.json', access: 'public' },
} as const satisfies Record<string, Route>;
