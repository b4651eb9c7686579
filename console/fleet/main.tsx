import '../styles.css';
import { showPage } from '../layout/show-page.tsx';
import { Toasts } from '../ui/toast.tsx';
import { Gate } from './gate.tsx';

showPage(
  <>
    <Gate />
    <Toasts />
  </>,
);
