/** `inputs` of VS Code: what the editor would ask for. What has a default that is no secret is not asked for here. */
import { isRecord } from '../../contract/is-record.ts';

/** A copy of `entry` in which `${input:id}` is filled where the input says by what. */
export function fillInputs(
  entry: Record<string, unknown>,
  inputs: readonly unknown[],
): Record<string, unknown> {
  const defaults = new Map<string, string>();
  for (const input of inputs) {
    if (!isRecord(input) || typeof input.id !== 'string' || input.password === true) continue;
    if (typeof input.default === 'string' && input.default !== '') defaults.set(input.id, input.default);
  }
  const filled = (value: unknown): unknown => {
    if (typeof value === 'string')
      return value.replace(/\$\{input:([^}]+)\}/g, (whole, id: string) => defaults.get(id) ?? whole);
    if (Array.isArray(value)) return value.map(filled);
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one)]));
  };
  return defaults.size === 0 ? entry : (filled(entry) as Record<string, unknown>);
}
