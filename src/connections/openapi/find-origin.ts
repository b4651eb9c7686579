/** Where a document says that its API is, found without a word of the owner: no credential of the connection goes along. */
import { type LookedAt, lookAtApi } from './look-at-api.ts';

/**
 * @param home files in here are the VM's own, and no document
 * @throws AlfredError as `lookAtApi` does
 */
export async function findOrigin(
  config: Omit<LookedAt, 'baseUrl' | 'headers'>,
  home: string,
): Promise<string> {
  const { openapi, operations, serverVariables, include, allowPrivateNetwork } = config;
  const api = await lookAtApi(
    { openapi, operations, serverVariables, include, allowPrivateNetwork, baseUrl: undefined },
    home,
  );
  return new URL(api.baseUrl).origin;
}
