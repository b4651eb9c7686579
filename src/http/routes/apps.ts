/** The VM as the authorization server of `/mcp`, for its owner alone: how programs sign in, and whom the owner let in. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { authorizationMetadata, issuerAt, resourceMetadata } from '../../apps/addresses.ts';
import { decideOnApp, lookAtApp } from '../../apps/decide-on-app.ts';
import { issueTokens } from '../../apps/issue-tokens.ts';
import { listApps, revokeApp } from '../../apps/list-apps.ts';
import { OAuthError } from '../../apps/oauth-error.ts';
import { registerApp } from '../../apps/registration.ts';
import { revokeToken } from '../../apps/revoke-token.ts';
import { operations } from '../../contract/operations.ts';
import { createGuardedFetch } from '../../outbound/guarded-fetch.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import { checkFreshSignIn } from '../access/fresh-sign-in.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

export async function appRoutes(app: App, deps: ServerDeps): Promise<void> {
  const { db, vault, settings } = deps;
  const { fetch, close } = createGuardedFetch({ allowPrivateNetwork: false, ...deps.appDocuments });
  app.addHook('onClose', close);
  const issuerOf = ({ headers }: Pick<FastifyRequest, 'headers'>) =>
    issuerAt(headers.host ?? '', settings.publicUrl);

  route(app, operations.readResourceMetadata, async (request) => resourceMetadata(issuerOf(request)));
  route(app, operations.readRootResourceMetadata, async (request) => resourceMetadata(issuerOf(request)));
  route(app, operations.readAuthorizationMetadata, async (request) =>
    authorizationMetadata(issuerOf(request)),
  );

  route(app, operations.registerApp, async (request, reply) =>
    answer(reply, 201, async () => registerApp(request.body)),
  );
  await app.register(async (forms) => {
    readFormsOnly(forms as App);
    route(forms as App, operations.issueAppTokens, async (request, reply) =>
      answer(reply, 200, () => issueTokens({ db, vault }, request.body ?? {})),
    );
    route(forms as App, operations.revokeAppToken, async (request, reply) =>
      answer(reply, 200, async () => {
        await revokeToken({ db }, request.body ?? {});
        return {};
      }),
    );
  });

  route(app, operations.lookAtApp, async (request) =>
    lookAtApp({ fetch }, request.body.query, issuerOf(request)),
  );
  route(app, operations.decideOnApp, async (request) => {
    const by = callerOf(request);
    // To turn somebody away needs none.
    if (request.body.decision === 'allow') checkFreshSignIn(by);
    return decideOnApp({ db, fetch }, request.body, { actor: by.actor, issuer: issuerOf(request) });
  });
  route(app, operations.listApps, async (request) => listApps({ db }, request.query));
  route(app, operations.revokeApp, async (request, reply) => {
    await revokeApp({ db }, request.params.id, callerOf(request).actor);
    return reply.code(204).send();
  });
}

/** As OAuth has it: forms, with what was sent twice as a list. */
function readFormsOnly(forms: App): void {
  forms.removeAllContentTypeParsers();
  forms.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_: unknown, body: string) => {
      const given = new URLSearchParams(body);
      return Object.fromEntries(
        [...new Set(given.keys())].map((name) => {
          const values = given.getAll(name);
          return [name, values.length === 1 ? values[0] : values];
        }),
      );
    },
  );
}

/** Answers by OAuth's rules: never kept by anybody, and errors in its own form. */
async function answer(
  reply: FastifyReply,
  status: number,
  work: () => Promise<unknown>,
): Promise<FastifyReply> {
  reply.header('cache-control', 'no-store');
  try {
    return reply.code(status).send(await work());
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    return reply.code(error.status).send({ error: error.code, error_description: error.message });
  }
}
