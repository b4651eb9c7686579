import { isAsymmetric, schemeOf } from '../contract/senders/scheme-of.ts';
import { isSender, senders } from '../contract/senders/senders.ts';
import type { HookSampleQuery, HookTest } from '../contract/webhooks.ts';
import { planExecution, type StartDeps } from '../executions/start-execution.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { isAlfredError, messageOf } from '../kernel/errors.ts';
import { fetchOwn } from '../outbound/own-fetch.ts';
import { readDelivery } from './receive-webhook.ts';
import type { Delivery } from './senders/delivery.ts';
import { deliveryOf } from './senders/delivery-of.ts';
import type { Made } from './senders/sign-delivery.ts';
import { verifyDelivery } from './senders/verify-delivery.ts';
import { webhookInput } from './webhook-input.ts';
import { findHookOfSkill, type WebhookConfig, webhookConfigOf } from './webhook-row.ts';
import { sampleId, signAs } from './webhook-sample.ts';
import { samplePartsOf } from './webhook-sample-body.ts';
import { openWebhookSecret } from './webhook-secret.ts';

export type CheckDeps = Pick<StartDeps, 'db' | 'vault' | 'settings'> & { clock?: Clock };

/** How long the VM waits for its own address, in milliseconds. */
const patienceMs = 5000;

/**
 * Tries a hook without starting anything: signs a delivery, sees that it is taken, that a forged and an old one are not, that
 * its body fits the skill, and that the hook's address leads here. Where the sender alone can sign, its key is looked at.
 *
 * @throws AlfredError E_NOT_FOUND, E_VALIDATION when the skill has no webhook
 */
export async function checkWebhook(
  deps: CheckDeps,
  slug: string,
  given: HookSampleQuery,
  base: string,
): Promise<HookTest> {
  const { db, vault, clock = systemClock } = deps;
  const row = await findHookOfSkill(db, slug);
  const config = webhookConfigOf(row);
  const scheme = schemeOf(config);
  const secret = openWebhookSecret(vault, config.auth, row);
  const now = clock.now();
  const parts = { ...samplePartsOf(row, config), ...(given.body ? { body: given.body } : {}) };
  const url = `${base}/hooks/${slug}${parts.query === '' ? '' : `?${parts.query}`}`;
  const { contentType } = given;
  const unsigned = { id: sampleId(config), body: parts.body, contentType, url };
  const sign = (at: Date): Made => signAs(vault, row, config, { ...unsigned, now: at });
  const arrive = ({ url: sent, headers, body }: Made): Promise<Delivery> =>
    deliveryOf(
      {
        ...{ method: 'POST', url: sent, headers, body: Buffer.from(body) },
        query: Object.fromEntries(new URL(sent).searchParams),
      },
      scheme,
    );
  const verify = async (made: Made) => verifyDelivery(config, secret, await arrive(made), now);
  const { checks, check } = newChecks();

  await check('active', 'the skill is active', () => {
    if (!row.isActive) throw new Error('the skill is a draft, so its hook answers nobody');
  });
  const canSign = scheme === undefined || !isAsymmetric(scheme);
  if (canSign) await check('signed', takenWords(config), () => verify(sign(now)));
  else {
    await check('secret', `its public key is there: only ${senderOf(config)} can sign`, () => {
      if (secret === undefined) throw new Error(`its public key is missing: ${senderOf(config)} shows it`);
    });
  }
  if (
    canSign &&
    scheme !== undefined &&
    scheme.algorithm !== 'plain' &&
    signsBody(scheme.signed, scheme.bodyHash)
  ) {
    await check('forged', 'one that was changed on its way is not', () => {
      const made = sign(now);
      return mustFail(() => verify({ ...made, body: `${made.body} ` }));
    });
  }
  if (canSign && scheme?.timestamp !== undefined) {
    const { tolerance } = scheme.timestamp;
    const old = new Date(now.getTime() - (tolerance + 1) * 1000);
    const words = tolerance === 300 ? 'five minutes' : `${tolerance} seconds`;
    await check('old', `one that was signed ${words} ago is not`, () => mustFail(() => verify(sign(old))));
  }
  await check('input', 'its body fits the skill', async () => {
    const delivery = await arrive(
      canSign ? sign(now) : { url, headers: { 'content-type': contentType }, body: parts.body },
    );
    const input = canSign ? (await readDelivery(config, delivery)).input : webhookInput(config, delivery);
    const request = { skill: slug, input, mode: 'live', trigger: 'webhook', actor: 'webhook' } as const;
    // A draft is said above; here it would hide what is wrong with the body.
    if (row.isActive) await planExecution(deps, db.prisma, request);
  });
  await check('address', `${base}/hooks/${slug} leads here`, () => leadsHere(`${base}/hooks/${slug}`));
  return { ok: checks.every(({ ok }) => ok), checks };
}

function newChecks() {
  const checks: HookTest['checks'] = [];
  const check = async (name: string, good: string, work: () => unknown) => {
    try {
      await work();
      checks.push({ check: name, ok: true, message: good });
    } catch (error) {
      checks.push({ check: name, ok: false, message: `${messageOf(error)}${fieldsOf(error)}` });
    }
  };
  return { checks, check };
}

const signsBody = (signed: readonly string[], bodyHash: string | undefined): boolean =>
  signed.includes('{body}') || bodyHash !== undefined;

const senderOf = ({ auth }: WebhookConfig): string => (isSender(auth) ? senders[auth].title : 'its sender');

const takenWords = ({ auth }: WebhookConfig): string => {
  if (auth === 'none') return 'any delivery is taken: this hook is unsigned';
  if (auth === 'custom') return 'a delivery signed by its own scheme is taken';
  return `a delivery ${senders[auth].words} is taken`;
};

const fieldsOf = (error: unknown): string =>
  isAlfredError(error) && error.fields
    ? `: ${error.fields.map(({ field, message }) => `${field} ${message}`).join('; ')}`
    : '';

async function mustFail(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isAlfredError(error, 'E_UNAUTHENTICATED')) return;
    throw error;
  }
  throw new Error('it was taken');
}

/** Asked with OPTIONS, which starts nothing: a hook answers how it may be called. */
async function leadsHere(url: string): Promise<void> {
  let response: Awaited<ReturnType<typeof fetchOwn>>;
  try {
    response = await fetchOwn(url, {
      method: 'OPTIONS',
      redirect: 'manual',
      signal: AbortSignal.timeout(patienceMs),
    });
  } catch (cause) {
    throw new Error(`${url} does not answer from here: ${messageOf(cause)}`, { cause });
  }
  await response.body?.cancel();
  if (response.status === 405 && response.headers.get('allow')?.includes('POST')) return;
  throw new Error(`${url} leads elsewhere: it answered ${response.status}`);
}
