/** Channels of notices, for a person. */
import { kindFacts, type NoticeEvent, noticeEventNames, noticeEvents } from '../../contract/channel-kinds.ts';
import type { Channel } from '../../contract/channels.ts';
import type { Colors } from '../context.ts';
import { formatTime, plural } from './figures.ts';
import { clean, oneLine } from './text.ts';

/** How one stands, in a few words. */
export function standingOf(channel: Channel, now: Date): string {
  const { isActive, failingSince, lastError, waiting, givenUp, lastDeliveredAt } = channel;
  const lost = givenUp === 0 ? '' : `, ${plural(givenUp, 'notice')} given up`;
  const waits = waiting === 0 ? '' : `, ${plural(waiting, 'notice')} ${waiting === 1 ? 'waits' : 'wait'}`;
  if (!isActive) return `off${waits}${lost}${lastError === null ? '' : `: ${oneLine(lastError)}`}`;
  if (failingSince !== null)
    return `takes nothing since ${formatTime(failingSince, now)}${waits}${lost}: ${oneLine(lastError ?? '')}`;
  const told =
    lastDeliveredAt === null ? 'nothing was sent yet' : `last told ${formatTime(lastDeliveredAt, now)}`;
  return `${told}${waits}${lost}`;
}

/** For `alfred status`: how many there are, and those that take nothing. */
export function describeChannels(channels: readonly Channel[], out: Colors, now: Date): string {
  if (channels.length === 0) return 'go nowhere yet: alfred notice add';
  const troubled = channels.filter(
    ({ isActive, failingSince, givenUp, lastError }) =>
      failingSince !== null || givenUp > 0 || (!isActive && lastError !== null),
  );
  return [
    channels.map(({ name }) => name).join(', '),
    ...troubled.map((one) => out.red(`${one.name}: ${clean(standingOf(one, now))}`)),
  ].join('\n');
}

const shortNames = (events: readonly NoticeEvent[]): string =>
  events.length === noticeEventNames.length ? 'everything' : events.join(', ');

/** What a channel is told, and when, as lines of a name and a text. */
export function channelFields(channel: Channel, now: Date): [string, string | undefined][] {
  const { kind, place, rules, config } = channel;
  const { fields } = kindFacts(kind);
  const shown = Object.entries(config).flatMap(([field, value]): [string, string][] => {
    if (typeof value === 'boolean') return [[field, value ? 'yes' : 'no']];
    const label = fields[field]?.label.toLowerCase() ?? field;
    return [[label, typeof value === 'string' ? value : `sealed, fingerprint ${value.fingerprint}`]];
  });
  const { events, skills, content, links, quiet, urgent, digestAt } = rules;
  return [
    ['channel', channel.name],
    ['kind', kindFacts(kind).label],
    ['to', place],
    ...shown,
    ['told of', events.length === 0 ? 'nothing' : shortNames(events)],
    ['skills', skills === null ? undefined : skills.join(', ')],
    ['content', content],
    ['links', links ? 'to approve or refuse, in the notice' : undefined],
    [
      'quiet',
      quiet === null ? undefined : `${quiet.from} to ${quiet.to}${urgent ? ', but for calls that wait' : ''}`,
    ],
    ['digest', digestAt === null ? undefined : `daily at ${digestAt}`],
    ['stands', standingOf(channel, now)],
  ];
}

/** The kinds of events, each with what it means, for help. */
export const eventHelp: string = noticeEventNames
  .map((name) => `${name} (${noticeEvents[name].toLowerCase()})`)
  .join(', ');
