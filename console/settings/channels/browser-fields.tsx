/** What the channel of a browser is set up with: its name, and the word of its owner that this is the browser. */
import type { Channel } from '../../../src/contract/channels.ts';
import { cx } from '../../ui/cx.ts';
import { t } from '../../words/t.ts';
import type { ChannelDraft } from './channel-draft.ts';
import { NameField } from './channel-fields.tsx';
import { Check } from './check.tsx';
import { isThisBrowser, whyNot } from './this-browser.ts';

type Props = {
  draft: ChannelDraft;
  channel: Channel | undefined;
  errorAt(pointer: string): string | undefined;
  onChange(draft: ChannelDraft): void;
};

export function BrowserFields({ draft, channel, errorAt, onChange }: Props) {
  const why = whyNot();
  return (
    <>
      <NameField draft={draft} error={errorAt('/name')} onChange={onChange} />
      {channel === undefined ? (
        <p
          className={cx(
            'rounded-lg border p-3',
            why === undefined ? 'border-line bg-sunken' : 'border-wait/30 bg-wait-soft',
          )}
        >
          {why ??
            t(
              'It asks you next whether Alfred may show notices. What is sent here is encrypted for this browser alone.',
            )}
        </p>
      ) : (
        <Check
          label={
            isThisBrowser(channel.id)
              ? t('Subscribe this browser anew')
              : t('Show them in this browser instead')
          }
          about={why ?? t('Now they come to {place}.', { place: channel.place })}
          checked={draft.subscribes}
          onChange={(subscribes) => onChange({ ...draft, subscribes: subscribes && why === undefined })}
        />
      )}
    </>
  );
}
