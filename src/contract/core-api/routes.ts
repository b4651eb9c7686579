/** As ../routes.ts, of Core's own API. */
import { placesOf } from '../operation.ts';
import { coreApiOperations } from './operations.ts';

export const coreRoutes = placesOf(coreApiOperations);
