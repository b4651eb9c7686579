/**
 * Every sender by deliveries of its own making (tests/senders/run.ts makes them anew, by the senders' own libraries), and
 * none of them when it was changed, is old, or was signed with another secret.
 */
import { describe, expect, it } from 'vitest';
import type { Vector } from '../../../tests/senders/vector.ts';
import vectors from '../../../tests/senders/vectors.json' with { type: 'json' };
import { schemeOf } from '../../contract/senders/scheme-of.ts';
import { isSender, type SenderName, senderNames, senders } from '../../contract/senders/senders.ts';
import { webhookSchemeSchema } from '../../contract/webhook-scheme.ts';
import { isAlfredError } from '../../kernel/errors.ts';
import { wrongSecretForm } from '../../skills/webhook-key.ts';
import { answerChallenge, challengeIn } from './answer-challenge.ts';
import type { Delivery } from './delivery.ts';
import { deliveryOf } from './delivery-of.ts';
import { signDelivery } from './sign-delivery.ts';
import { verifyDelivery } from './verify-delivery.ts';

const known = (vectors as Vector[]).map(({ auth, ...rest }) => {
  if (!isSender(auth)) throw new Error(`${auth} is no sender`);
  return { ...rest, auth, scheme: webhookSchemeSchema.parse(senders[auth].scheme) };
});

type Sent = Pick<Vector, 'url' | 'headers' | 'body'> & { auth: SenderName };

const arrive = ({ auth, url, headers, body }: Sent, method = 'POST'): Promise<Delivery> =>
  deliveryOf(
    {
      ...{ method, url, headers, body: Buffer.from(body) },
      query: Object.fromEntries(new URL(url).searchParams),
    },
    schemeOf({ auth }),
  );

/** Undefined when it is taken; otherwise what was said. */
async function refusalOf(sent: Sent, secret: string, at: string | number): Promise<string | undefined> {
  const delivery = await arrive(sent);
  try {
    verifyDelivery({ auth: sent.auth }, secret, delivery, new Date(at));
    return undefined;
  } catch (error) {
    if (!isAlfredError(error, 'E_UNAUTHENTICATED')) throw error;
    return error.message;
  }
}

const hour = 3_600_000;

it('has a delivery of every sender', () => {
  expect(new Set(known.map(({ auth }) => auth))).toEqual(new Set(senderNames));
});

describe.each(known)('$auth, $how by $by', ({ scheme, ...vector }) => {
  const { secret, at } = vector;
  const isSigned = scheme.algorithm !== 'plain';
  const signsBody = scheme.signed.includes('{body}') || scheme.bodyHash !== undefined;

  it('is taken', async () => {
    expect(wrongSecretForm(scheme, secret)).toBeUndefined();
    expect(await refusalOf(vector, secret, at)).toBeUndefined();
  });

  it('is not taken with another secret', async () => {
    const bytes = /^[0-9a-f]+$/.test(secret)
      ? secret.replace(/^../, (two) => (two === '00' ? '11' : '00'))
      : undefined;
    const isKey = scheme.algorithm === 'ecdsa-sha256';
    if (isKey) return;
    const other = secret.startsWith('whsec_') ? `${secret.slice(0, -4)}AAAA` : (bytes ?? `${secret}!`);
    expect(await refusalOf(vector, other, at)).toMatch(/does not fit|is not the one/);
  });

  it.runIf(isSigned && signsBody)('is not taken with another body', async () => {
    const body = vector.body.replace(/[a-z]/, (letter) => (letter === 'b' ? 'c' : 'b'));
    expect(body).not.toBe(vector.body);
    expect(await refusalOf({ ...vector, body }, secret, at)).toMatch(/does not fit/);
  });

  it.runIf(scheme.timestamp !== undefined)('is not taken an hour later, or before', async () => {
    for (const off of [-hour, hour]) {
      expect(await refusalOf(vector, secret, Date.parse(at) + off)).toMatch(/^The delivery was signed/);
    }
  });

  it.runIf(scheme.signed.includes('{url}'))('is not taken at another address', async () => {
    const url = vector.url.replace('/hooks/a', '/hooks/b');
    expect(await refusalOf({ ...vector, url }, secret, at)).toMatch(/does not fit/);
  });

  it('is not taken without its proof', async () => {
    const bare = {
      ...vector,
      headers: { 'content-type': 'application/json' },
      url: 'https://a.example/hooks/a',
    };
    expect(await refusalOf({ ...bare, body: '{}' }, secret, at)).toMatch(/is missing$/);
  });
});

describe.each(senderNames.filter((auth) => !['discord', 'sendgrid'].includes(auth)))(
  'a sample of %s',
  (auth) => {
    it('is taken', async () => {
      const scheme = webhookSchemeSchema.parse(senders[auth].scheme);
      const secret =
        scheme.key === 'whsec' ? 'whsec_c2VjcmV0IGJ5dGVzIG9mIGEgdGVzdCBob29r' : 'a-secret:of-a-test';
      const now = new Date();
      const made = signDelivery(scheme, secret, {
        ...{ url: 'https://alfred.example/hooks/a', body: '{"a":1}', contentType: 'application/json' },
        ...{ id: 'id-1', idPlace: undefined, now },
      });
      expect(await refusalOf({ auth, ...made }, secret, now.getTime())).toBeUndefined();
    });
  },
);

describe('a proof', () => {
  const body = '{"value":[{"clientState":"right-secret"},{"clientState":"wrong-secret"}]}';
  const headers = { 'content-type': 'application/json' };
  const url = 'https://alfred.example/hooks/a';

  it('must stand in every notice of a bundle', async () => {
    const sent = { auth: 'msgraph', body, headers, url } as const;
    expect(await refusalOf(sent, 'right-secret', 0)).toMatch(/is not the one/);
  });

  it('of Twilio is over the body, whatever it says it is', async () => {
    const twilio = known.find((vector) => vector.auth === 'twilio' && vector.url.includes('bodySHA256'));
    if (twilio === undefined) throw new Error('There is no such delivery');
    expect(await refusalOf({ ...twilio, body: '{}' }, twilio.secret, 0)).toMatch(/does not fit/);
    const signed = signDelivery(twilio.scheme, 'a-secret', {
      ...{
        url,
        body: '',
        contentType: 'application/x-www-form-urlencoded',
        id: '',
        idPlace: undefined,
        now: new Date(0),
      },
    });
    expect(await refusalOf({ auth: 'twilio', ...signed }, 'a-secret', 0)).toBeUndefined();
    const changed = {
      ...signed,
      body: '{"a":1}',
      headers: { ...signed.headers, 'content-type': 'application/json' },
    };
    expect(await refusalOf({ auth: 'twilio', ...changed }, 'a-secret', 0)).toMatch(/does not fit/);
  });

  it('of X is no answer that a stranger was given', async () => {
    const scheme = webhookSchemeSchema.parse(senders.x.scheme);
    const asked = await arrive({ auth: 'x', body: '', headers: {}, url: `${url}?crc_token=12345` }, 'GET');
    const challenge = challengeIn(scheme, asked);
    if (challenge === undefined) throw new Error('This is no challenge');
    const { response_token } = JSON.parse(
      answerChallenge({ scheme, secret: 's' }, challenge, asked).body,
    ) as Record<string, string>;
    const forged = {
      auth: 'x',
      url,
      body: '12345',
      headers: { 'x-twitter-webhooks-signature': response_token ?? '' },
    } as const;
    expect(await refusalOf(forged, 's', 0)).toMatch(/does not fit/);
    const wild = await arrive(
      { auth: 'x', body: '', headers: {}, url: `${url}?crc_token=%7B%22a%22%3A1%7D` },
      'GET',
    );
    expect(() => answerChallenge({ scheme, secret: 's' }, challenge, wild)).toThrow(/no token/);
  });
});
