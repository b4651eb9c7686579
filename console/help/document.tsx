/** One document, a section at a time. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import Markdown, { type Components } from 'react-markdown';
import gfm from 'remark-gfm';
import { buttonClass } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Empty, PageHead, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { proseParts } from '../ui/prose.tsx';
import { WayBack } from '../ui/way-back.tsx';
import { t } from '../words/t.ts';
import { type DocumentName, documents, isDocument, readDocument } from './documents.ts';
import { sectionsOf, targetOf } from './sections.ts';

const route = getRouteApi('/help/$document');

export function DocumentPage() {
  const { document } = route.useParams();
  if (isDocument(document)) return <DocumentView name={document} />;
  return (
    <Empty
      title={t('There is no such document')}
      isPage
      action={
        <Link to="/help" className={buttonClass()}>
          {t('All documents')}
        </Link>
      }
    >
      {t('It may have another name in this version.')}
    </Empty>
  );
}

function DocumentView({ name }: { name: DocumentName }) {
  const { section } = route.useSearch();
  const text = useQuery({
    queryKey: ['documents', name],
    queryFn: () => readDocument(name),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const sections = useMemo(() => sectionsOf(text.data ?? ''), [text.data]);
  const shown = sections.find(({ id }) => id === section) ?? sections[0];
  return (
    <>
      <WayBack to="/help">{t('Help')}</WayBack>
      <PageHead title={documents[name].title} />
      {text.isPending ? <SkeletonRows /> : null}
      {text.error ? <ProblemNote error={text.error} /> : null}
      <div className="gap-8 lg:grid lg:grid-cols-[12rem_minmax(0,48rem)]">
        <nav
          aria-label={t('Sections')}
          className="mb-5 flex max-h-40 flex-wrap gap-x-1 overflow-y-auto lg:sticky lg:top-8 lg:max-h-[calc(100dvh-4rem)] lg:flex-col lg:flex-nowrap lg:self-start"
        >
          {sections.map(({ id, title }) => (
            <Link
              key={id}
              to="/help/$document"
              params={{ document: name }}
              search={{ section: id }}
              aria-current={id === shown?.id ? 'page' : undefined}
              className={cx(
                'rounded-md px-2 py-1 text-[13px] hover:bg-hover',
                id === shown?.id ? 'bg-hover font-medium' : 'text-ink-2',
              )}
            >
              {title}
            </Link>
          ))}
        </nav>
        {shown === undefined ? null : (
          <article className="min-w-0 space-y-3 leading-relaxed break-words">
            <h2 className="text-[15px] font-semibold">{shown.title}</h2>
            <Markdown remarkPlugins={[gfm]} components={partsOf(name)} skipHtml urlTransform={(href) => href}>
              {shown.text}
            </Markdown>
          </article>
        )}
      </div>
    </>
  );
}

/** Our own text: its links lead somewhere, and its headings are headings. */
const partsOf = (here: string): Components => ({
  ...proseParts,
  h3: ({ children }) => <h3 className="pt-2 font-semibold">{children}</h3>,
  h4: ({ children }) => <h4 className="pt-1 font-medium">{children}</h4>,
  a: ({ href = '', children }) => {
    const look = 'font-medium text-accent hover:underline';
    const target = targetOf(href, here);
    // What is in the repository alone.
    if (target === undefined || ('document' in target && !isDocument(target.document)))
      return <span>{children}</span>;
    if ('href' in target) {
      return (
        <a href={target.href} target="_blank" rel="noreferrer" className={look}>
          {children}
        </a>
      );
    }
    const { document, section } = target;
    return (
      <Link
        to="/help/$document"
        params={{ document }}
        search={section === undefined ? {} : { section }}
        className={look}
      >
        {children}
      </Link>
    );
  },
});
