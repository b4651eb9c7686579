import '../styles.css';
import { showPage } from '../layout/show-page.tsx';
import { Toasts } from '../ui/toasts.tsx';
import { Gate } from './gate.tsx';

showPage(
  <>
    <Gate />
    <Toasts />
  </>,
);
