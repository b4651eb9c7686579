/** The VM's API, by its operations: of their routes alone, as their schemas would be most of what a page must load. */
import { type Client, clientOf } from '../../src/contract/client.ts';
import type { Place } from '../../src/contract/operation.ts';
import type { Operations } from '../../src/contract/operations.ts';
import { routes } from '../../src/contract/routes.ts';
import { send } from './client.ts';

export const api: Client<Operations> = clientOf<Operations, Place>(routes, send);
