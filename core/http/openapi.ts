/** The OpenAPI 3.1 document at /v1/openapi.json, made from the routes' own schemas. */
import { coreApiOperations } from '../../src/contract/core-api/operations.ts';
import { problemSchema } from '../../src/contract/errors.ts';
import { describeRoutes } from '../../src/web/describe-routes.ts';
import { coreCookie } from '../access/people.ts';
import type { CoreApp } from './app.ts';

const open = new Set([
  'enrolVm',
  'signIn',
  'signInPage',
  'describeCoreApi',
  'readSignInWays',
  'followLink',
  'forgotPassword',
  'beginPasskeySignIn',
  'signInByPasskey',
]);
const ofVms = new Set(['storeReport', 'readLastReport', 'storeAnchor', 'listAnchors']);

/** Describes every route registered after this. */
export const describeCoreApi = (app: CoreApp): Promise<void> =>
  describeRoutes(app, {
    info: {
      title: 'Alfred Core',
      version: '1',
      description:
        'A provider’s VMs, and three numbers of each. Errors are problem details (RFC 9457) with a stable `code`; times are ISO 8601 UTC, and so are days and months. A query parameter that an operation does not have is refused (422).',
    },
    securitySchemes: {
      token: {
        type: 'http',
        scheme: 'bearer',
        description: 'Of a user who signed in, or of the provider: $CORE_HOME/admin-token, or a named one',
      },
      session: { type: 'apiKey', in: 'cookie', name: coreCookie },
      vmSecret: { type: 'http', scheme: 'basic', description: 'The id and the secret of a VM' },
      vmBearer: { type: 'http', scheme: 'bearer', description: 'What `proveVm` gave' },
    },
    named: { Problem: problemSchema },
    operations: coreApiOperations,
    admit(operation) {
      const id = operation.operationId ?? '';
      operation.security = open.has(id)
        ? []
        : id === 'proveVm'
          ? [{ vmSecret: [] }]
          : ofVms.has(id)
            ? [{ vmBearer: [] }]
            : [{ token: [] }, { session: [] }];
    },
  });
