import './styles.css';
import { RouterProvider } from '@tanstack/react-router';
import { showPage } from './layout/show-page.tsx';
import { router } from './router.tsx';
import { followBy } from './ui/go-to.tsx';

followBy((to) => void router.navigate({ to }));
showPage(<RouterProvider router={router} />);
