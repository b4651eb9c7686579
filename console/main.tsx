import './styles.css';
import { RouterProvider } from '@tanstack/react-router';
import { sessionQuery } from './api/queries.ts';
import { createQueryClient } from './api/query-client.ts';
import { bringHome } from './home/home.tsx';
import { showPage } from './layout/show-page.tsx';
import { router } from './router.tsx';
import { followBy } from './ui/go-to.tsx';

/** The frame that stands in the document is kept no longer than this for what the page shows: then the page says what it waits for. */
const longestMs = 2000;

const queries = createQueryClient();

/** Nothing of this module may be waited for as it is read: the code of pages imports what is read with it, and would wait for it in turn. */
async function begin(): Promise<void> {
  // From a link in a notice: who has it need not be signed in, and is shown that one call alone.
  if (location.pathname === '/approve') {
    const { LinkedApprovalPage } = await import('./executions/linked-approval.tsx');
    showPage(<LinkedApprovalPage />, queries);
    return;
  }
  followBy((to) => void router.navigate({ to }));
  // The frame: its place is taken by the whole page at once.
  if (document.getElementById('root')?.hasChildNodes()) await Promise.race([readFirst(), longest()]);
  showPage(<RouterProvider router={router} />, queries);
}

/** Who is signed in, the code of the page, and of Home what it shows. */
async function readFirst(): Promise<void> {
  await Promise.all([
    queries.prefetchQuery(sessionQuery),
    router.load(),
    ...(location.pathname === '/' ? [bringHome(queries)] : []),
  ]);
  // It was read for what is shown now, and is not read again for it.
  for (const { queryKey, state } of queries.getQueryCache().getAll())
    if (state.data !== undefined) queries.setQueryData(queryKey, state.data);
}

function longest(): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve, longestMs));
}

void begin();
