/** Where a person makes a client at an authorization server that lets nobody in by itself, and is asked for it. */
import type { LoginOffer } from '../../contract/logins.ts';
import type { Context } from '../context.ts';
import { usageProblem } from '../problem.ts';
import { askSecret, askText } from '../prompts.ts';
import { clean } from '../render/text.ts';

export type HandClient = { clientId: string; clientSecret?: string };

/** @throws CliProblem with what to do, where nobody can be asked */
export async function askForClient(context: Context, offer: LoginOffer): Promise<HandClient> {
  const { provider, redirect, issuer, client } = offer;
  const who = provider?.title ?? issuer;
  const { err } = context;
  context.stderr.write(`${clean(who)} lets in whom you made known there: make a client, once.\n\n`);
  const steps = provider?.steps ?? [
    `Where ${issuer} has developers register applications, make one.`,
    ...(redirect === null ? [] : [`Give it this address to come back to: ${redirect.uri}`]),
  ];
  if (provider !== null) context.stderr.write(`  ${clean(provider.clientUrl)}\n`);
  for (const step of steps) context.stderr.write(`  - ${clean(step)}\n`);
  for (const trap of provider?.know ?? []) context.stderr.write(`${err.dim(`  ! ${clean(trap)}`)}\n`);
  context.stderr.write('\n');
  if (!context.canAsk)
    throw usageProblem(
      `${clean(who)} wants a client`,
      'give it with --client-id, and --client-secret or --secret-stdin if it has one',
    );
  const clientId = await askText(context, 'the client id');
  if (client.secret === 'never') return { clientId };
  const secret = await askSecret(context, 'the client secret', { mayBeNone: client.secret === 'maybe' });
  return secret === '' ? { clientId } : { clientId, clientSecret: secret };
}
