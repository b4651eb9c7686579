import '../styles.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from '../api/query-client.ts';
import { applyTheme, readTheme } from '../layout/theme.ts';
import { Toasts } from '../ui/toast.tsx';
import { Gate } from './gate.tsx';

applyTheme(readTheme());

const place = document.getElementById('root');
if (place === null) throw new Error('The page has no #root');
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <Gate />
      <Toasts />
    </QueryClientProvider>
  </StrictMode>,
);
