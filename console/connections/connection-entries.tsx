/** The environment or headers of a connection, with the secrets in its address: each kept, entered anew, or removed. */
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { X } from '../ui/icons.tsx';
import { Plus } from '../ui/more-icons.tsx';
import { t } from '../words/t.ts';
import type { Entry } from './connection-draft.ts';
import { SecretInput } from './secret-input.tsx';

export const partWords = {
  env: t('environment'),
  headers: t('header'),
  secrets: t('named in the command or address'),
} as const;

export function Entries({
  entries,
  part,
  errorOf,
  onChange,
}: {
  entries: Entry[];
  part: Entry['part'];
  errorOf(pointer: string): string | undefined;
  onChange(entries: Entry[]): void;
}) {
  const put = (place: number, change: Partial<Entry>) =>
    onChange(entries.map((entry, index) => (index === place ? { ...entry, ...change } : entry)));
  return (
    <fieldset className="space-y-2">
      <legend className="mb-1.5 font-medium">
        {part === 'env' ? t('Environment and secrets') : t('Headers and secrets')}
      </legend>
      {entries.map((entry, place) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: rows keep their places, and new ones have no name yet
          key={place}
          entry={entry}
          part={part}
          error={entry.name === '' ? undefined : errorOf(`/config/${entry.part}/${entry.name}`)}
          onChange={(change) => put(place, change)}
          onRemove={() =>
            entry.kind === 'new'
              ? onChange(entries.filter((_, index) => index !== place))
              : put(place, { isRemoved: true })
          }
        />
      ))}
      <Button
        size="sm"
        icon={<Plus className="size-4" />}
        onClick={() => onChange([...entries, { part, name: '', kind: 'new', value: '', isRemoved: false }])}
      >
        {part === 'env' ? t('Add a variable') : t('Add a header')}
      </Button>
    </fieldset>
  );
}

function Row({
  entry,
  part,
  error,
  onChange,
  onRemove,
}: {
  entry: Entry;
  part: Entry['part'];
  error: string | undefined;
  onChange(change: Partial<Entry>): void;
  onRemove(): void;
}) {
  if (entry.isRemoved) return <Removed name={entry.name} onKeep={() => onChange({ isRemoved: false })} />;
  const name = entry.name === '' ? t('the new one') : entry.name;
  return (
    <div>
      <div className="flex flex-wrap items-center gap-2">
        {entry.kind === 'new' ? (
          <Input
            aria-label={t('Name')}
            placeholder={part === 'env' ? 'API_TOKEN' : 'Authorization'}
            value={entry.name}
            spellCheck={false}
            onChange={({ target }) => onChange({ name: target.value.trim() })}
            className="w-48! font-mono"
          />
        ) : (
          <span className="w-48 font-mono text-[13px] break-all" title={partWords[entry.part]}>
            {entry.name}
          </span>
        )}
        <span className="min-w-40 flex-1">
          {entry.kind === 'plain' ? (
            <Input
              aria-label={t('Value of {name}', { name })}
              value={entry.value}
              onChange={({ target }) => onChange({ value: target.value })}
              className="font-mono"
            />
          ) : (
            <SecretInput
              aria-label={t('Value of {name}', { name })}
              isNew={entry.kind === 'new'}
              value={entry.value}
              onValue={(value) => onChange({ value })}
            />
          )}
        </span>
        <Button look="quiet" size="icon" aria-label={t('Remove {name}', { name })} onClick={onRemove}>
          <X className="size-4" />
        </Button>
      </div>
      {error ? <p className="mt-1 text-[13px] text-bad">{error}</p> : null}
    </div>
  );
}

const Removed = ({ name, onKeep }: { name: string; onKeep(): void }) => (
  <p className="flex items-center gap-3 text-[13px] text-ink-2">
    <s className="font-mono">{name}</s> {t('is removed when you save.')}
    <Button look="quiet" size="sm" onClick={onKeep}>
      {t('Keep it')}
    </Button>
  </p>
);
