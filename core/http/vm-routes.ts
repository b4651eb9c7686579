/** What VMs call (enrol, token, metrics), and what people may do with VMs. */
import type { FastifyRequest } from 'fastify';
import { longestReport } from '../../src/contract/core.ts';
import { coreApiOperations } from '../../src/contract/core-api/operations.ts';
import { fleetQuerySchema, vmEntrySchema } from '../../src/contract/fleet.ts';
import { timeNow } from '../../src/kernel/clock.ts';
import { AlfredError } from '../../src/kernel/errors.ts';
import { route } from '../../src/web/route.ts';
import { findPerson } from '../access/people.ts';
import { readFleet } from '../intake/fleet.ts';
import { readHistory } from '../intake/history.ts';
import { readLastReport } from '../intake/last-report.ts';
import { noteRefusal } from '../intake/note-refusal.ts';
import { storeReport } from '../intake/store-report.ts';
import { listAnchors, storeAnchor } from '../registry/anchors.ts';
import { enrolVm, proveVm } from '../registry/enrol.ts';
import { checkBearer, issueBearer, issueVmToken } from '../registry/tokens.ts';
import { changeVm, changeVms, retireVm } from '../registry/vms.ts';
import type { CoreApp, CoreDeps } from './app.ts';
import { checkChange } from './check-change.ts';

export function vmRoutes(app: CoreApp, deps: CoreDeps): void {
  const { db, signer, lookForKeys, issuer, attemptsPerMinute = 10 } = deps;
  const attempts = { rateLimit: { max: attemptsPerMinute * 6, timeWindow: 60_000 } };

  route(
    app,
    coreApiOperations.enrolVm,
    async (request, reply) => {
      const vmId = await enrolVm(db, request.body);
      return reply.code(201).send({ vmId, issuer, publicKeyPem: signer.publicKeyPem });
    },
    { config: attempts },
  );

  route(
    app,
    coreApiOperations.proveVm,
    async (request) => {
      const { id } = request.params;
      await proveVm(db, id, secretOf(request.headers.authorization, id));
      return issueBearer({ signer, issuer }, id);
    },
    { config: attempts },
  );

  // Before the body is read: nobody's report is.
  const proved = new WeakSet<FastifyRequest>();
  const onRequest = async (request: FastifyRequest) => {
    const { id } = request.params as { id: string };
    await checkBearer({ signer, lookForKeys, issuer }, request.headers.authorization, id);
    proved.add(request);
  };
  const exact = { bodyLimit: longestReport, config: { exactBody: true }, onRequest };
  // Nobody but the VM itself has a refusal noted.
  const onError = async (request: FastifyRequest, _reply: unknown, error: unknown) => {
    if (proved.has(request)) await noteRefusal(db, (request.params as { id: string }).id, error);
  };

  route(
    app,
    coreApiOperations.storeReport,
    async (request, reply) => {
      const isNew = await storeReport(db, request.params.id, request.body);
      return reply
        .code(isNew ? 201 : 200)
        .send({ reportId: request.body.reportId, receivedAt: timeNow().toISOString() });
    },
    { ...exact, onError },
  );

  route(app, coreApiOperations.readLastReport, (request) => readLastReport(db, request.params.id), {
    onRequest,
    config: attempts,
  });

  // Apart from the reports: a VM whose owner has not switched it on never calls this.
  route(
    app,
    coreApiOperations.storeAnchor,
    async (request, reply) => {
      const isNew = await storeAnchor(db, request.params.id, request.body);
      return reply.code(isNew ? 201 : 200).send({});
    },
    exact,
  );

  route(
    app,
    coreApiOperations.listAnchors,
    async (request) => ({ items: await listAnchors(db, request.params.id) }),
    { onRequest },
  );
}

/** A thousand ids and what is to be done with them, in bytes. */
const longestChange = 48 * 1024;

/** What people do with them. */
export function registryRoutes(app: CoreApp, { db, signer, issuer }: CoreDeps): void {
  route(app, coreApiOperations.openVm, async (request) => {
    const person = await findPerson(db, request);
    return issueVmToken({ db, signer, issuer }, person, request.params.id, [...new Set(request.body.scopes)]);
  });

  route(app, coreApiOperations.listVms, async (request) => {
    const { limit, offset } = request.query;
    const query = fleetQuerySchema.parse({ sort: 'label', limit, offset });
    const { items } = await readFleet(db, await findPerson(db, request), query);
    return { items: items.map((item) => vmEntrySchema.parse(item)) };
  });

  route(app, coreApiOperations.changeVm, async (request, reply) => {
    const person = await findPerson(db, request);
    checkChange(request.body);
    await changeVm(db, person, request.params.id, request.body);
    return reply.code(204).send();
  });

  route(
    app,
    coreApiOperations.changeVms,
    async (request) => {
      const person = await findPerson(db, request);
      const { vmIds, ...change } = request.body;
      checkChange(change);
      const changed = new Set(await changeVms(db, person, request.body));
      return { changed: [...changed], missing: vmIds.filter((id) => !changed.has(id)) };
    },
    { bodyLimit: longestChange },
  );

  route(app, coreApiOperations.readHistory, async (request) =>
    readHistory(db, await findPerson(db, request), request.params.id, request.query),
  );

  route(app, coreApiOperations.retireVm, async (request, reply) => {
    await retireVm(db, await findPerson(db, request), request.params.id);
    return reply.code(204).send();
  });
}

/** The password of `Basic vmId:secret`. @throws AlfredError E_UNAUTHENTICATED */
function secretOf(authorization: string | undefined, vmId: string): string {
  const encoded = /^Basic +([A-Za-z0-9+/]{1,400}={0,2})$/i.exec(authorization ?? '')?.[1] ?? '';
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  if (text.startsWith(`${vmId}:`)) return text.slice(vmId.length + 1);
  throw new AlfredError(
    'E_UNAUTHENTICATED',
    'This needs Basic authentication with the id and secret of the VM',
  );
}
