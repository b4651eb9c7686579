/** A channel as it is being filled in. */
import { type ChannelKind, kindFacts } from '../../../src/contract/channel-kinds.ts';
import { type Channel, type ChannelRules, usualRules } from '../../../src/contract/channels.ts';
import { randomHex } from '../../api/random-hex.ts';

export type ChannelDraft = {
  name: string;
  kind: ChannelKind;
  /** The texts by field. A secret that stays as it is, is empty. */
  values: Record<string, string>;
  isNear: boolean;
  /** Of a browser: this one subscribes when it is saved. */
  subscribes: boolean;
  rules: ChannelRules;
};

export const newDraft = (kind: ChannelKind): ChannelDraft => ({
  name: '',
  kind,
  values: Object.fromEntries(
    Object.entries(kindFacts(kind).fields).flatMap(([field, { isProposed }]) =>
      isProposed ? [[field, `alfred-${randomHex(10)}`]] : [],
    ),
  ),
  isNear: false,
  subscribes: kindFacts(kind).isMadeByBrowser === true,
  rules: usualRules(kind),
});

export function draftOf({ name, kind, config, rules }: Channel): ChannelDraft {
  const texts = Object.entries(config).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return {
    name,
    kind,
    values: Object.fromEntries(texts),
    isNear: config.allowPrivateNetwork === true,
    subscribes: false,
    rules,
  };
}

/** What is sent to save the draft: secrets that were not typed are left out, and stay; fields that were emptied are removed. */
export function bodyOf({ name, kind, values, isNear, rules }: ChannelDraft, before: Channel | undefined) {
  const { fields, isOwn = false, isMadeByBrowser = false } = kindFacts(kind);
  // All of it comes from the browser, at its own word.
  if (isMadeByBrowser) return { name, rules };
  const config = Object.fromEntries(
    Object.entries(fields).flatMap(([field, { isSecret }]): [string, string | null][] => {
      const value = values[field]?.trim() ?? '';
      if (value !== '') return [[field, value]];
      return isSecret || before?.config[field] === undefined ? [] : [[field, null]];
    }),
  );
  return { name, rules, config: isOwn ? { ...config, allowPrivateNetwork: isNear } : config };
}
