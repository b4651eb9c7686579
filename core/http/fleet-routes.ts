import { Readable } from 'node:stream';
import { coreApiOperations } from '../../src/contract/core-api/operations.ts';
import { AlfredError } from '../../src/kernel/errors.ts';
import { route } from '../../src/web/route.ts';
import { findPerson } from '../access/people.ts';
import { csvOf, ndjsonOf } from '../intake/bill-text.ts';
import { billLines, readBilling } from '../intake/billing.ts';
import { closeMonth, correctBill, listClosedMonths } from '../intake/close-month.ts';
import { readFleet } from '../intake/fleet.ts';
import { firstDay } from '../intake/months.ts';
import type { CoreApp, CoreDeps } from './app.ts';

export function fleetRoutes(app: CoreApp, { db }: CoreDeps): void {
  route(app, coreApiOperations.readFleet, async (request) =>
    readFleet(db, await findPerson(db, request), request.query),
  );

  route(app, coreApiOperations.readBilling, async (request) => {
    const person = await findPerson(db, request);
    const { from, to } = request.query;
    const months = { from: firstDay(from ?? to), to: firstDay(to) };
    if (months.from > months.to) {
      throw new AlfredError('E_VALIDATION', 'The query does not fit', {
        fields: [{ field: '/from', message: 'is behind /to' }],
      });
    }
    return readBilling(db, person, months);
  });

  route(
    app,
    coreApiOperations.exportBills,
    async (request, reply) => {
      const person = await findPerson(db, request);
      const { month } = request.params;
      const { format } = request.query;
      const lines = billLines(db, person, firstDay(month));
      return reply
        .type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8')
        .header('content-disposition', `attachment; filename="alfred-bills-${month}.${format}"`)
        .send(Readable.from(format === 'csv' ? csvOf(lines) : ndjsonOf(lines)) as never);
    },
    { exposeHeadRoute: false },
  );

  route(app, coreApiOperations.listClosedMonths, async (request) => {
    await findPerson(db, request);
    return await listClosedMonths(db);
  });

  route(app, coreApiOperations.closeMonth, async (request, reply) => {
    const person = await findPerson(db, request);
    return reply.code(201).send(await closeMonth(db, person, request.params.month));
  });

  route(app, coreApiOperations.correctBill, async (request, reply) => {
    const person = await findPerson(db, request);
    return reply.code(201).send(await correctBill(db, person, request.body));
  });
}
