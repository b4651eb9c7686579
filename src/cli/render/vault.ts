/** The keys of a VM, for a person: never a key, and never a value. */
import type { z } from 'zod';
import type { KeyHolder, KeyRotationState, vaultSchema } from '../../contract/vault.ts';
import type { Colors } from '../context.ts';
import { formatCount, formatTime, plural } from './figures.ts';
import { renderFields } from './table.ts';

type Vault = z.infer<typeof vaultSchema>;

/** How far a change of the keys is, in a line. */
export function stageInWords({ key, stage, done, total, waitingFor }: KeyRotationState): string {
  const what = key === 'root' ? 'root key' : 'data keys';
  switch (stage) {
    case 'starting':
      return `${what}: starting`;
    case 'waiting':
      return waitingFor.length === 0
        ? `${what}: handed to every process`
        : `${what}: waiting for ${waitingFor.map(holderInWords).join(', ')}`;
    case 'waiting_for_key':
      return `${what}: waits for you to put it in place`;
    case 'sealing':
      return `${what}: ${formatCount(done)} of ${formatCount(total)} values and rows`;
    case 'finishing':
      return `${what}: the old ones go`;
  }
}

const holderInWords = ({ kind, pid, host }: KeyHolder): string =>
  `${kind} ${pid}${host === null ? '' : ` on ${host}`}`;

/** What its owner does next. */
export const renderSteps = ({ steps }: KeyRotationState, out: Colors): string =>
  [
    out.bold('The new root key is made. Until the last step the old one opens everything, too:'),
    ...steps.map((step, at) => `  ${at + 1}. ${step}`),
  ].join('\n');

export function renderVault(vault: Vault, out: Colors, now: Date): string {
  const { rootKey, dataKeys, rotation, holders, unreadable } = vault;
  const fields = renderFields(
    [
      ['root key', `${rootKey.fingerprint} ${out.dim(`(${rootKey.source})`)}`],
      ...dataKeys.map(({ id, isActive, values }): [string, string] => [
        `data key ${id}`,
        `${plural(values, 'value')}${isActive ? out.dim(' (seals new ones)') : ''}`,
      ]),
      ...holders.map((holder): [string, string] => [
        holder.kind === 'vm' ? 'VM' : holder.kind,
        `process ${holder.pid}${holder.host === null ? '' : ` on ${holder.host}`}, since ${formatTime(holder.since, now)}${holder.isCurrent ? '' : out.yellow(' (holds an old key)')}`,
      ]),
      ['change', rotation ? out.yellow(stageInWords(rotation)) : 'none under way'],
      ...(rotation?.failure
        ? [['problem', out.red(`${rotation.failure.code} ${rotation.failure.message}`)] as [string, string]]
        : []),
      ...(unreadable.length > 0 ? [['unreadable', out.red(unreadable.join(', '))] as [string, string]] : []),
    ],
    out.dim,
  );
  return rotation && rotation.steps.length > 0 ? `${fields}\n\n${renderSteps(rotation, out)}` : fields;
}
