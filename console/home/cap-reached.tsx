/** That a cap on everything is reached: by what was spent, or by what is set aside for calls that go on. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { rich } from '../words/t.ts';

export const CapReached = ({ isSpent, isDay }: { isSpent: boolean; isDay: boolean }) => (
  <p className={isSpent ? 'text-[13px] text-bad' : 'text-[13px] text-wait'}>
    {isSpent
      ? isDay
        ? rich('The cap is used up: nothing more runs today. <link>Raise it</link>', { link: raise })
        : rich('The cap is used up: nothing more runs this month. <link>Raise it</link>', { link: raise })
      : rich('What is left of it is set aside for runs under way. <link>Raise it</link>', { link: raise })}
  </p>
);

const raise = (words: ReactNode) => (
  <Link to="/settings" hash="spending" className="font-medium underline underline-offset-2">
    {words}
  </Link>
);
