import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from '../api/query-client.ts';
import { applyTheme, readTheme } from './theme.ts';

/** Puts `page` into the document, in the theme that was chosen. @param queries what was read already */
export function showPage(page: ReactNode, queries: QueryClient = createQueryClient()): void {
  applyTheme(readTheme());
  const place = document.getElementById('root');
  if (place === null) throw new Error('The page has no #root');
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queries}>{page}</QueryClientProvider>
    </StrictMode>,
  );
}
