/** The name of an operation by its place: what a generated client calls it. */
import { coreRoutes } from './core-api/routes.ts';
import type { Place } from './operation.ts';
import { routes } from './routes.ts';

const placeOf = ({ method, path }: Place): string => `${method} ${path}`;

const names: ReadonlyMap<string, string> = new Map(
  // Core and the VM have names in common, and a place only where its name is the same.
  [coreRoutes, routes].flatMap((all) =>
    Object.entries<Place>(all).map(([name, place]) => [placeOf(place), name] as const),
  ),
);

/** Such as `runSkill`; undefined for a route that is no operation. */
export const operationNameOf = (place: Place): string | undefined => names.get(placeOf(place));
