import type pg from 'pg';
import type { ExecutionFilter } from '../contract/executions.ts';
import type { Database } from '../database/client.ts';
import { storableText } from '../database/storable.ts';
import type { Place } from './execution-cursor.ts';
import { type ListedRow, listedColumns } from './listed-row.ts';
import { readPatiently } from './patient-read.ts';
import { anyOf, parseSearch, type TypedSearch } from './search-query.ts';
import { costWords, searchWindows } from './search-windows.ts';

export type Filter = Omit<ExecutionFilter, 'since'>;

/**
 * The newest finished executions that fit: one index for words and filters alike, asked for one stretch of time after the
 * other until the page is full.
 *
 * @param before only what comes behind this place
 * @throws AlfredError E_VALIDATION for a search that takes too long
 */
export async function searchExecutions(
  { db }: { db: Pick<Database, 'pool'> },
  filter: Filter,
  { before, limit }: { before: Place; limit: number },
): Promise<ListedRow[]> {
  const { oldest, newest, words } = await readFrame(db, filter.q);
  if (words === '' || oldest === null || newest === null) return [];
  const since = Math.max(oldest.getTime(), filter.from === undefined ? 0 : Date.parse(filter.from));
  const until = Math.min(
    newest.getTime() + 1,
    before.createdAt.getTime() + 1,
    filter.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(filter.to),
  );
  const windows = [...searchWindows(since, until)];
  const values = [
    [...facetsOf(filter), ...(words === undefined ? [] : [`(${words})`])].join(' & '),
    windows.map((window) => anyOf(window.words)),
    windows.map(({ length }) => length),
    windows.map(({ from }) => new Date(Math.max(from, since))),
    ...[new Date(since), new Date(until), before.createdAt, before.id],
    ...[filter.minCostUsd ?? null, filter.maxCostUsd ?? null, limit],
  ];
  const readPage = async (client: Pick<pg.ClientBase, 'query'>) =>
    (await client.query<ListedRow>({ ...pageQuery, values })).rows;
  // Phrases alone are looked up in the texts themselves.
  if (words?.includes('<') !== true) return readPage(db.pool);
  return await readPatiently({ db }, readPage);
}

const pageQuery = {
  name: 'alfred-search-executions',
  text: `SELECT ${listedColumns}
    FROM search_executions($1::tsquery, $2::tsquery[], $3, $4, $5, $6, $7, $8, $9, $10, $11)
    JOIN executions ON id = found_id ORDER BY created_at DESC, id DESC`,
};

const facetsOf = (filter: Filter): string[] => [
  ...(['status', 'mode', 'trigger', 'skill'] as const).flatMap((name) =>
    filter[name] === undefined ? [] : [anyOf([`=${name}:${filter[name]}`])],
  ),
  // Beside the two that it is made of: it is far rarer than each, and the index goes by the rarest.
  ...(filter.skill === undefined || filter.status === undefined
    ? []
    : [anyOf([`=skill-status:${filter.status}:${filter.skill}`])]),
  ...(filter.minCostUsd === undefined && filter.maxCostUsd === undefined
    ? []
    : [anyOf(costWords(filter.minCostUsd, filter.maxCostUsd))]),
];

type Frame = { oldest: Date | null; newest: Date | null; words: string | undefined };

/** Between which times there are executions, and `q` as a tsquery: empty when nothing in it is a word. */
async function readFrame(db: Pick<Database, 'pool'>, q: string | undefined): Promise<Frame> {
  const alternatives = parseSearch(storableText(q ?? ''));
  const { rows } = await db.pool.query<
    Pick<Frame, 'oldest' | 'newest'> & { texts: string[] | null; beginnings: string[] | null }
  >({
    name: 'alfred-search-frame',
    text: `SELECT (SELECT min(created_at) FROM executions) AS oldest, (SELECT max(created_at) FROM executions) AS newest,
        (SELECT array_agg(websearch_to_tsquery('pg_catalog.simple', typed)::text ORDER BY place)
          FROM unnest($1::text[]) WITH ORDINALITY AS one (typed, place)) AS texts,
        (SELECT array_agg(to_tsquery('pg_catalog.simple', typed)::text ORDER BY place)
          FROM unnest($2::text[]) WITH ORDINALITY AS one (typed, place)) AS beginnings`,
    values: [
      alternatives.flatMap(({ texts }) => texts.flat()),
      alternatives.flatMap(({ beginnings }) => beginnings),
    ],
  });
  const { oldest = null, newest = null, texts, beginnings } = rows[0] ?? {};
  if (q === undefined) return { oldest, newest, words: undefined };
  return {
    oldest,
    newest,
    words: wordsOf(alternatives, { texts: texts ?? [], beginnings: beginnings ?? [] }),
  };
}

/** What was typed, as a tsquery: empty when nothing in it is a word; undefined where nothing was. */
export const wordsIn = async (
  db: Pick<Database, 'pool'>,
  q: string | undefined,
): Promise<string | undefined> => (q === undefined ? undefined : (await readFrame(db, q)).words);

/** @param read what each text and beginning became, in their order; empty where nothing in it is a word */
function wordsOf(
  alternatives: readonly TypedSearch[],
  read: { texts: readonly string[]; beginnings: readonly string[] },
): string {
  const [texts, beginnings] = [read.texts.values(), read.beginnings.values()];
  const next = (left: ArrayIterator<string>): string[] =>
    [left.next().value ?? ''].filter((one) => one !== '');
  const known = alternatives.flatMap((search) => {
    const parts = search.texts.flatMap((forms) => {
      const found = forms.flatMap(() => next(texts));
      return found.length === 0 ? [] : [found.map((form) => `(${form})`).join(' | ')];
    });
    const all = [...parts, ...search.beginnings.flatMap(() => next(beginnings)), ...search.letters];
    return all.length === 0 ? [] : [all.map((part) => `(${part})`).join(' & ')];
  });
  return known.map((one) => `(${one})`).join(' | ');
}
