import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';
import { ArrowLeft } from './more-icons.tsx';

const Anchor = ({ children, ...props }: ComponentProps<'a'>) => (
  <a {...props} className="mb-3 inline-flex items-center gap-1.5 text-[13px] text-ink-2 hover:text-ink">
    <ArrowLeft aria-hidden="true" className="size-3.5" /> {children}
  </a>
);

/** The way to the page that this one stands under, above its head. */
export const WayBack = createLink(Anchor);
