import { coreApiOperations } from '../../src/contract/core-api/operations.ts';
import { route } from '../../src/web/route.ts';
import { findPerson } from '../access/people.ts';
import { readBilling, readFleet } from '../intake/fleet.ts';
import { firstDayOf } from '../intake/store-report.ts';
import type { CoreApp, CoreDeps } from './app.ts';

const firstDay = (month: string | undefined): string =>
  month === undefined ? firstDayOf(new Date()) : `${month}-01`;

export function fleetRoutes(app: CoreApp, { db }: CoreDeps): void {
  route(app, coreApiOperations.readFleet, async (request) => {
    const person = await findPerson(db, request);
    return { items: await readFleet(db, person, firstDay(request.query.month)) };
  });

  route(app, coreApiOperations.readBilling, async (request) => {
    const person = await findPerson(db, request);
    const { from, to } = request.query;
    return {
      items: await readBilling(db, person, { from: firstDay(from ?? to), to: firstDay(to ?? from) }),
    };
  });
}
