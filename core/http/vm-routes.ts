/** What VMs call (enrol, token, metrics), and what their people may do with them. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  anchorSchema,
  coreScopeSchema,
  defaultCoreScopes,
  enrolVmSchema,
  longestReport,
  metricReportSchema,
} from '../../src/contract/core.ts';
import { AlfredError } from '../../src/kernel/errors.ts';
import { findPerson } from '../access/people.ts';
import { storeReport } from '../intake/store-report.ts';
import { listAnchors, storeAnchor } from '../registry/anchors.ts';
import { enrolVm, proveVm } from '../registry/enrol.ts';
import { checkBearer, issueBearer, issueVmToken } from '../registry/tokens.ts';
import { changeVm, listVms } from '../registry/vms.ts';
import type { CoreApp, CoreDeps } from './app.ts';
import { labelSchema } from './people-routes.ts';

const params = z.object({ id: z.guid().lowercase() });

export function vmRoutes(app: CoreApp, deps: CoreDeps): void {
  const { db, signer, issuer, attemptsPerMinute = 10 } = deps;
  const attempts = { rateLimit: { max: attemptsPerMinute * 6, timeWindow: 60_000 } };

  app.post('/v1/vms', { config: attempts, schema: { body: enrolVmSchema } }, async (request, reply) => {
    const vmId = await enrolVm(db, request.body);
    return reply.code(201).send({ vmId, issuer, publicKeyPem: signer.publicKeyPem });
  });

  app.post('/v1/vms/:id/token', { config: attempts, schema: { params } }, async (request) => {
    const { id } = request.params;
    await proveVm(db, id, secretOf(request.headers.authorization, id));
    return issueBearer({ signer, issuer }, id);
  });

  // Before the body is read: nobody's report is.
  const onRequest = (request: FastifyRequest) =>
    checkBearer({ signer, issuer }, request.headers.authorization, (request.params as { id: string }).id);

  app.post(
    '/v1/vms/:id/metrics',
    {
      bodyLimit: longestReport,
      config: { exactBody: true },
      schema: { params, body: metricReportSchema },
      onRequest,
    },
    async (request, reply) => {
      const isNew = await storeReport(db, request.params.id, request.body);
      return reply.code(isNew ? 201 : 200).send({ reportId: request.body.reportId });
    },
  );

  // Apart from the reports: a VM whose owner has not switched it on never calls this.
  app.post(
    '/v1/vms/:id/anchors',
    {
      bodyLimit: longestReport,
      config: { exactBody: true },
      schema: { params, body: anchorSchema },
      onRequest,
    },
    async (request, reply) => {
      const isNew = await storeAnchor(db, request.params.id, request.body);
      return reply.code(isNew ? 201 : 200).send({});
    },
  );

  app.get('/v1/vms/:id/anchors', { schema: { params }, onRequest }, async (request) => ({
    items: await listAnchors(db, request.params.id),
  }));

  app.post(
    '/v1/vms/:id/access',
    {
      schema: {
        params,
        body: z
          .strictObject({
            scopes: z
              .array(coreScopeSchema)
              .min(1)
              .max(3)
              .default([...defaultCoreScopes]),
          })
          .default({ scopes: [...defaultCoreScopes] }),
      },
    },
    async (request) => {
      const person = await findPerson(db, request);
      return issueVmToken({ db, signer, issuer }, person, request.params.id, [
        ...new Set(request.body.scopes),
      ]);
    },
  );

  app.get('/v1/vms', async (request) => ({
    items: await listVms(db, await findPerson(db, request)),
  }));

  app.patch(
    '/v1/vms/:id',
    {
      schema: {
        params,
        body: z.strictObject({ label: labelSchema.optional(), suspended: z.boolean().optional() }),
      },
    },
    async (request, reply) => {
      const person = await findPerson(db, request);
      await changeVm(db, person, request.params.id, request.body);
      return reply.code(204).send();
    },
  );
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
