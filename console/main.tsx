import './styles.css';
import { RouterProvider } from '@tanstack/react-router';
import { showPage } from './layout/show-page.tsx';
import { router } from './router.tsx';
import { followBy } from './ui/go-to.tsx';

// From a link in a notice: who has it need not be signed in, and is shown that one call alone.
if (location.pathname === '/approve') {
  const { LinkedApprovalPage } = await import('./executions/linked-approval.tsx');
  showPage(<LinkedApprovalPage />);
} else {
  followBy((to) => void router.navigate({ to }));
  showPage(<RouterProvider router={router} />);
}
