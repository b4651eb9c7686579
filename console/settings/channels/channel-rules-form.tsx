/** What a channel is told of, when, and how much of it leaves the machine. */
import { useQuery } from '@tanstack/react-query';
import {
  type ContentLevel,
  contentLevelNames,
  contentLevels,
  type NoticeEvent,
  noticeEventNames,
  noticeEvents,
} from '../../../src/contract/channel-kinds.ts';
import type { ChannelRules } from '../../../src/contract/channels.ts';
import { skillsQuery } from '../../api/queries.ts';
import { Field, Input, Select } from '../../ui/field.tsx';
import { t, told } from '../../words/t.ts';
import { Check } from './check.tsx';

type Props = {
  rules: ChannelRules;
  errorAt(field: string): string | undefined;
  onChange(rules: ChannelRules): void;
};

export function ChannelRulesForm({ rules, errorAt, onChange }: Props) {
  const { content, links, quiet, urgent, digestAt } = rules;
  const change = (part: Partial<ChannelRules>) => onChange({ ...rules, ...part });
  return (
    <>
      <Events rules={rules} onChange={change} />
      <Skills rules={rules} onChange={change} />
      <Field label={t('How much leaves the machine')} hint={t('Never a secret of the vault.')}>
        {(props) => (
          <Select
            {...props}
            value={content}
            onChange={({ target }) => change({ content: target.value as ContentLevel })}
          >
            {contentLevelNames.map((level) => (
              <option key={level} value={level}>
                {told(contentLevels[level])}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Check
        label={t('With a link to approve or refuse')}
        about={t('Whoever gets the notice can decide that one call. Leave it out where others read along.')}
        checked={links}
        onChange={(links) => change({ links })}
      />
      <fieldset className="space-y-3">
        <legend className="sr-only">{t('Quiet hours')}</legend>
        <Check
          label={t('Quiet hours')}
          about={t('What happens in them is told at their end, in your time zone.')}
          checked={quiet !== null}
          onChange={(on) => change({ quiet: on ? { from: '22:00', to: '07:00' } : null })}
        />
        {quiet === null ? null : (
          <div className="flex flex-wrap items-end gap-4 pl-6">
            <Hour
              label={t('From')}
              value={quiet.from}
              onChange={(from) => change({ quiet: { ...quiet, from } })}
            />
            <Hour
              label={t('To')}
              value={quiet.to}
              error={errorAt('quiet/to')}
              onChange={(to) => change({ quiet: { ...quiet, to } })}
            />
            <Check
              label={t('Calls that wait come at once')}
              checked={urgent}
              onChange={(urgent) => change({ urgent })}
            />
          </div>
        )}
      </fieldset>
      <fieldset className="space-y-3">
        <legend className="sr-only">{t('Digest')}</legend>
        <Check
          label={t('A digest each day')}
          about={t('What came of the last 24 hours, in one message.')}
          checked={digestAt !== null}
          onChange={(on) => change({ digestAt: on ? '07:30' : null })}
        />
        {digestAt === null ? null : (
          <div className="pl-6">
            <Hour label={t('At')} value={digestAt} onChange={(digestAt) => change({ digestAt })} />
          </div>
        )}
      </fieldset>
    </>
  );
}

function Events({
  rules: { events },
  onChange,
}: {
  rules: ChannelRules;
  onChange(part: Partial<ChannelRules>): void;
}) {
  const turn = (event: NoticeEvent) =>
    onChange({ events: events.includes(event) ? events.filter((one) => one !== event) : [...events, event] });
  return (
    <fieldset className="space-y-1">
      <legend className="mb-1 font-medium">{t('Tell me when')}</legend>
      <div className="grid gap-x-4 gap-y-1 sm:grid-cols-2">
        {noticeEventNames.map((event) => (
          <Check
            key={event}
            label={told(noticeEvents[event])}
            checked={events.includes(event)}
            onChange={() => turn(event)}
          />
        ))}
      </div>
    </fieldset>
  );
}

function Skills({
  rules: { skills },
  onChange,
}: {
  rules: ChannelRules;
  onChange(part: Partial<ChannelRules>): void;
}) {
  const all = useQuery(skillsQuery).data ?? [];
  const turn = (slug: string) => {
    const chosen = skills ?? [];
    const next = chosen.includes(slug) ? chosen.filter((one) => one !== slug) : [...chosen, slug];
    onChange({ skills: next.length === 0 ? null : next });
  };
  if (all.length === 0) return null;
  return (
    <details open={skills !== null} className="rounded-lg border border-line px-3 py-2">
      <summary className="cursor-default font-medium">
        {skills === null
          ? t('Of all skills')
          : t('Of {skills} of {all} skills', { skills: skills.length, all: all.length })}
      </summary>
      <div className="mt-2 grid gap-x-4 gap-y-1 sm:grid-cols-2">
        {all.map(({ slug, name }) => (
          <Check
            key={slug}
            label={name}
            checked={skills?.includes(slug) === true}
            onChange={() => turn(slug)}
          />
        ))}
      </div>
    </details>
  );
}

const Hour = ({
  label,
  value,
  error,
  onChange,
}: {
  label: string;
  value: string;
  error?: string | undefined;
  onChange(value: string): void;
}) => (
  <Field label={label} error={error}>
    {(props) => (
      <Input
        {...props}
        type="time"
        required
        className="w-32"
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    )}
  </Field>
);
