/** What many people want, to be found by its name or by what it does. Choosing one fills in what one would paste. */
import { useState } from 'react';
import { SearchInput } from '../ui/search-input.tsx';
import { t } from '../words/t.ts';
import { type CatalogueEntry, catalogue } from './catalogue.ts';

const all = catalogue.flatMap(({ entries }) => entries);

const entriesLike = (text: string): CatalogueEntry[] => {
  const wanted = text.trim().toLowerCase();
  return all.filter(({ name, what }) => `${name}\n${what}`.toLowerCase().includes(wanted));
};

type Choice = { chosen: CatalogueEntry | undefined; onChoose(entry: CatalogueEntry): void };

export function CataloguePicker(choice: Choice) {
  const [text, setText] = useState('');
  const found = text.trim() === '' ? undefined : entriesLike(text);
  return (
    <div className="space-y-5">
      <div className="space-y-2">
        <h2 className="text-[15px] font-semibold">{t('Or choose one that was tried')}</h2>
        <SearchInput label={t('Find one of {all}', { all: all.length })} text={text} onText={setText} />
      </div>
      {found === undefined
        ? catalogue.map(({ title, entries }) => (
            <section key={title} aria-label={title} className="space-y-2">
              <h3 className="text-[13px] font-medium text-ink-2">{title}</h3>
              <Entries entries={entries} {...choice} />
            </section>
          ))
        : null}
      {found !== undefined && found.length > 0 ? <Entries entries={found} {...choice} /> : null}
      {found?.length === 0 ? (
        <p className="text-ink-2">
          {t('None of that name. Any MCP server and any API with an OpenAPI document can be pasted above.')}
        </p>
      ) : null}
    </div>
  );
}

const Entries = ({ entries, chosen, onChoose }: Choice & { entries: readonly CatalogueEntry[] }) => (
  <ul className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
    {entries.map((entry) => (
      <li key={entry.name}>
        <button
          type="button"
          aria-pressed={entry === chosen}
          onClick={() => onChoose(entry)}
          className="flex h-full w-full flex-col items-start rounded-lg border border-line bg-surface px-3.5 py-2.5 text-left hover:border-line-strong aria-pressed:border-accent"
        >
          <span className="block font-medium">{entry.name}</span>
          <span className="block text-[13px] text-ink-2">{entry.what}</span>
        </button>
      </li>
    ))}
  </ul>
);

/** What the owner of a connection is to know before it is made. */
export const CatalogueFacts = ({ entry: { name, facts } }: { entry: CatalogueEntry }) =>
  facts === undefined ? null : (
    <section
      aria-label={t('About {name}', { name })}
      className="rounded-lg border border-line bg-sunken px-4 py-3"
    >
      <dl className="grid gap-x-4 gap-y-1.5 sm:grid-cols-[6rem_1fr]">
        <Fact term={t('It needs')} text={facts.needs ?? t('Nothing of yours.')} />
        <Fact term={t('It may')} text={facts.may} />
        {facts.know === undefined ? null : <Fact term={t('To know')} text={facts.know} />}
      </dl>
    </section>
  );

const Fact = ({ term, text }: { term: string; text: string }) => (
  <>
    <dt className="text-[13px] text-ink-2 sm:pt-px">{term}</dt>
    <dd className="wrap-anywhere">{text}</dd>
  </>
);
