/** The VM's API, by its operations: of their routes alone, as their schemas would be most of what a page must load. */
import { addressOf } from '../../src/contract/address.ts';
import { type Client, clientOf } from '../../src/contract/client.ts';
import type { Route } from '../../src/contract/operation.ts';
import type { Operations } from '../../src/contract/operations.ts';
import { routes } from '../../src/contract/routes.ts';
import { request } from './client.ts';

export const api: Client<Operations> = clientOf<Operations, Route>(
  routes,
  async (route, { body, ...place }, options) => ({
    body: await request(route.method, addressOf(route, place), body, options),
    // What is shown has its revision in it.
    etag: undefined,
  }),
);
