/** Every operation of Core's own API: where it is. Their shapes stand beside this, under the same names. */
import type { Place } from '../operation.ts';

export const coreRoutes = {
  // What VMs call.
  enrolVm: { method: 'POST', path: '/v1/vms' },
  proveVm: { method: 'POST', path: '/v1/vms/:id/token' },
  storeReport: { method: 'POST', path: '/v1/vms/:id/metrics' },
  readLastReport: { method: 'GET', path: '/v1/vms/:id/metrics' },
  storeAnchor: { method: 'POST', path: '/v1/vms/:id/anchors' },
  listAnchors: { method: 'GET', path: '/v1/vms/:id/anchors' },

  // What people do with theirs.
  listVms: { method: 'GET', path: '/v1/vms' },
  changeVm: { method: 'PATCH', path: '/v1/vms/:id' },
  changeVms: { method: 'POST', path: '/v1/vms/changes' },
  readHistory: { method: 'GET', path: '/v1/vms/:id/history' },
  retireVm: { method: 'POST', path: '/v1/vms/:id/retire' },
  openVm: { method: 'POST', path: '/v1/vms/:id/access' },
  createEnrolment: { method: 'POST', path: '/v1/enrollments' },
  listEnrolments: { method: 'GET', path: '/v1/enrollments' },
  withdrawEnrolment: { method: 'DELETE', path: '/v1/enrollments/:id' },
  readFleet: { method: 'GET', path: '/v1/fleet' },

  // Bills.
  readBilling: { method: 'GET', path: '/v1/billing' },
  exportBills: { method: 'GET', path: '/v1/billing/:month/export' },
  listClosedMonths: { method: 'GET', path: '/v1/months' },
  closeMonth: { method: 'POST', path: '/v1/months/:month/close' },
  correctBill: { method: 'POST', path: '/v1/corrections' },

  // How Core does.
  readMetrics: { method: 'GET', path: '/metrics' },
  readAlerts: { method: 'GET', path: '/v1/alerts' },
  readBackups: { method: 'GET', path: '/v1/backups' },
  testAlerts: { method: 'POST', path: '/v1/alerts/test' },

  // Who they are.
  listUsers: { method: 'GET', path: '/v1/users' },
  createUser: { method: 'POST', path: '/v1/users' },
  changeUser: { method: 'PATCH', path: '/v1/users/:id' },
  removeUser: { method: 'DELETE', path: '/v1/users/:id' },
  sendLink: { method: 'POST', path: '/v1/users/:id/link' },
  createToken: { method: 'POST', path: '/v1/tokens' },
  listTokens: { method: 'GET', path: '/v1/tokens' },
  endToken: { method: 'DELETE', path: '/v1/tokens/:id' },
  listActs: { method: 'GET', path: '/v1/audit' },
  verifyActs: { method: 'GET', path: '/v1/audit/verify' },
  signIn: { method: 'POST', path: '/v1/session' },
  signInPage: { method: 'POST', path: '/v1/session/cookie' },
  readSignInWays: { method: 'GET', path: '/v1/session/ways' },
  followLink: { method: 'POST', path: '/v1/session/link' },
  forgotPassword: { method: 'POST', path: '/v1/session/forgotten' },
  changePassword: { method: 'PUT', path: '/v1/session/password' },
  beginPasskeySignIn: { method: 'POST', path: '/v1/session/passkey/challenge' },
  signInByPasskey: { method: 'POST', path: '/v1/session/passkey' },
  listPasskeys: { method: 'GET', path: '/v1/passkeys' },
  beginPasskey: { method: 'POST', path: '/v1/passkeys/challenge' },
  addPasskey: { method: 'POST', path: '/v1/passkeys' },
  removePasskey: { method: 'DELETE', path: '/v1/passkeys/:id' },
  showSession: { method: 'GET', path: '/v1/session' },
  describeCoreApi: { method: 'GET', path: '/v1/openapi.json' },
  signOut: { method: 'DELETE', path: '/v1/session' },
} as const satisfies Record<string, Place>;

export type CoreRouteName = keyof typeof coreRoutes;
