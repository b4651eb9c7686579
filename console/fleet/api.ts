/** Core's API, by its operations. */
import { type Client, clientOf } from '../../src/contract/client.ts';
import type { CoreApiOperations } from '../../src/contract/core-api/operations.ts';
import { coreRoutes } from '../../src/contract/core-api/routes.ts';
import type { Place } from '../../src/contract/operation.ts';
import { send } from '../api/client.ts';

export const api: Client<CoreApiOperations> = clientOf<CoreApiOperations, Place>(coreRoutes, send);
