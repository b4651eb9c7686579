import type { HookSampleQuery, HookTest } from '../contract/webhooks.ts';
import { planExecution, type StartDeps } from '../executions/start-execution.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { isAlfredError, messageOf } from '../kernel/errors.ts';
import { readDelivery } from './receive-webhook.ts';
import { findHookOfSkill, webhookConfigOf } from './webhook-row.ts';
import { sampleId, signAs } from './webhook-sample.ts';
import { samplePartsOf } from './webhook-sample-body.ts';
import { toleranceSeconds, verifyDelivery } from './webhook-schemes.ts';
import { openWebhookSecret } from './webhook-secret.ts';

export type CheckDeps = Pick<StartDeps, 'db' | 'vault' | 'settings'> & { clock?: Clock };

/** How long the VM waits for its own address, in milliseconds. */
const patienceMs = 5000;

/**
 * Tries a hook without starting anything: signs a delivery, sees that it is taken, that a forged and an old one are not, that
 * its body fits the skill, and that the hook's address leads here.
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
  const now = clock.now();
  const id = sampleId(config);
  const { body, query } = { ...samplePartsOf(row, config, id), ...(given.body ? { body: given.body } : {}) };
  const { contentType } = given;
  const verify = (sent: string, signedFor: string, at: Date) => {
    const headers = signAs(vault, row, config, { id, body: signedFor, now: at, contentType });
    const delivery = { headers, body: Buffer.from(sent) };
    verifyDelivery(config.auth, openWebhookSecret(vault, config.auth, row), delivery, now);
    return delivery;
  };
  const checks: HookTest['checks'] = [];
  const check = async (name: string, good: string, work: () => unknown) => {
    try {
      await work();
      checks.push({ check: name, ok: true, message: good });
    } catch (error) {
      checks.push({ check: name, ok: false, message: `${messageOf(error)}${fieldsOf(error)}` });
    }
  };

  await check('active', 'the skill is active', () => {
    if (!row.isActive) throw new Error('the skill is a draft, so its hook answers nobody');
  });
  await check('signed', takenWords[config.auth], () => verify(body, body, now));
  if (config.auth !== 'none' && config.auth !== 'bearer') {
    await check('forged', 'one that was changed on its way is not', () =>
      mustFail(() => verify(`${body} `, body, now)),
    );
  }
  if (config.auth === 'standard' || config.auth === 'stripe') {
    const old = new Date(now.getTime() - (toleranceSeconds + 1) * 1000);
    await check('old', 'one that was signed five minutes ago is not', () =>
      mustFail(() => verify(body, body, old)),
    );
  }
  await check('input', 'its body fits the skill', async () => {
    const delivery = {
      headers: signAs(vault, row, config, { id, body, now, contentType }),
      body: Buffer.from(body),
    };
    const { input } = readDelivery(config, delivery, Object.fromEntries(new URLSearchParams(query)));
    const request = { skill: slug, input, mode: 'live', trigger: 'webhook', actor: 'webhook' } as const;
    // A draft is said above; here it would hide what is wrong with the body.
    if (row.isActive) await planExecution(deps, db.prisma, request);
  });
  await check('address', `${base}/hooks/${slug} leads here`, () => leadsHere(`${base}/hooks/${slug}`));
  return { ok: checks.every(({ ok }) => ok), checks };
}

const takenWords = {
  standard: 'a delivery signed by Standard Webhooks is taken',
  github: 'a delivery signed as GitHub signs is taken',
  stripe: 'a delivery signed as Stripe signs is taken',
  bearer: 'a delivery with the bearer token is taken',
  none: 'any delivery is taken: this hook is unsigned',
} as const;

const fieldsOf = (error: unknown): string =>
  isAlfredError(error) && error.fields
    ? `: ${error.fields.map(({ field, message }) => `${field} ${message}`).join('; ')}`
    : '';

function mustFail(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (isAlfredError(error, 'E_UNAUTHENTICATED')) return;
    throw error;
  }
  throw new Error('it was taken');
}

/** Asked with GET, which starts nothing: a hook answers that it takes POST. */
async function leadsHere(url: string): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(patienceMs) });
  } catch (cause) {
    throw new Error(`${url} does not answer from here: ${messageOf(cause)}`, { cause });
  }
  await response.body?.cancel();
  if (response.status === 405 && response.headers.get('allow')?.includes('POST')) return;
  throw new Error(`${url} leads elsewhere: it answered ${response.status}`);
}
