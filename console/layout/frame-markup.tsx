/**
 * The frame of the console as markup, drawn when the console is built (scripts/standing-frame.ts): it stands in the document, so that a
 * browser shows it before the script has come. It is made of the parts that the script draws, and so looks as they do.
 */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterContextProvider,
} from '@tanstack/react-router';
import { renderToStaticMarkup } from 'react-dom/server';
import { sessionKey } from '../api/query-client.ts';
import { greeting } from '../home/greeting.ts';
import { HomeHead } from '../home/home-head.tsx';
import { Button } from '../ui/button.tsx';
import { t } from '../words/t.ts';
import { Around } from './around.tsx';

const hours = Array.from({ length: 24 }, (_, hour) => hour);

/** What Home says at each hour. */
export const greetings = hours.map(greeting);

export function frameMarkup(): string {
  const router = createRouter({
    routeTree: createRootRoute(),
    // No place of the console: none of the links is where one is.
    history: createMemoryHistory({ initialEntries: ['/-'] }),
  });
  const queries = new QueryClient();
  queries.setQueryData(sessionKey, { kind: 'session' });
  return renderToStaticMarkup(
    <QueryClientProvider client={queries}>
      <RouterContextProvider router={router}>
        <Around waiting={0} onSearch={() => {}}>
          <HomeHead hour={0} />
        </Around>
      </RouterContextProvider>
    </QueryClientProvider>,
  );
}

/** What is said where the console's script does not come. */
export const lostMarkup = (): string =>
  renderToStaticMarkup(
    <div role="alert" className="m-4 max-w-xl rounded-xl border border-wait/40 bg-wait-soft px-4 py-3">
      <p className="font-medium text-wait">{t('The console did not come.')}</p>
      <p className="mb-3 text-ink-2">
        {t(
          'Your VM does not answer, is being updated, or this device is offline. Nothing is lost: what Alfred does goes on without this page.',
        )}
      </p>
      <Button>{t('Load the page anew')}</Button>
    </div>,
  );
