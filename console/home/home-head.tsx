import { Link } from '@tanstack/react-router';
import { buttonClass } from '../ui/button.tsx';
import { MessageCircle } from '../ui/icons.tsx';
import { PageHead } from '../ui/panel.tsx';
import { t } from '../words/t.ts';
import { greeting } from './greeting.ts';

/** @param props.lead how the day went so far, once that is known */
export const HomeHead = ({ hour, lead = ' ' }: { hour: number; lead?: string }) => (
  <PageHead
    title={greeting(hour)}
    lead={lead}
    actions={
      <Link to="/chat" className={buttonClass('plain')}>
        <MessageCircle aria-hidden="true" className="size-4" /> {t('Talk with Alfred')}
      </Link>
    }
  />
);
