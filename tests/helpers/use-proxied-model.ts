import { afterAll, beforeAll, beforeEach } from 'vitest';
import { inTurn } from './messages-api.ts';
import { type ProxiedModel, startProxiedModel } from './proxied-model.ts';

/** As startProxiedModel, before all tests of a file; each begins with no request made and a model that says hello. */
export function useProxiedModel(): ProxiedModel {
  const model = {} as ProxiedModel;
  const hello = inTurn({ text: 'Hello.' });
  beforeAll(async () => {
    Object.assign(model, await startProxiedModel(hello));
  });
  afterAll(() => model.close());
  beforeEach(() => {
    model.api.requests.length = 0;
    model.api.others.length = 0;
    model.api.setScript(hello);
  });
  return model;
}
