/** The published examples of every scheme verify, and nothing that was altered does. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WebhookAuth } from '../../contract/triggers.ts';
import { isAlfredError } from '../../kernel/errors.ts';
import { signStandard } from '../../kernel/sign-standard.ts';
import type { Delivery } from './delivery.ts';
import { verifyDelivery } from './verify-delivery.ts';

const toleranceSeconds = 300;

type Example = {
  auth: WebhookAuth;
  secret: string;
  at: number;
  headers: Record<string, string>;
  body: string;
};

const examples: Record<'standard' | 'github' | 'stripe' | 'bearer', Example> = {
  // The specification's example; the official library (standardwebhooks 1.0.0) signs it the same.
  standard: {
    auth: 'standard',
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    at: 1_614_265_330,
    headers: {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
    body: '{"test": 2432232314}',
  },
  // "Testing the webhook payload validation" in GitHub's documentation.
  github: {
    auth: 'github',
    secret: "It's a Secret to Everybody",
    at: 0,
    headers: {
      'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    },
    body: 'Hello, World!',
  },
  // The event and secret of the tests of Stripe's libraries, as `stripe.webhooks.generateTestHeaderString` (18.5.0) signs them.
  stripe: {
    auth: 'stripe',
    secret: 'whsec_test_secret',
    at: 1_492_774_577,
    headers: {
      'stripe-signature':
        't=1492774577,v1=c2f890decbc5ede7c5060bb9a6d31e0626a4342bacb9aeae2adb1bcea72f9812,v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39',
    },
    body: '{\n  "id": "evt_test_webhook",\n  "object": "event"\n}',
  },
  bearer: {
    auth: 'bearer',
    secret: 'a-token-of-our-own',
    at: 0,
    headers: { authorization: 'Bearer a-token-of-our-own' },
    body: '',
  },
};

const deliveryOf = ({ headers, body }: { headers: Example['headers']; body: string | Buffer }): Delivery => ({
  ...{ method: 'POST', url: 'https://alfred.example/hooks/a', query: {} },
  headers,
  body: Buffer.from(body),
});

/** Undefined when it verifies; otherwise what was said. */
function refusalOf(example: Example, change: Partial<Example> = {}): string | undefined {
  const { auth, secret, at, headers, body } = { ...example, ...change };
  try {
    verifyDelivery({ auth }, secret, deliveryOf({ headers, body }), new Date(at * 1000));
    return undefined;
  } catch (error) {
    if (!isAlfredError(error, 'E_UNAUTHENTICATED')) throw error;
    return error.message;
  }
}

const all = Object.entries(examples);
const signed = all.filter(([name]) => name !== 'bearer');
const timed = [examples.standard, examples.stripe];

describe('a published example', () => {
  it.each(all)('of %s verifies', (_name, example) => {
    expect(refusalOf(example)).toBeUndefined();
  });

  it.each(all)('of %s does not with another secret', (_name, example) => {
    const secret = example.secret.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    expect(refusalOf(example, { secret: `${secret}AAAA` })).toMatch(/does not fit|is not the one/);
  });

  it.each(signed)('of %s does not with any other body', (_name, example) => {
    fc.assert(
      fc.property(fc.nat(example.body.length - 1), fc.integer({ min: 1, max: 255 }), (place, flip) => {
        const body = Buffer.from(example.body);
        body[place] = (body[place] ?? 0) ^ flip;
        const delivery = deliveryOf({ headers: example.headers, body });
        expect(() =>
          verifyDelivery({ auth: example.auth }, example.secret, delivery, new Date(example.at * 1000)),
        ).toThrowError(/does not fit/);
      }),
    );
    expect(refusalOf(example, { body: `${example.body}\n` })).toMatch(/does not fit/);
  });

  it.each(all)('of %s does not without its headers, each named', (_name, example) => {
    for (const name of Object.keys(example.headers)) {
      const { [name]: _gone, ...headers } = example.headers;
      expect(refusalOf(example, { headers })).toBe(`The header ${name} is missing`);
    }
  });

  it.each(timed)('of $auth holds for five minutes, to either side', (example) => {
    for (const off of [-toleranceSeconds, toleranceSeconds]) {
      expect(refusalOf(example, { at: example.at + off })).toBeUndefined();
      expect(refusalOf(example, { at: example.at + off + Math.sign(off) })).toMatch(
        /^The delivery was signed 301 seconds/,
      );
    }
  });
});

describe('Standard Webhooks', () => {
  const { standard } = examples;
  const withSignature = (signature: string) => ({
    headers: { ...standard.headers, 'webhook-signature': signature },
  });
  const right = standard.headers['webhook-signature'] ?? '';

  it('takes one right signature among several, as while a sender changes its secret', () => {
    expect(refusalOf(standard, withSignature(`v1,AAAA v1a,BBBB ${right} v2,x`))).toBeUndefined();
  });

  it.each([right.replace('v1,', 'v1a,'), right.slice(3), `${right}=`, right.toUpperCase(), 'v1,', ' '])(
    'does not take %j',
    (signature) => expect(refusalOf(standard, withSignature(signature))).toMatch(/does not fit/),
  );

  it('signs the id and the time too', () => {
    expect(refusalOf(standard, { headers: { ...standard.headers, 'webhook-id': 'msg_other' } })).toMatch(
      /does not fit/,
    );
    expect(
      refusalOf(standard, { headers: { ...standard.headers, 'webhook-timestamp': '1614265331' } }),
    ).toMatch(/does not fit/);
  });

  it.each(['', 'soon', '1614265330.5', '-1', '1e9', ' 1614265330', '99999999999999'])(
    'takes %j for no time',
    (time) => {
      const headers = {
        ...standard.headers,
        'webhook-timestamp': time,
        'webhook-signature': signStandard(
          standard.secret,
          standard.headers['webhook-id'] ?? '',
          time,
          Buffer.from(standard.body),
        ),
      };
      expect(refusalOf(standard, { headers })).toMatch(/is no time|is missing/);
    },
  );
});

describe('Stripe', () => {
  const { stripe } = examples;
  const value = stripe.headers['stripe-signature'] ?? '';

  it('takes one right v1 among several, and no v0', () => {
    const [time, right] = value.split(',');
    const header = (text: string) => ({ headers: { 'stripe-signature': text } });
    expect(refusalOf(stripe, header(`${time},v1=00,${right}`))).toBeUndefined();
    expect(refusalOf(stripe, header(`${time},${right?.replace('v1=', 'v0=')}`))).toMatch(/does not fit/);
    expect(refusalOf(stripe, header(`${right}`))).toMatch(/is no time/);
    expect(refusalOf(stripe, header('nonsense'))).toMatch(/is no time/);
  });
});

describe('a hook without a secret', () => {
  it('takes nothing, unless it was asked for in so many words', () => {
    const nothing = deliveryOf({ headers: {}, body: '' });
    for (const auth of ['standard', 'github', 'stripe', 'bearer'] as const) {
      expect(() => verifyDelivery({ auth }, undefined, nothing, new Date())).toThrowError(/has no secret/);
    }
    verifyDelivery({ auth: 'none' }, undefined, nothing, new Date());
  });
});
