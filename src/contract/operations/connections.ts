import { z } from 'zod';
import { connectionNameSchema, ifMatchSchema, pageOf, pageQuerySchema } from '../common.ts';
import { connectionInputSchema } from '../connection-types.ts';
import {
  callToolSchema,
  connectionPatchSchema,
  connectionRenamedSchema,
  connectionSchema,
  connectionTestSchema,
  discoverResultSchema,
  renameConnectionSchema,
  toolCallResultSchema,
} from '../connections.ts';
import { exportSchema, importRequestSchema, importResultSchema } from '../imports.ts';
import {
  beginDeviceLoginSchema,
  beginLoginSchema,
  clientDocumentSchema,
  deviceLoginSchema,
  finishLoginSchema,
  loginBegunSchema,
  loginOfferSchema,
} from '../logins.ts';
import { operation } from '../operation.ts';

const params = z.object({ name: connectionNameSchema });
const previewQuery = z.object({ preview: z.stringbool().default(false) });
const toolParams = params.extend({ tool: z.string().min(1).max(256) });

export const connectionsOperations = {
  importConnections: operation('POST /api/v1/connections/import', {
    access: 'write',
    records: ['connection.created'],
    summary: 'Preview or save an import',
    description:
      '`mcpServers` as Claude Desktop, `.mcp.json` and Cursor write it, `servers` as VS Code does, or a pasted `text`: one of those, a command line, an address. Starts and dials nothing: what is saved (`apply`) waits for its approval.',
    tags: ['connections'],
    body: importRequestSchema,
    responses: { 200: importResultSchema },
  }),
  exportConnections: operation('GET /api/v1/connections/export', {
    access: 'read',
    summary: 'All connections as other programs read them, with placeholders for secrets',
    tags: ['connections'],
    responses: { 200: exportSchema },
  }),
  listConnections: operation('GET /api/v1/connections', {
    access: 'read',
    summary: 'List connections, by name',
    tags: ['connections'],
    query: pageQuerySchema,
    responses: { 200: pageOf(connectionSchema) },
  }),
  createConnection: operation('POST /api/v1/connections', {
    access: 'write',
    records: ['connection.created'],
    summary: 'Create a connection',
    description:
      'From a caller with the scope `connections:approve` this also approves the exact command or address that it names; from any other, nothing is started or dialled until it is approved. Where only an OpenAPI document says where the API is, it is read for that, and the place becomes `config.origin`; where it cannot be read, the connection is not approved, and `warnings` says why. With `preview=true` the answer shows what it would be, and nothing is kept.',
    tags: ['connections'],
    query: previewQuery,
    body: connectionInputSchema,
    answerHeaders: ['etag', 'location'],
    responses: { 200: connectionSchema, 201: connectionSchema },
  }),
  getConnection: operation('GET /api/v1/connections/:name', {
    access: 'read',
    summary: 'Show a connection',
    tags: ['connections'],
    params,
    answerHeaders: ['etag'],
    responses: { 200: connectionSchema },
  }),
  updateConnection: operation('PATCH /api/v1/connections/:name', {
    access: 'write',
    records: ['connection.changed'],
    summary: 'Change a connection',
    description:
      'A JSON merge patch (RFC 7396): a secret that is left out, or comes back as `{sealed}`, stays; null deletes it; another command, address or host drops them all, and `warnings` says so. With `preview=true` the answer shows what it would be, and nothing changes. With `If-Match`, a connection that was changed meanwhile is left alone (412).',
    tags: ['connections'],
    params,
    query: previewQuery,
    body: connectionPatchSchema,
    headers: ifMatchSchema,
    answerHeaders: ['etag'],
    responses: { 200: connectionSchema },
  }),
  renameConnection: operation('POST /api/v1/connections/:name/rename', {
    // Skills that use it are saved anew.
    access: 'write',
    records: ['connection.removed', 'connection.changed'],
    summary: 'Call a connection otherwise',
    description:
      'Skills and conversations that choose its tools follow, each skill as a new version; `warnings` says what does not. Its secrets, approval and tools stay. 409 `E_IN_USE` while a run that may use it is under way.',
    tags: ['connections'],
    params,
    body: renameConnectionSchema,
    responses: { 200: connectionRenamedSchema },
  }),
  removeConnection: operation('DELETE /api/v1/connections/:name', {
    access: 'write',
    records: ['connection.removed'],
    summary: 'Remove a connection that no active skill uses',
    tags: ['connections'],
    params,
    headers: ifMatchSchema,
    responses: { 204: z.undefined() },
  }),
  testConnection: operation('POST /api/v1/connections/:name/test', {
    access: 'write',
    summary: 'Try a connection, and say in plain words what came of it',
    tags: ['connections'],
    params,
    responses: { 200: connectionTestSchema },
  }),
  discoverTools: operation('POST /api/v1/connections/:name/discover', {
    access: 'write',
    summary: 'Ask a connection for its tools',
    description: 'Tools that are new or changed since the last approval are off until they are approved.',
    tags: ['connections'],
    params,
    responses: { 200: discoverResultSchema },
  }),
  approveConnection: operation('POST /api/v1/connections/:name/approve', {
    access: 'connections:approve',
    records: ['connection.approved'],
    summary: 'Approve what a connection starts or dials, and its tools as they were found last',
    description:
      'Send `If-Match` with the ETag of what was looked at, so that nothing else is approved. Where only an OpenAPI document says where the API is, it is read for that, and the place is approved as `config.origin`. With `preview=true` the answer shows what would be approved, and nothing changes; `origin` takes the place that it showed.',
    tags: ['connections'],
    params,
    query: previewQuery.extend({ origin: z.string().max(8192).optional() }),
    headers: ifMatchSchema,
    answerHeaders: ['etag'],
    responses: { 200: connectionSchema },
  }),
  beginLogin: operation('POST /api/v1/connections/:name/login', {
    // Whoever signs in decides in whose name the connection acts.
    access: 'connections:approve',
    summary: 'Begin to sign in to the server of a connection',
    description:
      'Finds out who signs people in, registers Alfred there where that can be done, and answers with the address to open in a browser. Only the session or token that began it can finish it, once, within ten minutes.',
    tags: ['connections'],
    params,
    body: beginLoginSchema,
    responses: { 200: loginBegunSchema },
  }),
  cancelLogin: operation('DELETE /api/v1/connections/:name/login', {
    access: 'connections:approve',
    summary: 'Forget the sign-in that this caller began',
    tags: ['connections'],
    params,
    responses: { 204: z.undefined() },
  }),
  offerLogin: operation('GET /api/v1/connections/:name/login', {
    access: 'connections:approve',
    summary: 'How a person can sign in to an HTTP API',
    description:
      'Reads the OpenAPI document, and what the authorization server says of itself: the ways in, what the operations of the connection need, and where a client is made.',
    tags: ['connections'],
    params,
    responses: { 200: loginOfferSchema },
  }),
  beginDeviceLogin: operation('POST /api/v1/connections/:name/login/device', {
    access: 'connections:approve',
    summary: 'Begin to sign in by a code that is entered on another device',
    description:
      'Answers with the code and the address. Alfred asks by itself whether it was entered, after a restart too, and keeps the tokens then; one that was begun before is forgotten.',
    tags: ['connections'],
    params,
    body: beginDeviceLoginSchema,
    responses: { 200: deviceLoginSchema },
  }),
  getDeviceLogin: operation('GET /api/v1/connections/:name/login/device', {
    access: 'connections:approve',
    summary: 'How the sign-in by a code stands; 404 where none is under way',
    tags: ['connections'],
    params,
    responses: { 200: deviceLoginSchema },
  }),
  cancelDeviceLogin: operation('DELETE /api/v1/connections/:name/login/device', {
    access: 'connections:approve',
    summary: 'Forget the sign-in by a code, whoever began it',
    tags: ['connections'],
    params,
    responses: { 204: z.undefined() },
  }),
  finishLogin: operation('POST /api/v1/connections/:name/login/finish', {
    access: 'connections:approve',
    records: ['connection.signed_in'],
    summary: 'Finish a sign-in with the address at which the browser ended',
    description:
      'Keeps the tokens, sealed, and looks for the tools. `status` and `lastError` say what came of that.',
    tags: ['connections'],
    params,
    body: finishLoginSchema,
    responses: { 200: connectionSchema },
  }),
  finishAnyLogin: operation('POST /api/v1/logins/finish', {
    access: 'connections:approve',
    records: ['connection.signed_in'],
    summary: 'The same, of whichever connection the address belongs to',
    tags: ['connections'],
    body: finishLoginSchema,
    responses: { 200: connectionSchema },
  }),
  logOut: operation('POST /api/v1/connections/:name/logout', {
    access: 'write',
    records: ['connection.signed_out'],
    summary: 'Sign out: revoke the tokens where the server can, and forget them',
    tags: ['connections'],
    params,
    responses: { 200: connectionSchema },
  }),
  readClientDocument: operation('GET /oauth/client.json', {
    // Authorization servers read it; it says nothing but this VM's public address.
    access: 'public',
    summary: 'What an authorization server reads of Alfred; only of a VM with a public address',
    tags: ['connections'],
    responses: { 200: clientDocumentSchema },
  }),
  callTool: operation('POST /api/v1/connections/:name/tools/:tool', {
    // Nobody is asked about a call by hand: who makes one must be who could approve it.
    access: 'admin',
    records: ['connection.tool_called'],
    summary: 'Call one tool by hand',
    description: 'Nobody is asked first, so it needs the scope that approves calls: `admin`.',
    tags: ['connections'],
    params: toolParams,
    body: callToolSchema,
    responses: { 200: toolCallResultSchema },
  }),
};
