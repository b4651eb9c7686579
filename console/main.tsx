import './styles.css';
import { RouterProvider } from '@tanstack/react-router';
import { showPage } from './layout/show-page.tsx';
import { router } from './router.tsx';

showPage(<RouterProvider router={router} />);
