import { randomBytes } from 'node:crypto';
import { recordAudit } from '../audit/record-audit.ts';
import { kindFacts } from '../contract/channel-kinds.ts';
import { type Channel, type ChannelInput, usualRules } from '../contract/channels.ts';
import { sealedMarkerSchema } from '../contract/common.ts';
import type { Database, Prisma, Transaction } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { validationError } from '../kernel/validate.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import { channelSecretLabel } from '../vault/sealed-places.ts';
import type { Vault } from '../vault/vault.ts';
import { type ChannelRow, type RawChannel, readChannel, secretPlace } from './channel-row.ts';
import { channelProblems, nearField } from './check-channel.ts';
import { presentChannel } from './present-channel.ts';

export type ChannelDeps = { db: Database; vault: Vault };

/**
 * Keeps a channel, its secrets sealed. Sends nothing.
 *
 * @throws AlfredError E_VALIDATION; E_CONFLICT when the name is taken
 */
export async function createChannel(
  { db, vault }: ChannelDeps,
  { name, kind, config, rules, isActive }: ChannelInput,
  actor: string,
): Promise<Channel> {
  const { values, isNear } = valuesOf(config);
  const problems = channelProblems(kind, values, isNear);
  if (problems.length > 0) throw validationError('The channel', problems);
  const made = makeUp(kindFacts(kind).fields, values);
  const said = Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined));
  const row = await db.transaction((tx) =>
    insertChannel(
      { tx, vault },
      {
        ...{ name, kind, isNear, values: { ...values, ...made }, isActive },
        rules: { ...usualRules(kind), ...said },
        actor,
      },
    ),
  );
  const warnings = Object.values(made).map(
    (secret) =>
      `What is sent there is signed with a secret that was made just now, and is shown this once: ${secret}`,
  );
  return presentChannel(vault, row, undefined, warnings);
}

/** The fields of a config as it was sent, and whether private networks are allowed. A field that is null or empty is not set. */
export function valuesOf(config: ChannelInput['config']): {
  values: Record<string, string>;
  isNear: boolean;
} {
  const { [nearField]: near, ...fields } = config;
  if (near !== undefined && near !== null && typeof near !== 'boolean')
    throw validationError('The channel', [
      { field: `/config/${nearField}`, message: 'must be true or false' },
    ]);
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === null || value === '') continue;
    if (typeof value !== 'string' || sealedMarkerSchema.safeParse(value).success)
      throw validationError('The channel', [{ field: `/config/${name}`, message: 'must be text' }]);
    values[name] = value.trim();
  }
  return { values, isNear: near === true };
}

type Fields = ReturnType<typeof kindFacts>['fields'];

/** The secrets that the VM makes up, where none was given. */
const makeUp = (fields: Fields, values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([name, { isMadeUp }]) => isMadeUp === true && values[name] === undefined)
      .map(([name]) => [name, `whsec_${randomBytes(32).toString('base64')}`]),
  );

type NewChannel = Pick<ChannelRow, 'name' | 'kind' | 'rules' | 'isActive'> & {
  values: Record<string, string>;
  isNear: boolean;
  actor: string;
};

/** Within `tx`: what was checked is sealed, signed and put on record. @throws AlfredError E_CONFLICT */
export async function insertChannel(
  { tx, vault }: { tx: Transaction; vault: Vault },
  { name, kind, rules, isActive, values, isNear, actor }: NewChannel,
): Promise<ChannelRow> {
  const id = newId();
  if ((await tx.noticeChannel.count({ where: { name } })) > 0) throw nameTaken(name);
  const columns = columnsOf(vault, { id, name, kind }, values, isNear);
  const data = { id, name, kind, rules, isActive, ...columns };
  const mac = rowGuardOf(tx).sign('notice_channels', data);
  const row = await tx.noticeChannel.create({ data: { ...data, mac } });
  const facts = { id, kind, secrets: Object.keys(columns.secrets), rules };
  await recordAudit(tx, { action: 'channel.created', actor, subject: name, data: facts });
  return readChannel(row);
}

export const nameTaken = (name: string): AlfredError =>
  new AlfredError('E_CONFLICT', `There is a channel "${name}" already.`, {
    remedy: 'Choose another name, or change the one that there is.',
    fields: [{ field: '/name', message: 'is taken' }],
  });

type Owner = Pick<ChannelRow, 'id' | 'name' | 'kind'>;

/** What is kept of a channel's values, each secret sealed for its place. */
export function columnsOf(
  vault: Vault,
  { id, name, kind }: Owner,
  values: Record<string, string>,
  isNear: boolean,
): Pick<RawChannel, 'place'> & { config: Prisma.JsonObject; secrets: Record<string, string> } {
  const { fields, placeOf } = kindFacts(kind);
  const all = Object.entries(values);
  const isSecret = (field: string) => fields[field]?.isSecret === true;
  const usual = Object.fromEntries(
    Object.entries(fields).flatMap(([field, { otherwise }]) =>
      otherwise === undefined ? [] : [[field, otherwise]],
    ),
  );
  return {
    place: placeOf({ ...usual, ...values }),
    config: {
      ...Object.fromEntries(all.filter(([field]) => !isSecret(field))),
      ...(isNear ? { [nearField]: true } : {}),
    },
    secrets: Object.fromEntries(
      all
        .filter(([field]) => isSecret(field))
        .map(([field, text]) => [
          field,
          vault.seal(secretPlace(id, field), text, channelSecretLabel(name, field)),
        ]),
    ),
  };
}
