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
