import { z } from 'zod';
import { findPerson } from '../access/people.ts';
import { readBilling, readFleet } from '../intake/fleet.ts';
import { firstDayOf } from '../intake/store-report.ts';
import type { CoreApp, CoreDeps } from './app.ts';

const monthSchema = z.string().regex(/^20\d{2}-(0[1-9]|1[0-2])$/, 'use a month such as 2026-11');

const firstDay = (month: string | undefined): string =>
  month === undefined ? firstDayOf(new Date()) : `${month}-01`;

export function fleetRoutes(app: CoreApp, { db }: CoreDeps): void {
  app.get(
    '/v1/fleet',
    { schema: { querystring: z.strictObject({ month: monthSchema.optional() }) } },
    async (request) => {
      const person = await findPerson(db, request);
      return { items: await readFleet(db, person, firstDay(request.query.month)) };
    },
  );

  app.get(
    '/v1/billing',
    { schema: { querystring: z.strictObject({ from: monthSchema.optional(), to: monthSchema.optional() }) } },
    async (request) => {
      const person = await findPerson(db, request);
      const { from, to } = request.query;
      return {
        items: await readBilling(db, person, { from: firstDay(from ?? to), to: firstDay(to ?? from) }),
      };
    },
  );
}
