import { expect, it } from 'vitest';
import { closedPort } from '../../tests/helpers/messages-api.ts';
import { proxiedKey, proxiedModelName } from '../../tests/helpers/proxied-model.ts';
import { useProxiedModel } from '../../tests/helpers/use-proxied-model.ts';
import { type CountedTool, TokenCounts } from './count-tokens.ts';

const model = useProxiedModel();

const tool = (name: string): CountedTool => ({
  name,
  description: 'Adds one to a number, and says what it comes to.',
  input_schema: { type: 'object', properties: { number: { type: 'integer' } } },
});

const endpoint = (baseUrl: string) => ({ proxy: model.proxy, baseUrl, model: proxiedModelName });

it('says what the tools add by the endpoint’s own count, and asks once for the same', async () => {
  const counts = new TokenCounts();
  const place = endpoint(model.api.url);
  const one = await counts.count(place, [tool('one')]);
  // The endpoint of the tests counts a token for four characters.
  expect(one).toBe(Math.ceil(`,"tools":[${JSON.stringify(tool('one'))}]`.length / 4));
  expect(await counts.count(place, [tool('one')])).toBe(one);
  expect(counts.known(place, [tool('one')])).toBe(one);
  expect(counts.known({ ...place, model: 'another' }, [tool('one')])).toBeUndefined();
  // With tools and without them; of other tools only the first.
  expect(model.api.others).toHaveLength(2);
  await counts.count(place, [tool('one'), tool('two')]);
  expect(model.api.others).toHaveLength(3);
  expect(model.api.requests).toEqual([]);
});

it('says nothing where the endpoint does not count, and does not ask again at once', async () => {
  const counts = new TokenCounts();
  const gone = await closedPort();
  await model.config('model_base_url', gone);
  expect(await counts.count(endpoint(gone), [tool('one')])).toBeUndefined();
  await model.config('model_base_url', model.api.url);
  await model.config('anthropic_api_key', proxiedKey);
  expect(await counts.count(endpoint(gone), [tool('one')])).toBeUndefined();
  expect(model.api.others).toEqual([]);
  expect(await counts.count(endpoint(model.api.url), [tool('one')])).toBeGreaterThan(0);
});
